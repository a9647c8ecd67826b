import { setTimeout as sleep } from "node:timers/promises";
import type { KubeClient } from "./kube-client.ts";
import { kubeletVersion, node, nodeName, OWNER_LABELS } from "./nodes.ts";
import type { ClusterHandle, NodeGroup, NodeKind } from "./spec.ts";

interface NodeList {
    items: {
        metadata: { name: string };
        status?: { conditions?: { type: string; status: string }[]; nodeInfo?: { kubeletVersion: string } };
    }[];
}

interface PodList {
    items: { metadata: { name: string; namespace: string; ownerReferences?: { kind: string }[] } }[];
}

const READY_TIMEOUT_MS = 60_000;

/** Brings a group to its count, labels and version; resolves when every node is Ready. */
export async function scaleNodes(client: KubeClient, handle: ClusterHandle, group: NodeGroup): Promise<void> {
    const wanted = Array.from({ length: group.count }, (_, index) => nodeName(handle, group.name, index));
    const present = await nodesOf(client, group.name, group.kind);
    const surplus = present.filter(({ metadata }) => !wanted.includes(metadata.name));
    await Promise.all(surplus.map(({ metadata }) => removeNode(client, metadata.name)));
    const apply = (name: string) =>
        client.patch(
            `/api/v1/nodes/${name}?fieldManager=eks&force=true`,
            "apply",
            node(handle, group, wanted.indexOf(name)),
        );
    const outdated = present.filter(({ status }) => status?.nodeInfo?.kubeletVersion !== kubeletVersion(group));
    // EKS makes a new instance for each old one, and drains one at a time.
    for (const { metadata } of outdated.filter((old) => !surplus.includes(old))) {
        await removeNode(client, metadata.name);
        await apply(metadata.name);
    }
    await Promise.all(wanted.map(apply));
    await allReady(client, group);
}

/** Removes every node of a group. */
export async function removeNodes(client: KubeClient, groupName: string, kind?: NodeKind): Promise<void> {
    const nodes = await nodesOf(client, groupName, kind);
    await Promise.all(nodes.map(({ metadata }) => removeNode(client, metadata.name)));
}

async function nodesOf(
    client: KubeClient,
    groupName: string,
    kind: NodeKind = "nodeGroup",
): Promise<NodeList["items"]> {
    const selector = encodeURIComponent(`${OWNER_LABELS[kind]}=${groupName}`);
    return (await client.get<NodeList>(`/api/v1/nodes?labelSelector=${selector}`)).items;
}

async function allReady(client: KubeClient, group: NodeGroup): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    for (;;) {
        const nodes = await nodesOf(client, group.name, group.kind);
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
