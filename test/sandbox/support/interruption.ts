import { spawnSync } from "node:child_process";
import { sandboxCommand, type Fleet } from "./fleet.ts";

/** Longest wait for commands that were interrupted to end and give their lock back. */
const ATTEMPTS = 60;

const fleets = new Set<Fleet>();

/**
 * From now on an interruption of the tests (Ctrl-C, a polite kill) takes this sandbox down before the process ends.
 * Gives the function that ends this.
 */
export function downWhenInterrupted(fleet: Fleet): () => void {
    if (fleets.size === 0) {
        process.prependListener("SIGINT", stop);
        process.prependListener("SIGTERM", stop);
    }
    fleets.add(fleet);
    return () => {
        fleets.delete(fleet);
        if (fleets.size > 0) return;
        process.off("SIGINT", stop);
        process.off("SIGTERM", stop);
    };
}

/** Blocks: nothing of the tests goes on meanwhile. */
function stop(): never {
    console.error("\nInterrupted: taking the sandbox of the tests down …");
    for (const fleet of fleets) fleet.interrupt();
    for (const { folder, layout } of fleets) {
        for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
            const reset = spawnSync("npm", sandboxCommand(folder, ["reset"]), { cwd: layout.repo, stdio: "ignore" });
            if (reset.status === 0) break;
            spawnSync("sleep", ["1"]);
        }
    }
    process.exit(130);
}
