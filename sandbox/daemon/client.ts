import { readFile } from "node:fs/promises";
import type { DaemonInfo } from "../stacks/environment.ts";
import type { Layout } from "../stacks/layout.ts";

/** The running daemon's address and tokens; undefined when none answers. */
export async function findDaemon(layout: Layout): Promise<DaemonInfo | undefined> {
    const text = await readFile(layout.daemonFile, "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    const info = JSON.parse(text) as DaemonInfo;
    const health = await fetch(`http://127.0.0.1:${info.port}/healthz`, { signal: AbortSignal.timeout(3000) }).catch(
        () => undefined,
    );
    // The port may have gone to another program since: only ours knows the state folder it serves.
    return health?.ok === true && (await health.text()) === layout.root ? info : undefined;
}

/** One control call; an answer that is not 2xx becomes an Error with the daemon's own sentence. */
export async function control<T>(daemon: DaemonInfo, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${daemon.port}/control/${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: { authorization: `Bearer ${daemon.token}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
        const { error } = JSON.parse(text) as { error?: string };
        throw new Error(error ?? `the daemon answered ${response.status} to ${path}`);
    }
    return JSON.parse(text) as T;
}
