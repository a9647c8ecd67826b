import { control, findDaemon } from "../daemon/client.ts";
import { sandboxEnvironment, type DaemonInfo } from "../stacks/environment.ts";
import type { Layout } from "../stacks/layout.ts";
import { readToolDirs } from "../stacks/tools-file.ts";
import type { ClusterEntry } from "../status/collect.ts";

/** The sandbox as the commands beside `up` find it. */
export interface Running {
    daemon: DaemonInfo;
    environment: Record<string, string>;
}

/** Rejects, with the way to start one, when no sandbox runs in this folder. */
export async function running(layout: Layout): Promise<Running> {
    const daemon = await findDaemon(layout);
    if (daemon === undefined) {
        throw new Error(`no sandbox runs in ${layout.root}; start it with: npm run sandbox`);
    }
    return { daemon, environment: sandboxEnvironment(layout, daemon, await readToolDirs(layout)) };
}

export async function clusterEntries(daemon: DaemonInfo): Promise<ClusterEntry[]> {
    return await control<ClusterEntry[]>(daemon, "clusters");
}

/** The hub's cluster name: the one whose members folder the stack outputs of `hub` name. */
export async function hubCluster(daemon: DaemonInfo): Promise<string> {
    const clusters = await control<(ClusterEntry & { hub: boolean })[]>(daemon, "clusters");
    const hub = clusters.find((cluster) => cluster.hub);
    if (hub === undefined) throw new Error("the hub's cluster does not exist (yet); `npm run sandbox` creates it");
    return hub.name;
}
