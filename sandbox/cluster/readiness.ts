import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Supervisor } from "../process/supervisor.ts";
import { KubeClient } from "./kube-client.ts";
import { PROCESSES, processId, type ProcessName } from "./processes.ts";
import type { ClusterHandle } from "./spec.ts";

const TIMEOUT_MS = 120_000;
const POLL_MS = 50;
/** A process that ends this often in one start will not come up. */
const MAX_RESTARTS = 5;

/** Answers true once what it waits for is there; a rejection counts as not yet. */
export type Probe = (client: KubeClient) => Promise<boolean>;

/** The API server serves and its RBAC bootstrap is done. */
export const apiReady: Probe = (client) => client.ready();

/** The controllers work: the default service account, without which no pod can be made, is there. */
export const controllersReady: Probe = async (client) =>
    (await client.find("/api/v1/namespaces/default/serviceaccounts/default")) !== undefined;

/**
 * Resolves when the probe succeeds. Rejects on abort, after two minutes, or when one of the cluster's processes keeps
 * ending, with the end of its log.
 */
export async function waitUntil(
    probe: Probe,
    handle: ClusterHandle,
    supervisor: Supervisor,
    signal: AbortSignal,
): Promise<void> {
    const client = KubeClient.fromKubeconfig(handle.adminKubeconfig);
    const before = restarts(handle, supervisor);
    const deadline = Date.now() + TIMEOUT_MS;
    try {
        while (!(await probe(client).catch(() => false))) {
            signal.throwIfAborted();
            const now = restarts(handle, supervisor);
            const failing = PROCESSES.find((name) => (now.get(name) ?? 0) - (before.get(name) ?? 0) >= MAX_RESTARTS);
            if (failing !== undefined || Date.now() > deadline) {
                throw new Error(failure(handle, supervisor, failing ?? "kube-apiserver"));
            }
            await sleep(POLL_MS);
        }
        signal.throwIfAborted();
    } finally {
        client.close();
    }
}

function restarts(handle: ClusterHandle, supervisor: Supervisor): Map<string, number> {
    const infos = new Map(supervisor.list().map((info) => [info.id, info.restarts]));
    return new Map(PROCESSES.map((name) => [name, infos.get(processId(handle.key, name)) ?? 0]));
}

function failure(handle: ClusterHandle, supervisor: Supervisor, name: ProcessName): string {
    const logFile = supervisor.list().find((info) => info.id === processId(handle.key, name))?.logFile ?? "";
    const log = existsSync(logFile) ? readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-5).join("\n") : "";
    return `Cluster ${handle.key} did not get ready: ${name} does not come up. The end of ${logFile}:\n${log}`;
}
