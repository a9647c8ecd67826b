import * as pulumi from "@pulumi/pulumi";

import { PodIdentityRole } from "../identity/pod-identity-role.ts";
import type { MakesRoles } from "../identity/role-settings.ts";
import { clusterAddon, type AddonCluster } from "./cluster-addon.ts";
import { NodeGroup, type NodeGroupSpec } from "./node-group.ts";
import { ServiceRole } from "./service-role.ts";

/** What {@link managedNodes} makes nodes for. */
export interface ManagedNodesArgs extends MakesRoles {
    accountId: string;
    region: string;
    clusterName: string;
    cluster: AddonCluster;
    nodeGroups: Readonly<Record<string, NodeGroupSpec>>;
    subnetIds: pulumi.Input<string>[];
    /** What has to exist before a pod may ask for credentials. */
    controlPlane: pulumi.Resource;
    /** What has to exist before a node starts: the VPC's routes. */
    network: pulumi.ComponentResourceOptions["dependsOn"];
}

/**
 * Managed node groups, the role of their nodes and the add-ons without which they are none: children of `parent`, in
 * the order in which EKS needs them.
 */
export function managedNodes(name: string, args: ManagedNodesArgs, parent: pulumi.Resource): void {
    const { cluster, clusterName } = args;
    const role = new ServiceRole(
        `${name}-node`,
        {
            roleName: `${clusterName}-node`,
            service: "ec2.amazonaws.com",
            managedPolicies: [
                "AmazonEKSWorkerNodePolicy",
                "AmazonEC2ContainerRegistryPullOnly",
                // The CNI runs before Pod Identity can serve it, so its permissions come from the node.
                "AmazonEKS_CNI_Policy",
            ],
            iam: args.iam,
        },
        { parent },
    );
    // DaemonSets first: a node is ready only once it has its network.
    const beforeNodes = (["vpc-cni", "kube-proxy", "eks-pod-identity-agent"] as const).map((addon) =>
        clusterAddon(`${name}-${addon}`, addon, cluster, { parent }),
    );
    const groups = Object.entries(args.nodeGroups).map(
        ([groupName, spec]) =>
            new NodeGroup(
                `${name}-${groupName}`,
                {
                    ...spec,
                    groupName,
                    clusterName: cluster.name,
                    kubernetesVersion: spec.kubernetesVersion ?? cluster.kubernetesVersion,
                    nodeRoleArn: role.arn,
                    subnetIds: args.subnetIds,
                },
                pulumi.mergeOptions({ parent, dependsOn: [role, ...beforeNodes] }, { dependsOn: args.network }),
            ),
    );
    // Deployments: they are active only once they can be scheduled.
    clusterAddon(`${name}-coredns`, "coredns", cluster, { parent, dependsOn: groups });
    const ebsCsi = new PodIdentityRole(
        `${name}-ebs-csi-pods`,
        {
            roleName: `${clusterName}-ebs-csi`,
            accountId: args.accountId,
            region: args.region,
            clusterName,
            namespace: "kube-system",
            serviceAccounts: ["ebs-csi-controller-sa"],
            // Only volumes that the driver itself has tagged; its predecessor without V2 touches any.
            // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEBSCSIDriverPolicyV2.html
            managedPolicies: ["AmazonEBSCSIDriverPolicyV2"],
            iam: args.iam,
        },
        { parent, dependsOn: [args.controlPlane] },
    );
    clusterAddon(`${name}-aws-ebs-csi-driver`, "aws-ebs-csi-driver", cluster, {
        parent,
        dependsOn: [ebsCsi, ...groups],
    });
}
