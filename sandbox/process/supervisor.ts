import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { EventEmitter } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic } from "./atomic-file.ts";
import { alive, entriesSchema, signalOwn, type Entry } from "./entry.ts";
import { startTime } from "./identity.ts";

export interface ProcessSpec {
    /** Unique; `/` separates levels, e.g. `cluster/<key>/etcd`. */
    id: string;
    command: string;
    args: string[];
    /** The whole environment: nothing is inherited. */
    env: Record<string, string>;
    cwd?: string;
    /** stdout and stderr are appended here. */
    logFile: string;
    /** Start again when it exits, after 0.25 s doubling to 10 s. @default false */
    restart?: boolean;
}

export interface ProcessInfo {
    id: string;
    running: boolean;
    pid: number;
    logFile: string;
    /** Times it was started again after an exit, since it was first ensured. */
    restarts: number;
    /** Milliseconds since the epoch. */
    startedAt: number;
    /** How the last run ended. Code and signal are both null when another daemon's child ended: nobody can know. */
    lastExit?: { code: number | null; signal: string | null };
}

export interface ProcessExit {
    id: string;
    pid: number;
    code: number | null;
    signal: string | null;
    willRestart: boolean;
}

const FIRST_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 10_000;
const STABLE_AFTER_MS = 30_000;
const ADOPTED_POLL_MS = 500;
const STOP_POLL_MS = 25;

/**
 * Runs processes that outlive this one. Each is known by pid and kernel start time, kept in the state file, so that a
 * new daemon takes over what still runs and never signals a stranger that got the pid.
 */
export class Supervisor {
    readonly #stateFile: string;
    readonly #entries: Map<string, Entry>;
    readonly #specs = new Map<string, ProcessSpec>();
    readonly #own = new Set<string>();
    readonly #backoff = new Map<string, { delay: number; timer?: NodeJS.Timeout }>();
    readonly #queue = new Map<string, Promise<unknown>>();
    readonly #events = new EventEmitter<{ exit: [ProcessExit] }>();
    readonly #poll: NodeJS.Timeout;

    constructor(opts: { stateFile: string }) {
        this.#stateFile = opts.stateFile;
        const stored: unknown = existsSync(opts.stateFile) ? JSON.parse(readFileSync(opts.stateFile, "utf8")) : {};
        this.#entries = new Map(Object.entries(entriesSchema.parse(stored)));
        for (const entry of this.#entries.values()) {
            entry.running &&= startTime(entry.pid) === entry.startTime;
        }
        this.#poll = setInterval(() => this.#checkAdopted(), ADOPTED_POLL_MS);
        this.#poll.unref();
    }

    on(event: "exit", callback: (exit: ProcessExit) => void): void {
        this.#events.on(event, callback);
    }

    off(event: "exit", callback: (exit: ProcessExit) => void): void {
        this.#events.off(event, callback);
    }

