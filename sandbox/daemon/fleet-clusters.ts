import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { ControlPlanes } from "../cluster/control-planes.ts";
import { addPlainNodes } from "../cluster/plain-nodes.ts";
import { clusterKey, type ClusterHandle, type ClusterSpec, type NodeGroup, type NodeKind } from "../cluster/spec.ts";
import type { Kubelet } from "../kubelet/kubelet.ts";

/** In place of an account, for clusters that are in none. */
const OUTSIDE = "outside";

/** Nodes of a cluster outside AWS. */
const NODES = 2;

/**
 * The control planes as the AWS twin sees them: a cluster that starts also gets a kubelet and a
 * kubeconfig for people, and loses both before it stops.
 */
export class FleetClusters {
    readonly #planes: ControlPlanes;
    readonly #kubelet: Kubelet;
    readonly #kubeconfigs: string;

    constructor(planes: ControlPlanes, kubelet: Kubelet, kubeconfigs: string) {
        this.#planes = planes;
        this.#kubelet = kubelet;
        this.#kubeconfigs = kubeconfigs;
    }

    async create(spec: ClusterSpec, signal: AbortSignal): Promise<ClusterHandle> {
        const handle = await this.#planes.create(spec, signal);
        this.#attach(handle);
        return handle;
    }

    /** Starts a cluster that AWS knows nothing of, with its nodes. One that runs already stays as it is. */
    async addOutside(name: string, kubernetesVersion: string): Promise<ClusterHandle> {
        const spec: ClusterSpec = {
            eks: false,
            accountId: OUTSIDE,
            region: "none",
            name,
            kubernetesVersion,
            serviceCidr: "10.96.0.0/16",
            issuer: "https://kubernetes.default.svc.cluster.local",
        };
        const key = clusterKey(spec);
        const handle = this.handle(key) ?? (await this.create(spec, new AbortController().signal));
        await addPlainNodes(this.#planes.client(key), NODES, kubernetesVersion);
        return handle;
    }

    /** Ends every cluster outside AWS. */
    async removeOutside(): Promise<void> {
        const outside = this.handles().filter(({ accountId }) => accountId === OUTSIDE);
        for (const { key } of outside) await this.delete(key);
    }

    handle(key: string): ClusterHandle | undefined {
        return this.#planes.handle(key);
    }

    handles(): ClusterHandle[] {
        return this.#planes.handles();
    }

    async delete(key: string, signal?: AbortSignal): Promise<void> {
        const handle = this.#planes.handle(key);
        await this.#kubelet.detach(key);
        await this.#planes.delete(key, signal);
        if (handle !== undefined) rmSync(this.kubeconfig(handle), { force: true });
    }

    async scaleNodes(key: string, group: NodeGroup): Promise<void> {
        await this.#planes.scaleNodes(key, group);
    }

    async removeNodes(key: string, group: string, kind?: NodeKind): Promise<void> {
        await this.#planes.removeNodes(key, group, kind);
    }

    /** What runs on the cluster goes on, as on EKS; only the API is away while it restarts. */
    async upgrade(key: string, kubernetesVersion: string, signal: AbortSignal): Promise<ClusterHandle> {
        return await this.#planes.upgrade(key, kubernetesVersion, signal);
    }

    async restore(): Promise<void> {
        await this.#planes.restore();
        for (const handle of this.#planes.handles()) this.#attach(handle);
    }

    /** Stops every cluster with what runs on it; the data stays. */
    async stopAll(): Promise<void> {
        for (const { key } of this.#planes.handles()) await this.#kubelet.detach(key);
        await this.#planes.stopAll();
    }

    /** The kubeconfig that people use: `<folder>/<cluster name>`. */
    kubeconfig(handle: ClusterHandle): string {
        return path.join(this.#kubeconfigs, handle.name);
    }

    #attach(handle: ClusterHandle): void {
        mkdirSync(this.#kubeconfigs, { recursive: true });
        copyFileSync(handle.adminKubeconfig, this.kubeconfig(handle));
        this.#kubelet.attach(handle);
    }
}
