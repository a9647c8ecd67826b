import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { MakesRoles } from "../identity/role-settings.ts";
import { accessPolicyArn } from "./access-policy.ts";
import { ServiceRole } from "./service-role.ts";

/** EKS Auto Mode, as configuration states it. */
export interface AutoModeSpec {
    /**
     * Built-in node pools. `general-purpose` is amd64 and on demand; `system` is either architecture and takes critical
     * add-ons only. Without any, node classes and pools come from Git.
     */
    nodePools: readonly ("general-purpose" | "system")[];
}

/** What a control plane's role needs for Auto Mode, besides AmazonEKSClusterPolicy. */
// https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html
export const autoModePolicies = [
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
] as const;

/** The role of Auto Mode's nodes. https://docs.aws.amazon.com/eks/latest/userguide/auto-create-node-role.html */
export function autoNodeRole(
    name: string,
    clusterName: string,
    iam: MakesRoles["iam"],
    parent: pulumi.Resource,
): ServiceRole {
    return new ServiceRole(
        `${name}-node`,
        {
            roleName: `${clusterName}-node`,
            service: "ec2.amazonaws.com",
            managedPolicies: ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"],
            iam,
        },
        { parent },
    );
}

/** Inputs of a cluster that switch Auto Mode on: EKS takes all three capabilities or none. */
export function autoModeInputs({ nodePools }: AutoModeSpec, nodeRoleArn: pulumi.Input<string>) {
    return {
        computeConfig: {
            enabled: true,
            nodePools: [...nodePools],
            // EKS wants it exactly when there is a built-in pool to use it.
            ...(nodePools.length === 0 ? {} : { nodeRoleArn }),
        },
        elasticLoadBalancing: { enabled: true },
        storageConfig: { blockStorage: { enabled: true } },
    };
}

/** Inputs of {@link AutoNodeAccess}. */
export interface AutoNodeAccessArgs {
    clusterName: string;
    /** Built from constants: a policy can judge it at the first preview. */
    nodeRoleArn: string;
}

/**
 * Lets nodes of node classes from Git join. EKS makes this access entry itself for the role of its built-in pools, and
 * refuses a second one. https://docs.aws.amazon.com/eks/latest/userguide/create-node-class.html
 */
export class AutoNodeAccess extends pulumi.ComponentResource {
    /** `opts.dependsOn` delays the entry: cluster and role have to exist by then. */
    constructor(name: string, args: AutoNodeAccessArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:cluster:AutoNodeAccess", name, {}, opts);
        const { clusterName, nodeRoleArn: principalArn } = args;
        const entry = new aws.eks.AccessEntry(
            `${name}-entry`,
            { clusterName, principalArn, type: "EC2" },
            { parent: this, dependsOn: opts?.dependsOn },
        );
        new aws.eks.AccessPolicyAssociation(
            `${name}-policy`,
            {
                clusterName,
                principalArn,
                policyArn: accessPolicyArn("AmazonEKSAutoNodePolicy"),
                accessScope: { type: "cluster" },
            },
            { parent: this, dependsOn: [entry] },
        );
        this.registerOutputs({});
    }
}
