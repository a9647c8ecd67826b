import { setTimeout as sleep } from "node:timers/promises";
import type { KubeClient } from "./kube-client.ts";

const READY_TIMEOUT_MS = 60_000;

/** Gives a cluster outside AWS its nodes, and resolves when they are Ready; kwok plays their kubelets. */
export async function addPlainNodes(client: KubeClient, count: number, kubernetesVersion: string): Promise<void> {
    const names = Array.from({ length: count }, (_, index) => `node-${index}`);
    await Promise.all(
        names.map((name) =>
            client.patch(
                `/api/v1/nodes/${name}?fieldManager=sandbox&force=true`,
                "apply",
                plainNode(name, kubernetesVersion),
            ),
        ),
    );
    const deadline = Date.now() + READY_TIMEOUT_MS;
    for (const name of names) {
        while (!(await isReady(client, name))) {
            if (Date.now() > deadline) throw new Error(`Node ${name} is not Ready. kwok's log says why.`);
            await sleep(50);
        }
    }
}

async function isReady(client: KubeClient, name: string): Promise<boolean> {
    const { status } = await client.get<{ status?: { conditions?: { type: string; status: string }[] } }>(
        `/api/v1/nodes/${name}`,
    );
    return status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;
}

function plainNode(name: string, kubernetesVersion: string): object {
    const resources = { cpu: "4", memory: "16Gi", "ephemeral-storage": "80Gi", pods: "110" };
    return {
        apiVersion: "v1",
        kind: "Node",
        metadata: {
            name,
            annotations: { "kwok.x-k8s.io/node": "fake" },
            labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" },
        },
        status: {
            capacity: resources,
            allocatable: resources,
            nodeInfo: {
                architecture: "amd64",
                operatingSystem: "linux",
                kubeletVersion: `v${kubernetesVersion}.0-kwok`,
                kubeProxyVersion: "",
                containerRuntimeVersion: "containerd://2.1.0",
                kernelVersion: "kwok",
                osImage: "kwok",
                bootID: "",
                machineID: "",
                systemUUID: "",
            },
        },
    };
}
