import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { isAlive } from "./run-lock.ts";

/** A stack lock in the file backend, as the CLI writes it. */
interface StackLock {
    pid: number;
    username: string;
    hostname: string;
    timestamp: string;
}

/**
 * Whether a killed CLI left its lock on the stack. A lock whose process is alive is somebody's
 * `pulumi up` in a shell: an error that says so.
 */
export async function hasStaleLock(backend: string, project: string, stack: string): Promise<boolean> {
    const folder = path.join(backend, ".pulumi", "locks", "organization", project, stack);
    let stale = false;
    for (const name of await readdir(folder).catch(() => [])) {
        const lock = JSON.parse(await readFile(path.join(folder, name), "utf8")) as StackLock;
        if (isAlive(lock.pid)) {
            throw new Error(
                `stack ${stack} is being changed by ${lock.username}@${lock.hostname} (pid ${lock.pid}) since ` +
                    `${lock.timestamp}; wait until that pulumi command ends`,
            );
        }
        stale = true;
    }
    return stale;
}

/** Whether the file backend has the stack: asking the CLI takes a second. */
export function stackExists(backend: string, project: string, stack: string): boolean {
    return existsSync(path.join(backend, ".pulumi", "stacks", project, `${stack}.json`));
}
