import { control, findDaemon } from "../daemon/client.ts";
import { sandboxEnvironment, type DaemonInfo } from "../stacks/environment.ts";
import type { Layout } from "../stacks/layout.ts";
import { stackFiles } from "../stacks/project.ts";
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

/** The clusters that run: those of the committed stacks in their order, then any other. */
export async function clusterEntries(layout: Layout, daemon: DaemonInfo): Promise<ClusterEntry[]> {
    const [clusters, stacks] = await Promise.all([
        control<ClusterEntry[]>(daemon, "clusters"),
        stackFiles(layout.repo),
    ]);
    const rank = ({ name }: ClusterEntry) => {
        const index = stacks.findIndex(({ cluster }) => cluster === name);
        return index === -1 ? stacks.length : index;
    };
    return clusters.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}
