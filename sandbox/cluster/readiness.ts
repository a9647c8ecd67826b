import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Supervisor } from "../process/supervisor.ts";
import { KubeClient } from "./kube-client.ts";
import { PROCESSES, processId } from "./processes.ts";
import type { ClusterHandle } from "./spec.ts";

const TIMEOUT_MS = 120_000;
/** A process that ends this often in one start will not come up. */
const MAX_RESTARTS = 5;

/**
 * Resolves when the API server is ready and the controllers work: the default service account, without which no pod
 * can be made, is there. Rejects on abort, after two minutes, or when a process keeps ending, with the end of its log.
 */
export async function waitUntilReady(
    handle: ClusterHandle,
    supervisor: Supervisor,
    signal: AbortSignal,
): Promise<void> {
    const client = KubeClient.fromKubeconfig(handle.adminKubeconfig);
    const before = restarts(handle, supervisor);
    const deadline = Date.now() + TIMEOUT_MS;
    try {
        while (!(await isReady(client))) {
            signal.throwIfAborted();
            const failing = PROCESSES.find((name) => {
                const now = restarts(handle, supervisor).get(name) ?? 0;
                return now - (before.get(name) ?? 0) >= MAX_RESTARTS;
            });
            if (failing !== undefined || Date.now() > deadline) {
                throw new Error(failure(handle, supervisor, failing ?? "kube-apiserver"));
            }
            await sleep(50);
        }
        signal.throwIfAborted();
    } finally {
        client.close();
    }
}

async function isReady(client: KubeClient): Promise<boolean> {
    try {
        await client.get("/readyz");
        return (await client.find("/api/v1/namespaces/default/serviceaccounts/default")) !== undefined;
    } catch {
        return false;
    }
}

function restarts(handle: ClusterHandle, supervisor: Supervisor): Map<string, number> {
    const infos = new Map(supervisor.list().map((info) => [info.id, info.restarts]));
    return new Map(PROCESSES.map((name) => [name, infos.get(processId(handle.key, name)) ?? 0]));
}

function failure(handle: ClusterHandle, supervisor: Supervisor, name: (typeof PROCESSES)[number]): string {
    const logFile = supervisor.list().find((info) => info.id === processId(handle.key, name))?.logFile ?? "";
    const log = existsSync(logFile) ? readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-5).join("\n") : "";
    return `Cluster ${handle.key} did not get ready: ${name} does not come up. The end of ${logFile}:\n${log}`;
}
