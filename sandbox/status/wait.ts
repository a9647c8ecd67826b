import { readdir } from "node:fs/promises";
import path from "node:path";
import { collectStatus, type ClusterEntry, type FleetStatus } from "./collect.ts";
import { refreshApplications, unsettled } from "./refresh.ts";

/** Between two requests to Argo CD to look again at what is not settled. */
const REFRESH_MS = 15_000;

/** Clusters that Git says the hub has: the stems of `gitops/fleet/members/<hub>/*.yaml`. */
export async function members(repo: string, hub: string): Promise<string[]> {
    const files = await readdir(path.join(repo, "gitops", "fleet", "members", hub));
    return files.filter((file) => file.endsWith(".yaml")).map((file) => file.replace(/\.yaml$/, ""));
}

/** What is still missing until the fleet runs what Git says; empty when it does. */
export function missing(status: FleetStatus, expected: string[]): string[] {
    const left: string[] = [];
    for (const name of expected) {
        const cluster = status.clusters.find((candidate) => candidate.name === name);
        if (cluster === undefined) left.push(`${name}: no such cluster`);
        else if (!cluster.reachable) left.push(`${name}: its API server does not answer`);
        else if (cluster.applications.length === 0) left.push(`${name}: not adopted yet`);
    }
    for (const cluster of status.clusters) {
        for (const app of cluster.applications) {
            const unready = app.workloads.filter((workload) => workload.ready < workload.desired);
            if (app.sync !== "Synced" || app.health !== "Healthy") {
                const why = app.message === "" ? "" : `: ${app.message.split("\n")[0]?.slice(0, 160) ?? ""}`;
                left.push(`${app.name} ${app.sync}/${app.health}${why}`);
            } else if (unready.length > 0) {
                left.push(`${app.name}: ${unready.map((w) => `${w.name} ${w.ready}/${w.desired}`).join(", ")} ready`);
            }
        }
    }
    return left;
}

export interface WaitOptions {
    clusters(): Promise<ClusterEntry[]>;
    hub: string;
    expected: string[];
    timeoutMs: number;
    signal?: AbortSignal;
    onPoll(left: string[]): void;
}

/** Polls until nothing is missing twice in a row. Rejects, at the timeout, with what is. */
export async function waitForFleet(options: WaitOptions): Promise<FleetStatus> {
    const deadline = Date.now() + options.timeoutMs;
    let calm = 0;
    let refreshAt = Date.now() + REFRESH_MS;
    for (;;) {
        options.signal?.throwIfAborted();
        const { status, left } = await look(options);
        options.onPoll(left);
        // An ApplicationSet may be about to add one: believe the second look.
        calm = left.length === 0 ? calm + 1 : 0;
        if (status !== undefined && calm === 2) return status;
        if (Date.now() > deadline) {
            throw new Error(
                `after ${Math.round(options.timeoutMs / 1000)} s the fleet does not run what Git says yet:\n` +
                    left.map((line) => `  - ${line}`).join("\n"),
            );
        }
        if (status !== undefined && Date.now() > refreshAt) {
            refreshAt = Date.now() + REFRESH_MS;
            const hub = (await options.clusters()).find(({ name }) => name === options.hub);
            // An Application may be gone by now; the next look tells.
            if (hub !== undefined) await refreshApplications(hub, unsettled(status)).catch(() => {});
        }
        await new Promise((resolve) => setTimeout(resolve, 500));
    }
}

/** One look. An API server that does not answer in time is something to wait for, not the end. */
async function look(options: WaitOptions): Promise<{ status?: FleetStatus; left: string[] }> {
    try {
        const status = await collectStatus(await options.clusters(), options.hub);
        return { status, left: missing(status, options.expected) };
    } catch (error) {
        return {
            left: [`the clusters could not be looked at: ${error instanceof Error ? error.message : String(error)}`],
        };
    }
}
