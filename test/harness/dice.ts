/** Reproducible random choices (mulberry32). */
export class Dice {
    #state: number;

    constructor(seed: number) {
        this.#state = seed;
    }

    /** At least 0, less than 1. */
    roll(): number {
        this.#state = (this.#state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    }

    chance(probability: number): boolean {
        return this.roll() < probability;
    }

    pick<T>(list: readonly T[]): T {
        const picked = list[Math.floor(this.roll() * list.length)];
        if (picked === undefined) throw new Error("nothing to pick from");
        return picked;
    }

    /** Between `least` and `most` results. */
    times<T>(least: number, most: number, make: () => T): T[] {
        return Array.from({ length: least + Math.floor(this.roll() * (most - least + 1)) }, make);
    }
}
