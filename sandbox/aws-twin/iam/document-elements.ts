/** The values of exactly one of an element and its opposite. */
export function oneOf(
    entry: Record<string, unknown>,
    name: string,
    opposite: string,
): { not: boolean; values: string[] } {
    const not = entry[opposite] !== undefined;
    if (not === (entry[name] !== undefined)) throw new Error(`needs exactly one of ${name} and ${opposite}`);
    return { not, values: stringList(entry[not ? opposite : name], not ? opposite : name) };
}

/** A string or a list of them, as a list. */
export function stringList(value: unknown, element: string): string[] {
    const list: unknown[] = Array.isArray(value) ? value : [value];
    if (list.length === 0) throw new Error(`${element} is an empty list`);
    return list.map((item) => {
        if (typeof item !== "string")
            throw new Error(`${element} holds ${JSON.stringify(item)}, which is not a string`);
        return item;
    });
}

/** Calls `fail` with a message that names the first element that is not in `known`. */
export function requireKnown(
    object: Record<string, unknown>,
    known: readonly string[],
    fail: (problem: string) => void,
): void {
    const unknown = Object.keys(object).find((element) => !known.includes(element));
    if (unknown !== undefined) fail(`element "${unknown}" is not supported here (supported: ${known.join(", ")})`);
}

/** A JSON object, not a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
