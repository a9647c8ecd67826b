import type { ClusterHandle, ClusterSpec, NodeGroup } from "../cluster/spec.ts";

/** What the twin needs of the control planes; `sandbox/cluster` has real ones, tests a fake. */
export interface Clusters {
    create(spec: ClusterSpec, signal: AbortSignal): Promise<ClusterHandle>;
    handle(key: string): ClusterHandle | undefined;
    delete(key: string, signal?: AbortSignal): Promise<void>;
    scaleNodes(key: string, group: NodeGroup): Promise<void>;
    removeNodes(key: string, groupName: string): Promise<void>;
    /** Restarts a control plane with the next minor version. Without it a version change is refused. */
    upgrade?(key: string, kubernetesVersion: string, signal: AbortSignal): Promise<ClusterHandle>;
}
