/** What the suite measured, in the order it was measured. */
const figures: { what: string; seconds: number }[] = [];

/** Runs `work` and keeps how long it took. */
export async function measured<T>(what: string, work: () => Promise<T>): Promise<T> {
    const started = Date.now();
    const result = await work();
    figures.push({ what, seconds: (Date.now() - started) / 1000 });
    return result;
}

/** The figures as a table: nothing is asserted about them, machines differ. */
export function figuresTable(): string {
    const width = Math.max(8, ...figures.map(({ what }) => what.length));
    const lines = figures.map(({ what, seconds }) => `${what.padEnd(width)}  ${seconds.toFixed(1).padStart(7)}`);
    return ["MEASURED".padEnd(width) + "  SECONDS", ...lines].join("\n");
}
