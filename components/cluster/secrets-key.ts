import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { keyAdministration } from "../identity/key-administration.ts";
import { policyJson, type PolicyDocument } from "../identity/policy-document.ts";

/** Inputs of {@link SecretsKey}. */
export interface SecretsKeyArgs {
    clusterName: string;
    accountId: string;
    /** Role that creates the cluster. */
    deployRoleArn: string;
    /** Role that the control plane holds. Built from constants: the policy is then complete at the first preview. */
    clusterRoleArn: string;
    /** Whether Pulumi refuses to delete the key. */
    protect: boolean;
}

/** The key that encrypts Kubernetes Secrets at rest. Losing it loses them, so AWS waits 30 days before it deletes it. */
export class SecretsKey extends pulumi.ComponentResource {
    readonly arn: pulumi.Output<string>;

    /** `opts.dependsOn` delays the key: AWS refuses a policy that mentions a role which does not exist. */
    constructor(name: string, args: SecretsKeyArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:cluster:SecretsKey", name, {}, opts);
        const key = new aws.kms.Key(
            `${name}-key`,
            {
                description: `Kubernetes Secrets of cluster ${args.clusterName}`,
                enableKeyRotation: true,
                deletionWindowInDays: 30,
                policy: policyJson(secretsKeyPolicy(args.accountId, args.deployRoleArn, args.clusterRoleArn)),
            },
            { parent: this, protect: args.protect, dependsOn: opts?.dependsOn },
        );
        new aws.kms.Alias(
            `${name}-alias`,
            { name: `alias/fleet/${args.clusterName}/kubernetes-secrets`, targetKeyId: key.keyId },
            { parent: this },
        );
        this.arn = key.arn;
        this.registerOutputs({ arn: this.arn });
    }
}

/** The account administers; the deployer lets EKS use the key; the control plane encrypts and decrypts. */
export function secretsKeyPolicy(accountId: string, deployRoleArn: string, clusterRoleArn: string): PolicyDocument {
    return {
        Version: "2012-10-17",
        Statement: [
            keyAdministration(accountId),
            {
                Sid: "ClusterCreation",
                Effect: "Allow",
                Principal: { AWS: deployRoleArn },
                Action: ["kms:CreateGrant", "kms:DescribeKey"],
                Resource: "*",
            },
            {
                Sid: "ControlPlane",
                Effect: "Allow",
                Principal: { AWS: clusterRoleArn },
                Action: ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
                Resource: "*",
            },
        ],
    };
}
