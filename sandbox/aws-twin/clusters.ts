import type { ClusterHandle, ClusterSpec, NodeGroup, NodeKind } from "../cluster/spec.ts";

/** What the twin needs of the control planes; `sandbox/cluster` has real ones, tests a fake. */
export interface Clusters {
    create(spec: ClusterSpec, signal: AbortSignal): Promise<ClusterHandle>;
    handle(key: string): ClusterHandle | undefined;
    delete(key: string, signal?: AbortSignal): Promise<void>;
    scaleNodes(key: string, group: NodeGroup): Promise<void>;
    removeNodes(key: string, groupName: string, kind?: NodeKind): Promise<void>;
    /** Restarts a control plane with the next minor version; its data stays. */
    upgrade(key: string, kubernetesVersion: string, signal: AbortSignal): Promise<ClusterHandle>;
}
