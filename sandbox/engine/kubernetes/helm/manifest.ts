import { parse } from "yaml";
import type { Props, Value } from "../../kit/types.ts";
import { asProps, idOf, textAt } from "../object.ts";

/** Identity of each object of a rendered chart: apiVersion, kind, metadata. */
export function manifestObjects(manifest: string): Props[] {
    return manifest
        .split(/^---\s*$/m)
        .map(identity)
        .filter((object) => textAt(object, "kind") !== "");
}

/** Names of the objects by `<Kind>.<group>/<apiVersion>`, as the official provider's `resourceNames`. */
export function resourceNames(objects: Props[]): Props {
    const names: Record<string, string[]> = {};
    for (const object of objects) {
        const apiVersion = textAt(object, "apiVersion");
        const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0] ?? ""}` : "";
        (names[`${textAt(object, "kind")}${group}/${apiVersion}`] ??= []).push(idOf(object));
    }
    return Object.fromEntries(Object.entries(names).map(([key, list]) => [key, list.toSorted()]));
}

/**
 * Only the lines that say who the object is are parsed: charts carry CRDs of a megabyte,
 * and parsing those whole takes seconds.
 */
function identity(document: string): Props {
    const lines = document.split("\n");
    const wanted: string[] = [];
    let inside = false;
    for (const line of lines) {
        if (/^\S/.test(line) && !line.startsWith("#")) {
            inside = /^(apiVersion|kind|metadata)\s*:/.test(line);
        }
        if (inside) {
            wanted.push(line);
        }
    }
    const text = wanted.length > 0 ? wanted.join("\n") : document;
    return asProps((parse(text) ?? {}) as Value) ?? {};
}
