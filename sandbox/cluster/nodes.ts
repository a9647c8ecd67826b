import { createHash } from "node:crypto";
import type { ClusterHandle, NodeGroup, NodeKind } from "./spec.ts";

/** The label by which AWS says where a node belongs. */
export const OWNER_LABELS: Record<NodeKind, string> = {
    nodeGroup: "eks.amazonaws.com/nodegroup",
    nodePool: "karpenter.sh/nodepool",
};

/** vCPUs by size: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html */
const SIZES: Record<string, number> = { medium: 1, large: 2, xlarge: 4 };
/** GiB for each vCPU by the family's first letter. */
const MEMORY_RATIO: Record<string, number> = { c: 2, m: 4, t: 4, r: 8 };

/** Name of a group's nth node. */
export function nodeName(handle: ClusterHandle, groupName: string, index: number): string {
    return `${groupName}-${index}.${handle.region}.compute.internal`;
}

/** A Node object as an EKS node of this group registers it; kwok plays its kubelet. */
export function node(handle: ClusterHandle, group: NodeGroup, index: number): object {
    const name = nodeName(handle, group.name, index);
    const zone = `${handle.region}${"abc"[index % 3]}`;
    const { cpu, memoryGiB, arch } = instance(group.instanceType);
    const resources = { cpu: String(cpu), memory: `${memoryGiB}Gi`, "ephemeral-storage": "80Gi", pods: "110" };
    const instanceId = createHash("sha256")
        .update(`${handle.key}/${name}/${group.kubernetesVersion}`)
        .digest("hex")
        .slice(0, 17);
    return {
        apiVersion: "v1",
        kind: "Node",
        metadata: {
            name,
            annotations: { "kwok.x-k8s.io/node": "fake", "node.alpha.kubernetes.io/ttl": "0" },
            labels: {
                "kubernetes.io/hostname": name,
                "kubernetes.io/os": "linux",
                "kubernetes.io/arch": arch,
                "node.kubernetes.io/instance-type": group.instanceType,
                "topology.kubernetes.io/region": handle.region,
                "topology.kubernetes.io/zone": zone,
                [OWNER_LABELS[group.kind ?? "nodeGroup"]]: group.name,
                ...group.labels,
            },
        },
        spec: {
            providerID: `aws:///${zone}/i-${instanceId}`,
            ...(group.taints.length === 0 ? {} : { taints: group.taints }),
        },
        status: {
            capacity: resources,
            allocatable: resources,
            nodeInfo: {
                architecture: arch,
                operatingSystem: "linux",
                kubeletVersion: kubeletVersion(group),
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

/** Version that a group's nodes report. */
export function kubeletVersion({ kubernetesVersion }: NodeGroup): string {
    return `v${kubernetesVersion}.0-eks-kwok`;
}

/** Capacity and architecture of a general-purpose, compute or memory instance type. */
export function instance(type: string): { cpu: number; memoryGiB: number; arch: "arm64" | "amd64" } {
    const match = /^([cmrt])\d+([a-z]*)\.(?:(\d+)xlarge|(medium|large|xlarge))$/.exec(type);
    if (match === null) {
        throw new Error(
            `Instance type ${type} is not known to the sandbox: it knows families c, m, r and t in sizes medium, ` +
                `large, xlarge and <n>xlarge, e.g. m7g.large.`,
        );
    }
    const [, family = "", attributes = "", multiple, size = ""] = match;
    // t is burstable: two vCPUs below xlarge.
    const single = family === "t" && size === "medium" ? 2 : (SIZES[size] ?? 0);
    const cpu = multiple === undefined ? single : Number(multiple) * 4;
    const memoryGiB = family === "t" && size === "medium" ? 4 : cpu * (MEMORY_RATIO[family] ?? 0);
    // The g after the generation is Graviton.
    return { cpu, memoryGiB, arch: attributes.includes("g") ? "arm64" : "amd64" };
}
