import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { ControlPlanes } from "../cluster/control-planes.ts";
import type { ClusterHandle, ClusterSpec, NodeGroup, NodeKind } from "../cluster/spec.ts";
import type { Kubelet } from "../kubelet/kubelet.ts";

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
