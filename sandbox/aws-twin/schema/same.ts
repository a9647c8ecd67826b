import { UNKNOWN, type Value } from "../../engine/kit/types.ts";
import type { Field } from "./field.ts";

/** JSON with its keys sorted at every level. */
export function canonicalJson(value: unknown): string {
    return JSON.stringify(value, (_, item: unknown) =>
        typeof item === "object" && item !== null && !Array.isArray(item)
            ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
            : item,
    );
}

/** Whether two values of a field mean the same to AWS: sets without order, JSON documents by content. */
export function sameField(field: Field, before: Value | undefined, after: Value | undefined): boolean {
    if (before === UNKNOWN || after === UNKNOWN) return before === after;
    return canonicalJson(meaning(field, before)) === canonicalJson(meaning(field, after));
}

/** Whether the change from `before` to `after` makes a new resource; the values differ. */
export function forcesReplacement(field: Field, before: Value | undefined, after: Value | undefined): boolean {
    if (field.replaces === true) return true;
    if (field.replaces !== undefined) return field.replaces(before, after);
    if (field.kind !== "object" || after === UNKNOWN) return false;
    return Object.entries(field.fields).some(([name, inner]) => {
        const old = member(before, name);
        const next = member(after, name);
        return !sameField(inner, old, next) && forcesReplacement(inner, old, next);
    });
}

function member(value: Value | undefined, name: string): Value | undefined {
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value[name] : undefined;
}

function meaning(field: Field, value: Value | undefined): unknown {
    if (value === undefined || value === null) return undefined;
    if (value === UNKNOWN) return "<unknown>";
    switch (field.kind) {
        case "string":
            return field.json && typeof value === "string" ? document(value) : value;
        case "list": {
            const items = Array.isArray(value) ? value.map((item) => meaning(field.of, item)) : [value];
            return field.set ? items.map(canonicalJson).toSorted() : items;
        }
        case "map":
        case "object":
            return typeof value === "object" && !Array.isArray(value)
                ? Object.fromEntries(
                      Object.entries(value).map(([key, item]) => [
                          key,
                          meaning(field.kind === "map" ? field.of : (field.fields[key] ?? { kind: "string" }), item),
                      ]),
                  )
                : value;
        default:
            return value;
    }
}

function document(value: string): unknown {
    try {
        return JSON.parse(value);
    } catch {
        return value;
    }
}
