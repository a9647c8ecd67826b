import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { control, findDaemon } from "../daemon/client.ts";
import { Supervisor } from "../process/supervisor.ts";
import { type Layout, processesFile } from "../stacks/layout.ts";
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

/** Stops what the sandbox runs, the daemon last, and also what a daemon that died has left. Returns how many. */
export async function stopEverything(layout: Layout): Promise<number> {
    const daemon = await findDaemon(layout);
    if (daemon !== undefined) {
        const { stopped } = await control<{ stopped: number }>(daemon, "down", {});
        for (let waited = 0; isAlive(daemon.pid) && waited < 20_000; waited += 100) await sleep(100);
        return stopped + 1;
    }
    const supervisor = new Supervisor({ stateFile: processesFile(layout) });
    const stopped = supervisor.list().filter((process) => process.running).length;
    await supervisor.stopAll();
    return stopped;
}
