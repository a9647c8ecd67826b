import type { Props, Value } from "../kit/types.ts";
import { sameValue } from "../kit/values.ts";
import { asProps, textAt } from "./object.ts";

/**
 * The inputs as they stand in the cluster: what someone changed since the last deployment replaces the
 * program's value, so that the next diff shows it. Compared are two answers of the API server, never the
 * program's spelling with the server's ("1000m" and "1"). Fields the program does not set are not drift.
 */
export function driftedInputs(oldInputs: Props, oldLive: Props, live: Props): Props {
    const inputs = merge(oldInputs, oldLive, live) as Props;
    const stringData = asProps(oldInputs["stringData"]);
    return stringData === undefined || textAt(live, "kind") !== "Secret"
        ? inputs
        : { ...inputs, stringData: driftedStringData(stringData, asProps(oldLive["data"]), asProps(live["data"])) };
}

function merge(input: Value, before: Value | undefined, now: Value | undefined): Value | undefined {
    if (sameValue(before, now)) {
        return input;
    }
    if (Array.isArray(input) && Array.isArray(now) && input.length === now.length) {
        const old = Array.isArray(before) ? before : [];
        return input.map((item, index) => merge(item, old[index], now[index]) ?? null);
    }
    const [inputObject, nowObject] = [asProps(input), asProps(now)];
    if (inputObject === undefined || nowObject === undefined) {
        return now;
    }
    const old = asProps(before);
    const merged = Object.entries(inputObject)
        .map(([key, value]) => [key, merge(value, old?.[key], nowObject[key])] as const)
        .filter(([, value]) => value !== undefined);
    return Object.fromEntries(merged) as Props;
}

/** The server keeps `stringData` as base64 in `data` only. */
function driftedStringData(stringData: Props, before: Props | undefined, now: Props | undefined): Props {
    const kept = Object.entries(stringData).flatMap(([key, value]) => {
        const current = now?.[key];
        if (sameValue(before?.[key], current)) {
            return [[key, value] as const];
        }
        return typeof current === "string" ? [[key, Buffer.from(current, "base64").toString()] as const] : [];
    });
    return Object.fromEntries(kept);
}
