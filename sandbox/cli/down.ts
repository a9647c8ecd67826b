import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { control, findDaemon } from "../daemon/client.ts";
import type { Layout } from "../stacks/layout.ts";
import { startDaemon } from "../daemon/start.ts";
import { isAlive, takeLock } from "../stacks/run-lock.ts";

export async function down(layout: Layout): Promise<void> {
    const release = await takeLock(layout.root, "down");
    try {
        const stopped = await stopEverything(layout);
        console.log(`${stopped} processes stopped. Go on with: npm run sandbox`);
    } finally {
        await release();
    }
}

export async function reset(layout: Layout): Promise<void> {
    const release = await takeLock(layout.root, "reset");
    try {
        await stopEverything(layout);
    } finally {
        await release();
    }
    await rm(layout.root, { recursive: true, force: true });
    console.log(`${layout.root} is gone.`);
}

/**
 * Stops what the sandbox runs, the daemon last. A daemon that was killed is started once more, because
 * it alone knows which processes are its own. Returns how many it stopped.
 */
export async function stopEverything(layout: Layout): Promise<number> {
    let daemon = await findDaemon(layout);
    if (daemon === undefined) {
        if (!existsSync(layout.daemonFile)) return 0;
        daemon = await startDaemon(layout);
    }
    const { stopped } = await control<{ stopped: number }>(daemon, "down", {});
    for (let waited = 0; isAlive(daemon.pid) && waited < 20_000; waited += 100) await sleep(100);
    return stopped + 1;
}
