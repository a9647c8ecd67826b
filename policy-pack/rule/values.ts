/*
 * Properties come from the wire and may be of any form: what a rule does not understand it must not crash on. Reading
 * an unknown value still ends the judgement, because these functions touch what they return.
 */

/** A map's entries; none when it is no map. */
export function map(value: unknown): Record<string, any> {
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/** A list's items, every one looked at; a single value is a list of one, and none at all an empty one. */
export function list(value: unknown): unknown[] {
    return value === undefined || value === null ? [] : Array.isArray(value) ? [...(value as unknown[])] : [value];
}

/** The items of a list that are text. */
export function texts(value: unknown): string[] {
    return list(value).filter((item) => typeof item === "string");
}

/** Text, or "" when it is none. */
export function text(value: unknown): string {
    return typeof value === "string" ? value : "";
}

/** Whether a flag is on. Some properties of the AWS provider hold it as text. */
export function isOn(value: unknown): boolean {
    return value === true || value === "true";
}

/** A number, also one that is held as text; undefined when it is none. */
export function number(value: unknown): number | undefined {
    const parsed = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof parsed === "number" && Number.isFinite(parsed) ? parsed : undefined;
}

/** What JSON says, or what is there already when it is no text; undefined when the text is no JSON. */
export function fromJson(value: unknown): unknown {
    if (typeof value !== "string") {
        return value;
    }
    try {
        return JSON.parse(value);
    } catch {
        return undefined;
    }
}

/** How a message shows a value: short, and on one line. Texts are shown whole or not at all, so that none hides a secret. */
export function shown(value: unknown): string {
    const whole = JSON.stringify(value) ?? "nothing";
    if (whole.length <= 120) {
        return whole;
    }
    return Array.isArray(value) ? `a list of ${value.length}` : `a ${typeof value} of ${whole.length} characters`;
}
