/*
 * Patterns of IAM: `*` is any number of characters, `?` exactly one. Two questions are asked of them that a plain match
 * cannot answer, because both sides may hold wildcards.
 */

/** Whether a text matches a pattern. */
export function matches(pattern: string, text: string): boolean {
    return within(text.replace(/[*?]/g, "\u0000"), pattern);
}

/**
 * Whether everything that `inner` matches, `outer` matches too. Never says yes wrongly; says no for a few patterns that
 * only a longer proof would admit, such as `**` inside `*?`.
 */
export function within(inner: string, outer: string): boolean {
    return walk(
        inner,
        outer,
        (character, wanted) => (wanted === "?" ? character !== "*" : character === wanted),
        false,
    );
}

/** Whether some text matches both. */
export function overlap(left: string, right: string): boolean {
    return walk(left, right, (a, b) => a === b || a === "?" || b === "?", true);
}

/**
 * Walks both patterns at once.
 * @param both whether a `*` on the left may stand for several characters of the right as well
 */
function walk(left: string, right: string, fits: (a: string, b: string) => boolean, both: boolean): boolean {
    const seen = new Map<number, boolean>();
    const from = (i: number, j: number): boolean => {
        const key = i * (right.length + 1) + j;
        const known = seen.get(key);
        if (known !== undefined) {
            return known;
        }
        const answer = step(i, j);
        seen.set(key, answer);
        return answer;
    };
    const step = (i: number, j: number): boolean => {
        const [a, b] = [left[i], right[j]];
        if (a === undefined && b === undefined) {
            return true;
        }
        if (b === "*" && (from(i, j + 1) || (a !== undefined && from(i + 1, j)))) {
            return true;
        }
        if (both && a === "*" && (from(i + 1, j) || (b !== undefined && from(i, j + 1)))) {
            return true;
        }
        return (
            a !== undefined && b !== undefined && b !== "*" && !(both && a === "*") && fits(a, b) && from(i + 1, j + 1)
        );
    };
    return from(0, 0);
}

/** Whether a pattern has a wildcard. A policy variable stands for anything. */
export function isOpen(pattern: string): boolean {
    return /[*?]|\$\{/.test(pattern);
}

/** A value of a policy with its variables as wildcards: what a caller could make of it. */
export function widest(value: string): string {
    return value.replace(/\$\{[^}]*\}/g, "*");
}
