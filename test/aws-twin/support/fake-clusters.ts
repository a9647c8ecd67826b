import type { ClusterHandle, ClusterSpec, NodeGroup } from "../../../sandbox/cluster/spec.ts";
import type { Clusters } from "../../../sandbox/aws-twin/clusters.ts";

/** Control planes that are only noted down. */
export class FakeClusters implements Clusters {
    readonly running = new Map<string, ClusterHandle>();
    readonly nodes = new Map<string, NodeGroup>();
    /** Set it to hold a create until it is called, or until the create is aborted. */
    gate: Promise<void> | undefined;

    async create(spec: ClusterSpec, signal: AbortSignal): Promise<ClusterHandle> {
        const { accountId, region, name, issuer, kubernetesVersion: version } = spec;
        const key = `${accountId}.${name}`;
        if (this.gate !== undefined) {
            const aborted = new Promise<never>((_, reject) => {
                signal.addEventListener("abort", () => reject(new Error("create was aborted")));
            });
            await Promise.race([this.gate, aborted]);
        }
        const place = { accountId, region, name, endpoint: "https://127.0.0.1:6443", caData: "Q0E=" };
        const handle: ClusterHandle = { ...place, key, issuer, adminKubeconfig: "/dev/null", version };
        this.running.set(key, handle);
        return handle;
    }

    handle(key: string): ClusterHandle | undefined {
        return this.running.get(key);
    }

    async delete(key: string): Promise<void> {
        this.running.delete(key);
    }

    async scaleNodes(key: string, group: NodeGroup): Promise<void> {
        this.nodes.set(`${key}/${group.name}`, group);
    }

    async removeNodes(key: string, groupName: string): Promise<void> {
        this.nodes.delete(`${key}/${groupName}`);
    }

    async upgrade(key: string, version: string): Promise<ClusterHandle> {
        const before = this.running.get(key);
        if (before === undefined) throw new Error(`${key} does not run`);
        const handle = { ...before, version };
        this.running.set(key, handle);
        return handle;
    }
}
