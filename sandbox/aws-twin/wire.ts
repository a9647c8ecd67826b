import { UNKNOWN } from "../engine/kit/types.ts";

const UNKNOWN_KEY = "$unknown";
const BYTES_KEY = "$bytes";

/** JSON in which a value that is not known is `{"$unknown":true}` and bytes are `{"$bytes":"<base64>"}`. */
export function toWire(value: unknown): string {
    return JSON.stringify(value, (_, item: unknown) => {
        if (item === UNKNOWN) return { [UNKNOWN_KEY]: true };
        return item;
    });
}

/** The inverse of {@link toWire}. */
export function fromWire(text: string): unknown {
    return JSON.parse(text, (_, item: unknown) => {
        if (typeof item !== "object" || item === null) return item;
        if (UNKNOWN_KEY in item) return UNKNOWN;
        if (BYTES_KEY in item) return Buffer.from(String(item[BYTES_KEY]), "base64");
        return item;
    });
}

/** Bytes in the form {@link fromWire} reads. */
export function wireBytes(bytes: Uint8Array): Record<string, string> {
    return { [BYTES_KEY]: Buffer.from(bytes).toString("base64") };
}
