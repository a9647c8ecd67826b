/** `major.minor.patch` of a release; undefined for a pre-release or anything else. */
export function parseRelease(text: string): readonly [number, number, number] | undefined {
    const match = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(text.trim());
    return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

/** Negative, zero or positive, as `a` is older than, equal to or newer than `b`. Throws on what is not a release. */
export function compareReleases(a: string, b: string): number {
    const right = release(b);
    for (const [index, part] of release(a).entries()) {
        const difference = part - (right[index] ?? 0);
        if (difference !== 0) {
            return difference;
        }
    }
    return 0;
}

function release(text: string): readonly number[] {
    const parsed = parseRelease(text);
    if (!parsed) {
        throw new Error(`"${text}" is not a version: it must read major.minor.patch.`);
    }
    return parsed;
}

/** Whether `version` is a release in `[min, below)`. */
export function fits(version: string, range: { min: string; below: string }): boolean {
    return (
        parseRelease(version) !== undefined &&
        compareReleases(version, range.min) >= 0 &&
        compareReleases(version, range.below) < 0
    );
}
