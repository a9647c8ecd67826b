import { spawnSync } from "node:child_process";
import { repo, sandboxCommand, type Fleet } from "./fleet.ts";

/**
 * Takes the sandbox down when the tests are interrupted (Ctrl-C, a polite kill) and ends the process. Gives the
 * function that ends this watch. The commands that were running got the same Ctrl-C and end by themselves; their
 * lock holds until they have.
 */
export function untilInterrupted(fleet: Fleet): () => void {
    let interrupted = false;
    const stop = () => {
        if (interrupted) return;
        interrupted = true;
        console.error("\nInterrupted: taking the sandbox of the tests down …");
        for (let attempt = 0; attempt < 30; attempt++) {
            const { status } = spawnSync("npm", sandboxCommand(fleet.folder, ["reset"]), {
                cwd: repo,
                stdio: "ignore",
            });
            if (status === 0) break;
            spawnSync("sleep", ["1"]);
        }
        process.exit(130);
    };
    process.prependListener("SIGINT", stop);
    process.prependListener("SIGTERM", stop);
    return () => {
        process.off("SIGINT", stop);
        process.off("SIGTERM", stop);
    };
}
