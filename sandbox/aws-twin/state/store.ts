import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { Props } from "../../engine/kit/types.ts";
import { writeFileAtomic } from "../../process/atomic-file.ts";
import { canonicalJson } from "../schema/same.ts";

/** One AWS object. Never changed in place: a change puts a new one. */
export interface Item {
    /** Pulumi type token. */
    type: string;
    accountId: string;
    /** Empty for IAM. */
    region: string;
    id: string;
    inputs: Props;
    outputs: Props;
    /** What AWS keeps and no output shows: resolved principals, secret versions. */
    hidden: Props;
    /** Empty: in use. */
    status: "" | "CREATING" | "DELETING" | "PENDING_DELETION";
    /** ISO 8601: when a pending deletion ends. */
    pendingUntil?: string;
    /** URN under which a stack made it. */
    urn?: string;
    /** True for what no stack made: the organisation's roles, and what AWS makes by itself. */
    implicit?: boolean;
}

export type ItemKey = Pick<Item, "type" | "accountId" | "region" | "id">;

const itemSchema = z.object({
    type: z.string(),
    accountId: z.string(),
    region: z.string(),
    id: z.string(),
    inputs: z.custom<Props>(),
    outputs: z.custom<Props>(),
    hidden: z.custom<Props>(),
    status: z.enum(["", "CREATING", "DELETING", "PENDING_DELETION"]),
    pendingUntil: z.string().optional(),
    urn: z.string().optional(),
    implicit: z.boolean().optional(),
});
const stateSchema = z.object({
    version: z.literal(1),
    advancedDays: z.number(),
    items: z.array(itemSchema),
    /** What was being created when a daemon ended: nodes of a node group may still be there. */
    interrupted: z.array(itemSchema),
});

const DAY_MS = 24 * 60 * 60 * 1000;

/** The twin's state: in memory, and on disk after every change. */
export class Store {
    readonly #file: string | undefined;
    readonly #clock: () => Date;
    #items = new Map<string, Item>();
    #interrupted: Item[] = [];
    #advancedDays = 0;

    /** Reads the file if there is one. Without a file the state lives in memory only. */
    constructor(file: string | undefined, clock: () => Date) {
        this.#file = file;
        this.#clock = clock;
        if (file !== undefined && existsSync(file)) this.#load(file);
    }

    now(): Date {
        return new Date(this.#clock().getTime() + this.#advancedDays * DAY_MS);
    }

    get(key: ItemKey): Item | undefined {
        return this.#items.get(keyOf(key));
    }

    /** Items of a type, those pending deletion included. */
    all(type: string, where: Partial<Pick<Item, "accountId" | "region">> = {}): Item[] {
        return [...this.#items.values()].filter(
            (item) =>
                item.type === type &&
                (where.accountId === undefined || item.accountId === where.accountId) &&
                (where.region === undefined || item.region === where.region),
        );
    }

    items(): Item[] {
        return [...this.#items.values()];
    }

    put(item: Item): void {
        this.#items.set(keyOf(item), item);
    }

    remove(key: ItemKey): void {
        this.#items.delete(keyOf(key));
    }

    /** Runs changes that happen together: all of them, on disk too, or none. */
    transaction<T>(change: () => T): T {
        const [items, interrupted, days] = [new Map(this.#items), this.#interrupted, this.#advancedDays];
        try {
            const result = change();
            this.#save();
            return result;
        } catch (error) {
            [this.#items, this.#interrupted, this.#advancedDays] = [items, interrupted, days];
            throw error;
        }
    }

    /** Takes the interrupted items that match out of the list. */
    takeInterrupted(matches: (item: Item) => boolean): Item[] {
        const taken = this.#interrupted.filter(matches);
        this.#interrupted = this.#interrupted.filter((item) => !taken.includes(item));
        return taken;
    }

    /** Moves the twin's time forward and ends the pending deletions that fall due. Returns what is gone. */
    advance(days: number): Item[] {
        return this.transaction(() => {
            this.#advancedDays += days;
            const now = this.now().toISOString();
            const due = this.items().filter(({ pendingUntil }) => pendingUntil !== undefined && pendingUntil <= now);
            for (const item of due) this.remove(item);
            return due;
        });
    }

    /** SHA-256 of everything stacks made; the same state gives the same hash. */
    hash(): string {
        const items = this.items().filter(({ implicit }) => implicit !== true);
        const sorted = Object.fromEntries(items.map((item) => [keyOf(item), item]));
        const state = { advancedDays: this.#advancedDays, items: sorted };
        return createHash("sha256").update(canonicalJson(state)).digest("hex");
    }

    #load(file: string): void {
        const parsed = stateSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
        if (!parsed.success) {
            throw new Error(
                `${file} is not a state of this version of the AWS twin (${z.prettifyError(parsed.error)}); ` +
                    "start anew with: npm run sandbox -- reset",
            );
        }
        const items = parsed.data.items.map((item) => withoutUndefined(item));
        // What was being created when the last daemon ended is gone; what was being deleted is to be deleted again.
        const broken = items.filter(({ status }) => status === "CREATING");
        const kept = items.filter((item) => !broken.includes(item));
        this.#items = new Map(
            kept.map((item) => [keyOf(item), item.status === "DELETING" ? { ...item, status: "" } : item]),
        );
        this.#interrupted = [...parsed.data.interrupted.map((item) => withoutUndefined(item)), ...broken];
        this.#advancedDays = parsed.data.advancedDays;
    }

    /** A killed daemon leaves the old state or the new one. No flush to disk: nobody's AWS survives a power failure here. */
    #save(): void {
        if (this.#file === undefined) return;
        const state: z.infer<typeof stateSchema> = {
            version: 1,
            advancedDays: this.#advancedDays,
            items: this.items(),
            interrupted: this.#interrupted,
        };
        writeFileAtomic(this.#file, JSON.stringify(state), 0o600);
    }
}

function keyOf({ type, accountId, region, id }: ItemKey): string {
    return `${type}|${accountId}|${region}|${id}`;
}

function withoutUndefined(item: z.infer<typeof itemSchema>): Item {
    const { pendingUntil, urn, implicit, ...rest } = item;
    return {
        ...rest,
        ...(pendingUntil === undefined ? {} : { pendingUntil }),
        ...(urn === undefined ? {} : { urn }),
        ...(implicit === undefined ? {} : { implicit }),
    };
}
