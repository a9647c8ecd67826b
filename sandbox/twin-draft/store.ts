import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { writeFileAtomic } from "../process/atomic-file.ts";
import type { Props } from "../engine/kit/types.ts";
import type { Stored } from "./resource-type.ts";

/** Every resource of every account, in memory and, after each change, in one file. */
export class Store {
    readonly #file: string;
    readonly #byKey = new Map<string, Stored>();

    constructor(file: string) {
        this.#file = file;
        if (!existsSync(file)) return;
        for (const stored of JSON.parse(readFileSync(file, "utf8")) as Stored[]) this.#byKey.set(keyOf(stored), stored);
    }

    get(type: string, account: string, id: string): Stored | undefined {
        return this.#byKey.get(keyOf({ type, account, id }));
    }

    /** Resources of a type, of one account unless none is given. */
    all(type: string, account?: string): Stored[] {
        return [...this.#byKey.values()].filter(
            (stored) => stored.type === type && (account === undefined || stored.account === account),
        );
    }

    /** The one whose output has this value, e.g. by ARN. */
    by(type: string, output: string, value: unknown, account?: string): Stored | undefined {
        return this.all(type, account).find((stored) => stored.outputs[output] === value);
    }

    everything(): Stored[] {
        return [...this.#byKey.values()].sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
    }

    put(stored: Stored): void {
        this.#byKey.set(keyOf(stored), stored);
        this.#save();
    }

    delete(stored: Stored): void {
        this.#byKey.delete(keyOf(stored));
        this.#save();
    }

    /** SHA-256 of the whole state, keys sorted: equal states give equal hashes. */
    hash(): string {
        return createHash("sha256").update(JSON.stringify(sortKeys(this.everything()))).digest("hex");
    }

    #save(): void {
        writeFileAtomic(this.#file, JSON.stringify(this.everything()));
    }
}

function keyOf({ type, account, id }: Pick<Stored, "type" | "account" | "id">): string {
    return `${account}|${type}|${id}`;
}

function sortKeys(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(sortKeys);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value as Props).sort(([a], [b]) => a.localeCompare(b));
    return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}
