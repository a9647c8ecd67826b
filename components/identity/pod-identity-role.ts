import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { eksClusterArn } from "../../contract/names.ts";
import { policyJson, type PolicyDocument } from "./policy-document.ts";
import { commonRoleArgs, type MakesRoles } from "./role-settings.ts";

/** The pods that may hold a role. */
export interface PodIdentityHolder {
    accountId: string;
    region: string;
    clusterName: string;
    namespace: string;
    serviceAccounts: readonly string[];
}

/** Inputs of {@link PodIdentityRole}. */
export interface PodIdentityRoleArgs extends PodIdentityHolder, MakesRoles {
    /** Name under the IAM path of the fleet; other accounts' policies mention the ARN. */
    roleName: string;
    /** What the role may do. */
    permissions?: PolicyDocument;
    /** Names of AWS managed policies that say so instead, or besides. */
    managedPolicies?: readonly string[];
}

/** A role that EKS Pod Identity hands to service accounts of one namespace of one cluster. */
export class PodIdentityRole extends pulumi.ComponentResource {
    readonly arn: pulumi.Output<string>;

    /** `opts.dependsOn` delays the associations: the cluster has to exist by then. */
    constructor(name: string, args: PodIdentityRoleArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:identity:PodIdentityRole", name, {}, opts);
        const role = new aws.iam.Role(
            `${name}-role`,
            {
                name: args.roleName,
                ...commonRoleArgs(args.iam),
                assumeRolePolicy: policyJson(podIdentityTrust(args)),
                maxSessionDuration: 3600,
            },
            { parent: this },
        );
        const permissions: pulumi.Resource[] = (args.managedPolicies ?? []).map(
            (policy) =>
                new aws.iam.RolePolicyAttachment(
                    `${name}-${policy}`,
                    { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
                    { parent: this },
                ),
        );
        if (args.permissions !== undefined) {
            permissions.push(
                new aws.iam.RolePolicy(
                    `${name}-permissions`,
                    { name: "permissions", role: role.name, policy: policyJson(args.permissions) },
                    { parent: this },
                ),
            );
        }
        for (const serviceAccount of args.serviceAccounts) {
            new aws.eks.PodIdentityAssociation(
                `${name}-${serviceAccount}`,
                {
                    clusterName: args.clusterName,
                    namespace: args.namespace,
                    serviceAccount,
                    roleArn: role.arn,
                },
                // Credentials that cannot do anything yet would be cached by the pods.
                pulumi.mergeOptions({ parent: this, dependsOn: permissions }, { dependsOn: opts?.dependsOn }),
            );
        }
        this.arn = role.arn;
        this.registerOutputs({ arn: this.arn });
    }
}

/**
 * Trust in the Pod Identity service, narrowed to one account, cluster, namespace and a few service accounts.
 * Without the conditions any cluster of the account could associate the role with any pod.
 */
export function podIdentityTrust(holder: PodIdentityHolder): PolicyDocument {
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "PodIdentity",
                Effect: "Allow",
                Principal: { Service: "pods.eks.amazonaws.com" },
                Action: ["sts:AssumeRole", "sts:TagSession"],
                Condition: {
                    StringEquals: {
                        "aws:SourceAccount": holder.accountId,
                        "aws:RequestTag/kubernetes-namespace": holder.namespace,
                        "aws:RequestTag/kubernetes-service-account": holder.serviceAccounts,
                    },
                    ArnEquals: {
                        "aws:SourceArn": eksClusterArn(holder.region, holder.accountId, holder.clusterName),
                    },
                },
            },
        ],
    };
}
