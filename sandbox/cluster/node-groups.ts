import { setTimeout as sleep } from "node:timers/promises";
import type { KubeClient } from "./kube-client.ts";
import { node, nodeName } from "./nodes.ts";
import type { ClusterHandle, NodeGroup } from "./spec.ts";

interface NodeList {
    items: { metadata: { name: string }; status?: { conditions?: { type: string; status: string }[] } }[];
}

interface PodList {
    items: { metadata: { name: string; namespace: string; ownerReferences?: { kind: string }[] } }[];
}

const READY_TIMEOUT_MS = 60_000;

/** Brings a group to its count, labels and version; resolves when every node is Ready. */
export async function scaleNodes(client: KubeClient, handle: ClusterHandle, group: NodeGroup): Promise<void> {
    const wanted = Array.from({ length: group.count }, (_, index) => nodeName(handle, group.name, index));
    const present = await names(client, group.name);
    await Promise.all(present.filter((name) => !wanted.includes(name)).map((name) => removeNode(client, name)));
    await Promise.all(
        wanted.map((name, index) =>
            client.patch(`/api/v1/nodes/${name}?fieldManager=eks&force=true`, "apply", node(handle, group, index)),
        ),
    );
    await allReady(client, group);
}

/** Removes every node of a group. */
export async function removeNodes(client: KubeClient, groupName: string): Promise<void> {
    await Promise.all((await names(client, groupName)).map((name) => removeNode(client, name)));
}

async function names(client: KubeClient, groupName: string): Promise<string[]> {
    return (await nodesOf(client, groupName)).map((n) => n.metadata.name);
}

async function nodesOf(client: KubeClient, groupName: string): Promise<NodeList["items"]> {
    const selector = encodeURIComponent(`eks.amazonaws.com/nodegroup=${groupName}`);
    return (await client.get<NodeList>(`/api/v1/nodes?labelSelector=${selector}`)).items;
}

async function allReady(client: KubeClient, group: NodeGroup): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    for (;;) {
        const nodes = await nodesOf(client, group.name);
        const ready = nodes.filter((n) => n.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True"));
        if (ready.length >= group.count) {
            return;
        }
        if (Date.now() > deadline) {
            throw new Error(
                `Node group ${group.name}: ${ready.length} of ${group.count} nodes are Ready after ` +
                    `${READY_TIMEOUT_MS / 1000} s. kwok's log says why.`,
            );
        }
        await sleep(50);
    }
}

/** Cordons the node, deletes its pods as a drain does (DaemonSets' stay), then the node. */
async function removeNode(client: KubeClient, name: string): Promise<void> {
    await client.patch(`/api/v1/nodes/${name}`, "merge", { spec: { unschedulable: true } });
    const selector = encodeURIComponent(`spec.nodeName=${name}`);
    const { items } = await client.get<PodList>(`/api/v1/pods?fieldSelector=${selector}`);
    const evicted = items.filter((p) => !p.metadata.ownerReferences?.some((o) => o.kind === "DaemonSet"));
    await Promise.all(
        evicted.map((p) => client.delete(`/api/v1/namespaces/${p.metadata.namespace}/pods/${p.metadata.name}`)),
    );
    await client.delete(`/api/v1/nodes/${name}`);
}
