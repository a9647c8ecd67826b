import { randomUUID } from "node:crypto";
import { readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { link, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 500;
const HEARTBEAT_MS = 5_000;
/** A holder that has shown no sign of life for so long is gone, whatever process has its id now. */
const SILENT_MS = 60_000;

interface Holder {
    id: string;
    pid: number;
    host: string;
}

/**
 * Waits until this process alone may build. The lock saves the machine from two compilers at once; correctness does
 * not hang on it, since every build happens in a folder of its own and appears by rename. That is why taking over the
 * lock of a dead holder may be as simple as it is here.
 *
 * @param onWait called once, with the process id of the holder, when there is something to wait for
 * @returns releases the lock; synchronous, so that it also works while the process exits
 * @throws the signal's reason, when it fires
 */
export async function acquireBuildLock(
    file: string,
    { signal, onWait }: { signal?: AbortSignal; onWait?: (pid: number) => void } = {},
): Promise<() => void> {
    await mkdir(path.dirname(file), { recursive: true });
    const own: Holder = { id: randomUUID(), pid: process.pid, host: hostname() };
    let waiting = false;
    for (;;) {
        signal?.throwIfAborted();
        if (await create(file, own)) {
            return hold(file, own);
        }
        const holder = readHolder(file);
        if (holder === undefined || isGone(file, holder)) {
            await takeAway(file, holder);
            continue;
        }
        if (!waiting) {
            waiting = true;
            onWait?.(holder.pid);
        }
        await sleep(POLL_MS, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
}

/** Writes aside and links, so that nobody ever reads half a lock. False when there is one already. */
async function create(file: string, own: Holder): Promise<boolean> {
    const draft = `${file}.${own.id}`;
    await writeFile(draft, JSON.stringify(own));
    try {
        await link(draft, file);
        return true;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") {
            return false;
        }
        throw error;
    } finally {
        await rm(draft, { force: true });
    }
}

function hold(file: string, own: Holder): () => void {
    const mine = (): boolean => readHolder(file)?.id === own.id;
    const beat = setInterval(() => {
        if (mine()) {
            utimesSync(file, new Date(), new Date());
        }
    }, HEARTBEAT_MS);
    beat.unref();
    return () => {
        clearInterval(beat);
        if (mine()) {
            rmSync(file, { force: true });
        }
    };
}

function readHolder(file: string): Holder | undefined {
    try {
        return JSON.parse(readFileSync(file, "utf8")) as Holder;
    } catch {
        return undefined;
    }
}

function isGone(file: string, holder: Holder): boolean {
    try {
        if (Date.now() - statSync(file).mtimeMs > SILENT_MS) {
            return true;
        }
    } catch {
        return false;
    }
    return holder.host === hostname() && !isAlive(holder.pid);
}

export function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}

/** Removes the lock of a gone holder; one that someone else has just made in its place goes back. */
async function takeAway(file: string, gone: Holder | undefined): Promise<void> {
    const aside = `${file}.${randomUUID()}`;
    try {
        await rename(file, aside);
    } catch {
        return;
    }
    if (readHolder(aside)?.id !== gone?.id) {
        await link(aside, file).catch(() => undefined);
    }
    await rm(aside, { force: true });
}