    /** Resolves once the process runs with exactly this spec: started, restarted because the spec changed, or kept. */
    ensure(spec: ProcessSpec): Promise<void> {
        return this.#inTurn(spec.id, async () => {
            const entry = this.#entries.get(spec.id);
            const same = entry?.specHash === hash(spec);
            if (entry?.running && !same) {
                await this.#end(spec.id, entry, 10_000);
            }
            this.#specs.set(spec.id, spec);
            if (!entry?.running || !same) {
                this.#cancelRestart(spec.id);
                await this.#start(spec, same ? entry.restarts : 0);
            }
        });
    }

    /** SIGTERM, then SIGKILL to the process and its own group after `graceMs` (default 10 s); then forgets it. */
    stop(id: string, graceMs = 10_000): Promise<void> {
        this.#cancelRestart(id);
        return this.#inTurn(id, async () => {
            this.#cancelRestart(id);
            this.#specs.delete(id);
            const entry = this.#entries.get(id);
            if (entry?.running) {
                await this.#end(id, entry, graceMs);
            }
            this.#entries.delete(id);
            this.#own.delete(id);
            this.#backoff.delete(id);
            this.#save();
        });
    }

    list(): ProcessInfo[] {
        return [...this.#entries].map(([id, e]) => ({
            id,
            running: e.running,
            pid: e.pid,
            logFile: e.logFile,
            restarts: e.restarts,
            startedAt: e.startedAt,
            lastExit: e.lastExit,
        }));
    }

    /** Stops everything, all at once. Stop what needs an order (a control plane) before. */
    async stopAll(): Promise<void> {
        await Promise.all([...this.#entries.keys()].map((id) => this.stop(id)));
    }

    /** Stops watching and restarting; the processes stay, for the next Supervisor on this state file. */
    close(): void {
        clearInterval(this.#poll);
        for (const id of this.#backoff.keys()) {
            this.#cancelRestart(id);
        }
        this.#specs.clear();
    }

    async #start(spec: ProcessSpec, restarts: number): Promise<void> {
        mkdirSync(path.dirname(spec.logFile), { recursive: true });
        const log = openSync(spec.logFile, "a", 0o600);
        const child = spawn(spec.command, spec.args, {
            cwd: spec.cwd,
            env: spec.env,
            detached: true,
            stdio: ["ignore", log, log],
        });
        closeSync(log);
        const failed = new Promise<Error>((resolve) => child.once("error", resolve));
        if (child.pid === undefined) {
            throw new Error(`Cannot start ${spec.id}: ${(await failed).message}.`);
        }
        child.unref();
        const entry: Entry = {
            pid: child.pid,
            // A process that is gone already has no start time; its exit event follows.
            startTime: startTime(child.pid) ?? "",
            specHash: hash(spec),
            logFile: spec.logFile,
            restarts,
            startedAt: Date.now(),
            lastExit: this.#entries.get(spec.id)?.lastExit,
            running: true,
        };
        this.#entries.set(spec.id, entry);
        this.#own.add(spec.id);
        this.#save();
        child.once("exit", (code, signal) => this.#ended(spec.id, entry, code, signal));
    }

    #ended(id: string, entry: Entry, code: number | null, signal: string | null): void {
        if (!entry.running) {
            return;
        }
        entry.running = false;
        entry.lastExit = { code, signal };
        const spec = this.#specs.get(id);
        const willRestart = spec?.restart === true && this.#entries.get(id) === entry;
        if (willRestart) {
            this.#restartLater(spec, entry);
        }
        this.#save();
        this.#events.emit("exit", { id, pid: entry.pid, code, signal, willRestart });
    }

    #restartLater(spec: ProcessSpec, entry: Entry): void {
        const stable = Date.now() - entry.startedAt > STABLE_AFTER_MS;
        const delay = stable ? FIRST_BACKOFF_MS : (this.#backoff.get(spec.id)?.delay ?? FIRST_BACKOFF_MS);
        const again = () =>
            this.#inTurn(spec.id, async () => {
                if (this.#specs.get(spec.id) !== spec || this.#entries.get(spec.id) !== entry || entry.running) {
                    return;
                }
                await this.#start(spec, entry.restarts + 1).catch(() => this.#restartLater(spec, entry));
            });
        const timer = setTimeout(() => void again(), delay);
        this.#backoff.set(spec.id, { delay: Math.min(delay * 2, MAX_BACKOFF_MS), timer });
    }

    #cancelRestart(id: string): void {
        clearTimeout(this.#backoff.get(id)?.timer);
    }

    async #end(id: string, entry: Entry, graceMs: number): Promise<void> {
        // Whoever ends a process on purpose does not want it back.
        this.#specs.delete(id);
        signalOwn(entry, "SIGTERM", false);
        const deadline = Date.now() + graceMs;
        while (alive(entry)) {
            if (Date.now() > deadline) {
                signalOwn(entry, "SIGKILL", true);
            }
            await new Promise((resolve) => setTimeout(resolve, STOP_POLL_MS));
        }
        this.#ended(id, entry, null, null);
    }

    #checkAdopted(): void {
        for (const [id, entry] of this.#entries) {
            if (entry.running && !this.#own.has(id) && !alive(entry)) {
                this.#ended(id, entry, null, null);
            }
        }
    }

    /** One change at a time for each process. */
    #inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
        const result = (this.#queue.get(id) ?? Promise.resolve()).then(work);
        this.#queue.set(
            id,
            result.catch(() => undefined),
        );
        return result;
    }

    #save(): void {
        writeFileAtomic(this.#stateFile, JSON.stringify(Object.fromEntries(this.#entries), null, 2));
    }
}

function hash(spec: ProcessSpec): string {
    const { command, args, env, cwd } = spec;
    const sorted = Object.entries(env).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return createHash("sha256")
        .update(JSON.stringify([command, args, sorted, cwd ?? ""]))
        .digest("hex");
}
