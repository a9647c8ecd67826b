import { spawn } from "node:child_process";
import type { ChildProcess, StdioOptions } from "node:child_process";

import type { Work } from "../kit/lifetime.ts";
import type { Command } from "./program.ts";

/** How a child ended: its exit code, or the signal that ended it. */
export interface Ending {
    code: number | null;
    signal: NodeJS.Signals | null;
}

/** The node processes of a language host; none outlives it. */
export class Children implements Work {
    readonly #running = new Set<ChildProcess>();

    start(command: Command, stdio: StdioOptions): { child: ChildProcess; ended: Promise<Ending> } {
        const child = spawn(process.execPath, command.args, { cwd: command.cwd, env: command.env, stdio });
        this.#running.add(child);
        const ended = new Promise<Ending>((resolve, reject) => {
            child.once("error", reject);
            // "close" comes after the streams are drained.
            child.once("close", (code, signal) => resolve({ code, signal }));
        }).finally(() => this.#running.delete(child));
        return { child, ended };
    }

    cancel(): void {
        for (const child of this.#running) {
            child.kill("SIGKILL");
        }
    }

    get idle(): boolean {
        return this.#running.size === 0;
    }
}
