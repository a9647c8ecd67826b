/** A wildcard pattern in pieces: text that stands for itself, and `*` or `?` as wildcards. */
export type PatternPart = { literal: string } | { wildcard: "*" | "?" };

/** Splits text in which every `*` and `?` is a wildcard. */
export function wildcardParts(text: string): PatternPart[] {
    return text
        .split(/([*?])/)
        .filter((piece) => piece !== "")
        .map((piece) => (piece === "*" || piece === "?" ? { wildcard: piece } : { literal: piece }));
}

/** Whether the whole of `value` matches: `*` is any number of characters, `?` exactly one. */
export function matchesPattern(parts: readonly PatternPart[], value: string, ignoreCase = false): boolean {
    const source = parts
        .map((part) => {
            if ("literal" in part) return part.literal.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
            return part.wildcard === "*" ? "[^]*" : "[^]";
        })
        .join("");
    return new RegExp(`^${source}$`, ignoreCase ? "iu" : "u").test(value);
}

/** Actions compare without case, and `*` and `?` are wildcards in the policy's side. */
export function matchesAction(pattern: string, action: string): boolean {
    return matchesPattern(wildcardParts(pattern), action, true);
}

/**
 * Compares two ARNs segment by segment: a wildcard stays inside its segment, except in the sixth, which runs to the
 * end. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesArn(pattern: readonly PatternPart[], arn: string): boolean {
    const wanted = splitArn(pattern);
    const got = arn.split(":");
    if (wanted === undefined || got.length < 6) return false;
    const segments = [...got.slice(0, 5), got.slice(5).join(":")];
    return segments.every((segment, index) => matchesPattern(wanted[index] ?? [], segment));
}

/** The six segments of an ARN pattern; undefined if it has fewer. */
function splitArn(parts: readonly PatternPart[]): PatternPart[][] | undefined {
    const segments: PatternPart[][] = [[]];
    for (const part of parts) {
        if ("wildcard" in part) {
            segments.at(-1)?.push(part);
            continue;
        }
        let rest = part.literal;
        while (segments.length < 6 && rest.includes(":")) {
            const colon = rest.indexOf(":");
            segments.at(-1)?.push({ literal: rest.slice(0, colon) });
            segments.push([]);
            rest = rest.slice(colon + 1);
        }
        segments.at(-1)?.push({ literal: rest });
    }
    return segments.length === 6 ? segments : undefined;
}
