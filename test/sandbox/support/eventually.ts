import { setTimeout as sleep } from "node:timers/promises";

/**
 * Calls `look` until it does not throw, and gives what it returned. Rejects, when time is up, with the last error
 * and what was waited for.
 */
export async function eventually<T>(
    what: string,
    look: () => T | Promise<T>,
    seconds = 120,
    everyMs = 250,
): Promise<T> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        try {
            return await look();
        } catch (error) {
            if (Date.now() > deadline) {
                const last = error instanceof Error ? error.message : String(error);
                throw new Error(`not within ${seconds} s: ${what}\n${last}`, { cause: error });
            }
        }
        await sleep(everyMs);
    }
}
