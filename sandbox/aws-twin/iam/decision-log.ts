import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, renameSync, statSync } from "node:fs";
import type { PolicyFinding } from "./evaluate.ts";

/** One decision, as `npm run sandbox -- decisions --json` prints it. */
export interface DecisionEntry {
    /** Also the request id of the answer that the caller got. */
    id: string;
    /** ISO 8601; of the first one if `count` says there were several. */
    time: string;
    principal: string;
    action: string;
    resource: string;
    allowed: boolean;
    /** One line. */
    explanation: string;
    /** Absent where no policy was involved, such as a bad signature. */
    reasons?: readonly PolicyFinding[];
    /** How often the same decision was made in a row of Kubernetes authorizations. @default 1 */
    count?: number;
    /** ISO 8601, of the last one; only together with `count`. */
    lastTime?: string;
}

export interface DecisionLogOptions {
    /** JSON lines; readable by the owner only. Absent: nothing is written. */
    file?: string;
    clock: () => Date;
    /** Entries kept in memory. @default 5000 */
    capacity?: number;
    /** Size at which the file becomes `<file>.1` and a new one starts. @default 4 MiB */
    maxFileBytes?: number;
}

/** The last decisions, oldest first, in memory and in a file that survives a restart. */
export class DecisionLog {
    readonly #options: DecisionLogOptions;
    readonly #capacity: number;
    #entries: DecisionEntry[] = [];
    #fileBytes = 0;

    constructor(options: DecisionLogOptions) {
        this.#options = options;
        this.#capacity = options.capacity ?? 5000;
        if (options.file !== undefined && existsSync(options.file)) {
            this.#fileBytes = statSync(options.file).size;
            this.#entries = readEntries(options.file).slice(-this.#capacity);
        }
    }

    /** Adds a decision and gives its id. */
    add(decision: Omit<DecisionEntry, "id" | "time" | "count" | "lastTime">, id: string = randomUUID()): string {
        const { principal, action, resource, allowed, explanation, reasons } = decision;
        const time = this.#options.clock().toISOString();
        this.#push({ id, time, principal, action, resource, allowed, explanation, ...(reasons ? { reasons } : {}) });
        return id;
    }

    /**
     * Adds a decision that is made many times a second, such as an API server's authorizations: one equal to an entry
     * still in memory is only counted there.
     */
    addRepeated(decision: Omit<DecisionEntry, "id" | "time" | "count" | "lastTime" | "reasons">): void {
        const same = this.#entries.findLast(
            (entry) =>
                entry.principal === decision.principal &&
                entry.action === decision.action &&
                entry.resource === decision.resource &&
                entry.explanation === decision.explanation,
        );
        if (same === undefined) {
            this.add(decision);
            return;
        }
        same.count = (same.count ?? 1) + 1;
        same.lastTime = this.#options.clock().toISOString();
    }

    /** Oldest first. */
    list(): readonly DecisionEntry[] {
        return this.#entries;
    }

    #push(entry: DecisionEntry): void {
        this.#entries.push(entry);
        if (this.#entries.length > this.#capacity) this.#entries.shift();
        const { file, maxFileBytes = 4 * 1024 * 1024 } = this.#options;
        if (file === undefined) return;
        const line = `${JSON.stringify(entry)}\n`;
        if (this.#fileBytes > 0 && this.#fileBytes + line.length > maxFileBytes) {
            renameSync(file, `${file}.1`);
            this.#fileBytes = 0;
        }
        appendFileSync(file, line, { mode: 0o600 });
        this.#fileBytes += Buffer.byteLength(line);
    }
}

/** A line cut short by a kill is left out. */
function readEntries(file: string): DecisionEntry[] {
    return readFileSync(file, "utf8")
        .split("\n")
        .flatMap((line) => {
            try {
                const entry: DecisionEntry = JSON.parse(line);
                return [entry];
            } catch {
                return [];
            }
        });
}
