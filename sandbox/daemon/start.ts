import { spawn } from "node:child_process";
import { mkdir, open, readFile } from "node:fs/promises";
import path from "node:path";
import type { DaemonInfo } from "../stacks/environment.ts";
import type { Layout } from "../stacks/layout.ts";
import { findDaemon } from "./client.ts";

const START_TIMEOUT_MS = 60_000;

/**
 * The sandbox's daemon: the one that runs, or a new one. It outlives this command; what it had
 * started before it died is found again.
 */
export async function startDaemon(layout: Layout, signal?: AbortSignal): Promise<DaemonInfo> {
    const running = await findDaemon(layout);
    if (running !== undefined) return running;

    await mkdir(layout.logs, { recursive: true });
    const log = await open(layout.daemonLog, "a");
    const script = path.join(import.meta.dirname, "main.ts");
    const child = spawn(process.execPath, ["--import", "tsx", script, layout.root], {
        cwd: layout.repo,
        detached: true,
        stdio: ["ignore", log.fd, log.fd],
    });
    child.unref();
    await log.close();
    let exited: number | null | undefined;
    child.on("exit", (code) => (exited = code));

    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
        const daemon = await findDaemon(layout);
        if (daemon !== undefined && daemon.pid === child.pid) return daemon;
        if (exited !== undefined || Date.now() > deadline) {
            const tail = (await readFile(layout.daemonLog, "utf8")).trim().split("\n").slice(-5).join("\n");
            throw new Error(`the sandbox's daemon did not start:\n${tail}\nIts log: ${layout.daemonLog}`);
        }
        signal?.throwIfAborted();
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}
