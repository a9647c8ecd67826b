import { KubeClient } from "../cluster/kube-client.ts";
import type { ClusterEntry, FleetStatus } from "./collect.ts";

/** Applications that are not both Synced and Healthy. */
export function unsettled(status: FleetStatus): string[] {
    const all = status.clusters.flatMap(({ applications }) => applications);
    return all.filter(({ sync, health }) => sync !== "Synced" || health !== "Healthy").map(({ name }) => name);
}

/**
 * Asks Argo CD to look at Applications again, as its Refresh button does. While CRDs are being installed it now and
 * then misses that a workload became ready, and would see it at its next reconciliation, two minutes later.
 */
export async function refreshApplications(hub: ClusterEntry, names: string[]): Promise<void> {
    const client = KubeClient.fromKubeconfig(hub.kubeconfig);
    const annotations = { "argocd.argoproj.io/refresh": "normal" };
    try {
        await Promise.all(
            names.map((name) =>
                client.patch(`/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/${name}`, "merge", {
                    metadata: { annotations },
                }),
            ),
        );
    } finally {
        client.close();
    }
}
