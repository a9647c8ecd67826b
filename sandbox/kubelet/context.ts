import type { KubeClient } from "../cluster/kube-client.ts";
import type { ClusterHandle } from "../cluster/spec.ts";
import type { Ports } from "../process/ports.ts";
import type { Supervisor } from "../process/supervisor.ts";
import type { ServiceProxy } from "./service-proxy.ts";

/** A binary, whence it came, and files of its Go module's source under `assets`. */
export interface HostTool {
    path: string;
    origin: "path" | "built";
    assets?: string;
}

/** Programs that run as pods, and those that they call by name. */
export type HostTools = Record<"argocd" | "external-secrets" | "redis" | "helm" | "kustomize", HostTool>;

/**
 * The Pod Identity association of a service account in a cluster; undefined without one. Asked when a pod starts, as EKS
 * does: an association made later reaches the pods that start later.
 */
export type PodIdentity = (
    clusterKey: string,
    namespace: string,
    serviceAccount: string,
) => Association | undefined | Promise<Association | undefined>;

export interface Association {
    /** The cluster's; AWS_REGION of the pod. */
    region: string;
}

/** What the pods of one cluster share. */
export interface ClusterContext {
    handle: ClusterHandle;
    client: KubeClient;
    supervisor: Supervisor;
    ports: Ports;
    proxy: ServiceProxy;
    tools: HostTools;
    /** Folder of this cluster's pods. */
    dir: string;
    /** Folder with the programs by the names they are called. */
    bin: string;
    daemonUrl: string;
    podIdentity: PodIdentity;
}
