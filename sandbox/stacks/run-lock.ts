import { mkdir, open, readFile, rm } from "node:fs/promises";
import path from "node:path";

/**
 * One command at a time changes a sandbox. The lock names its holder's process; one whose holder
 * is gone (a killed terminal) is taken over.
 * @returns the function that releases it
 */
export async function takeLock(root: string, command: string): Promise<() => Promise<void>> {
    await mkdir(root, { recursive: true });
    const file = path.join(root, "lock.json");
    for (let attempt = 0; attempt < 2; attempt++) {
        try {
            const handle = await open(file, "wx");
            await handle.writeFile(JSON.stringify({ pid: process.pid, command }));
            await handle.close();
            return () => rm(file, { force: true });
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
            const holder = JSON.parse((await readFile(file, "utf8")) || "{}") as { pid?: number; command?: string };
            if (holder.pid !== undefined && isAlive(holder.pid)) {
                throw new Error(
                    `"npm run sandbox -- ${holder.command ?? "up"}" is at work in ${root} (process ${holder.pid}). ` +
                        "Wait for it, or stop it with Ctrl-C in its terminal.",
                    { cause: error },
                );
            }
            await rm(file, { force: true });
        }
    }
    throw new Error(`${file} is taken and released by others faster than this command can take it; try again`);
}

export function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}
