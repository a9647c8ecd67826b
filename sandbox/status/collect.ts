import path from "node:path";
import { KubeClient } from "../cluster/kube-client.ts";

export interface WorkloadStatus {
    kind: string;
    namespace: string;
    name: string;
    ready: number;
    desired: number;
}

export interface ApplicationStatus {
    name: string;
    sync: string;
    health: string;
    /** Git commit, or chart version; with several sources the last one, which is Git here. */
    revision: string;
    /** Why it is not Healthy or not Synced, as Argo CD says it; empty when it is. */
    message: string;
    workloads: WorkloadStatus[];
    images: string[];
}

export interface ClusterStatus {
    name: string;
    kubeconfig: string;
    /** False: its API server does not answer. */
    reachable: boolean;
    applications: ApplicationStatus[];
}

export interface FleetStatus {
    clusters: ClusterStatus[];
}

/** A cluster of the sandbox: name, API endpoint as Argo CD's destinations name it, admin kubeconfig. */
export interface ClusterEntry {
    name: string;
    endpoint: string;
    kubeconfig: string;
}

interface ApplicationObject {
    metadata: { name: string };
    spec: { destination: { server?: string; name?: string } };
    status?: {
        sync?: { status?: string; revision?: string; revisions?: string[] };
        health?: { status?: string; message?: string };
        conditions?: { type: string; message: string }[];
        operationState?: { phase?: string; message?: string };
        resources?: {
            kind: string;
            namespace?: string;
            name: string;
            health?: { status?: string; message?: string };
        }[];
    };
}

interface WorkloadObject {
    spec?: { replicas?: number; template?: { spec?: { containers?: { image: string }[] } } };
    status?: Record<string, number>;
}

const WORKLOADS: Record<string, string> = {
    Deployment: "deployments",
    StatefulSet: "statefulsets",
    DaemonSet: "daemonsets",
};

/**
 * Reads what Argo CD on the hub says of every Application, and from each cluster how many replicas
 * of its workloads are ready. The hub is the cluster that has Argo CD's Applications.
 */
export async function collectStatus(clusters: ClusterEntry[], hub: string): Promise<FleetStatus> {
    const apis = new Map(clusters.map(({ name, kubeconfig }) => [name, KubeClient.fromKubeconfig(kubeconfig)]));
    try {
        return await readFleet(clusters, hub, apis);
    } finally {
        for (const api of apis.values()) api.close();
    }
}

async function readFleet(clusters: ClusterEntry[], hub: string, apis: Map<string, KubeClient>): Promise<FleetStatus> {
    // None while the hub has no Argo CD yet, or does not answer.
    const list = await apis
        .get(hub)
        ?.find<{ items: ApplicationObject[] }>("/apis/argoproj.io/v1alpha1/namespaces/argocd/applications")
        .catch(() => undefined);
    const applications = list?.items ?? [];

    const names = new Map(clusters.map((cluster) => [cluster.endpoint, cluster.name]));
    names.set("https://kubernetes.default.svc", hub);
    const statuses = clusters.map(async (cluster): Promise<ClusterStatus> => {
        const api = apis.get(cluster.name);
        const mine = applications.filter((app) => {
            const { server, name } = app.spec.destination;
            return (server === undefined ? (name === "in-cluster" ? hub : name) : names.get(server)) === cluster.name;
        });
        const reachable = api !== undefined && (await answers(api));
        const rows = mine.map((app) => applicationStatus(app, reachable ? api : undefined));
        return {
            name: cluster.name,
            kubeconfig: path.resolve(cluster.kubeconfig),
            reachable,
            applications: (await Promise.all(rows)).toSorted((a, b) => a.name.localeCompare(b.name)),
        };
    });
    return { clusters: await Promise.all(statuses) };
}

async function answers(api: KubeClient): Promise<boolean> {
    return await api.get("/version").then(
        () => true,
        () => false,
    );
}

async function applicationStatus(app: ApplicationObject, api: KubeClient | undefined): Promise<ApplicationStatus> {
    const { status } = app;
    const workloads: WorkloadStatus[] = [];
    const images = new Set<string>();
    for (const resource of status?.resources ?? []) {
        const plural = WORKLOADS[resource.kind];
        if (plural === undefined || api === undefined) continue;
        const namespace = resource.namespace ?? "default";
        const object = await api.find<WorkloadObject>(
            `/apis/apps/v1/namespaces/${namespace}/${plural}/${resource.name}`,
        );
        const ready = object?.status?.["readyReplicas"] ?? object?.status?.["numberReady"] ?? 0;
        const desired = object?.spec?.replicas ?? object?.status?.["desiredNumberScheduled"] ?? 0;
        workloads.push({ kind: resource.kind, namespace, name: resource.name, ready, desired });
        for (const { image } of object?.spec?.template?.spec?.containers ?? []) images.add(image);
    }
    return {
        name: app.metadata.name,
        sync: status?.sync?.status ?? "Unknown",
        health: status?.health?.status ?? "Unknown",
        revision: status?.sync?.revisions?.at(-1) ?? status?.sync?.revision ?? "",
        message: problem(status),
        workloads,
        images: [...images].toSorted(),
    };
}

function problem(status: ApplicationObject["status"]): string {
    if (status?.sync?.status === "Synced" && status.health?.status === "Healthy") return "";
    const conditions = status?.conditions?.filter((condition) => /Error|Warning/.test(condition.type)) ?? [];
    const unhealthy = status?.resources?.find((resource) => resource.health?.message !== undefined);
    const operation = status?.operationState;
    return (
        conditions[0]?.message ??
        status?.health?.message ??
        (unhealthy === undefined
            ? undefined
            : `${unhealthy.kind}/${unhealthy.name}: ${unhealthy.health?.message ?? ""}`) ??
        (operation?.phase === "Succeeded" ? undefined : operation?.message) ??
        ""
    );
}
