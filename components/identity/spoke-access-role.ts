import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { argocdNamespace, argocdServiceAccounts, fleetRoleArn, spokeRoleName } from "../../contract/names.ts";
import { ClusterAdminAccess } from "../cluster/cluster-admin-access.ts";
import { policyJson, type PolicyDocument } from "./policy-document.ts";
import { commonRoleArgs, type MakesRoles } from "./role-settings.ts";

/** Inputs of {@link SpokeAccessRole}. */
export interface SpokeAccessRoleArgs extends MakesRoles {
    /** The spoke's cluster. */
    clusterName: string;
    /** Account of the spoke. */
    accountId: string;
    /** Role of the hub's Argo CD pods. */
    hubArgocdRoleArn: pulumi.Input<string>;
    /** Cluster those pods run on. */
    hubClusterArn: pulumi.Input<string>;
}

/**
 * The door the hub's Argo CD comes in by: a role with no permissions in AWS, trusting one role of the hub, and an
 * access entry that makes its holder an administrator of this cluster.
 */
export class SpokeAccessRole extends pulumi.ComponentResource {
    readonly roleArn: pulumi.Output<string>;

    /** `opts.dependsOn` delays the access entry: the cluster has to exist by then. */
    constructor(name: string, args: SpokeAccessRoleArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:identity:SpokeAccessRole", name, {}, opts);
        const role = new aws.iam.Role(
            `${name}-role`,
            {
                name: spokeRoleName(args.clusterName),
                ...commonRoleArgs(args.iam),
                assumeRolePolicy: pulumi
                    .all([args.hubArgocdRoleArn, args.hubClusterArn])
                    .apply(([hubRole, hubCluster]) => policyJson(spokeAccessTrust(hubRole, hubCluster))),
                maxSessionDuration: 3600,
            },
            { parent: this },
        );
        new ClusterAdminAccess(
            `${name}-admin`,
            {
                clusterName: args.clusterName,
                principalArn: fleetRoleArn(args.accountId, spokeRoleName(args.clusterName), args.iam?.path),
            },
            pulumi.mergeOptions({ parent: this, dependsOn: [role] }, { dependsOn: opts?.dependsOn }),
        );
        this.roleArn = role.arn;
        this.registerOutputs({ roleArn: this.roleArn });
    }
}

/**
 * Trust in exactly one role, and only while an Argo CD pod of the hub's cluster holds it: Pod Identity's session tags
 * are transitive and cannot be set by the pod. No `sts:ExternalId`: argocd-k8s-auth has no way to send one.
 */
export function spokeAccessTrust(hubArgocdRoleArn: string, hubClusterArn: string): PolicyDocument {
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "HubArgocd",
                Effect: "Allow",
                Principal: { AWS: hubArgocdRoleArn },
                Action: ["sts:AssumeRole", "sts:TagSession"],
                Condition: {
                    StringEquals: {
                        "aws:PrincipalTag/eks-cluster-arn": hubClusterArn,
                        "aws:PrincipalTag/kubernetes-namespace": argocdNamespace,
                        "aws:PrincipalTag/kubernetes-service-account": argocdServiceAccounts,
                    },
                },
            },
        ],
    };
}
