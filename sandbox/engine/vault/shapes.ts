import type { CheckFailure, Props, Value } from "../kit/types.ts";
import { UNKNOWN } from "../kit/types.ts";
import { sameValue } from "../kit/values.ts";

/** Type of an input. A `set` is a list whose order means nothing, a `json` a string whose spacing means nothing. */
type Kind = "boolean" | "json" | "list" | "map" | "number" | "refused" | "set" | "string";

export interface Input {
    kind: Kind;
    required?: true;
    /** A change means a new resource. */
    replace?: true;
}
export type Inputs = Readonly<Record<string, Input>>;

/** Inputs that only Vault Enterprise or write-only arguments give a meaning. */
export const refused: Input = { kind: "refused" };

/** Every input that is unknown, missing, not supported or of the wrong type. Values are never part of a message. */
export function checkInputs(type: string, given: Props, inputs: Inputs): CheckFailure[] {
    const wrong = Object.entries(given).flatMap(([property, value]) => {
        const reason = problem(type, property, value, inputs);
        return reason === undefined ? [] : [{ property, reason }];
    });
    const absent = Object.keys(inputs)
        .filter((property) => inputs[property]?.required && (given[property] ?? "") === "")
        .map((property) => ({ property, reason: `"${property}" of ${type} is needed` }));
    return [...wrong, ...absent];
}

/** Inputs that differ in what they mean. */
export function changedInputs(before: Props, after: Props, inputs: Inputs): string[] {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.filter((key) => {
        const kind = inputs[key]?.kind ?? "string";
        return !sameValue(meaning(before[key], kind), meaning(after[key], kind));
    });
}

function problem(type: string, property: string, value: Value, inputs: Inputs): string | undefined {
    const kind = inputs[property]?.kind;
    if (kind === undefined) {
        const known = Object.keys(inputs).filter((key) => inputs[key]?.kind !== "refused");
        return `"${property}" is not an input of ${type}; supported: ${known.join(", ")}`;
    }
    if (value === UNKNOWN || value === null) {
        return undefined;
    }
    if (kind === "refused") {
        return `"${property}" of ${type} is not supported by the sandbox's vault provider`;
    }
    return matches(value, kind) ? undefined : `"${property}" of ${type} must be ${description(kind)}`;
}

function matches(value: Value, kind: Kind): boolean {
    switch (kind) {
        case "list":
        case "set":
            return Array.isArray(value) && value.every((item) => typeof item === "string" || item === UNKNOWN);
        case "map":
            return typeof value === "object" && value !== null && !Array.isArray(value);
        case "json":
            return typeof value === "string" && isPlainObject(parseJson(value));
        default:
            return typeof value === kind;
    }
}

function description(kind: Kind): string {
    const words: Partial<Record<Kind, string>> = {
        json: "the JSON text of an object",
        list: "a list of strings",
        map: "an object",
        set: "a list of strings",
    };
    return words[kind] ?? `a ${kind}`;
}

function meaning(value: Value | undefined, kind: Kind): Value | undefined {
    if (kind === "set" && Array.isArray(value)) {
        return value.every((item) => typeof item === "string") ? value.toSorted((a, b) => a.localeCompare(b)) : value;
    }
    return kind === "json" && typeof value === "string" ? parseJson(value) : value;
}

function parseJson(text: string): Value | undefined {
    try {
        return JSON.parse(text) as Value;
    } catch {
        return undefined;
    }
}

function isPlainObject(value: Value | undefined): boolean {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
