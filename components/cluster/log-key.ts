import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { keyAdministration } from "../identity/key-administration.ts";
import { policyJson, type PolicyDocument } from "../identity/policy-document.ts";

/** Inputs of {@link LogKey}. */
export interface LogKeyArgs {
    clusterName: string;
    accountId: string;
    region: string;
    /** The log group that the key encrypts. */
    logGroupName: string;
    /** Whether Pulumi refuses to delete the key. */
    protect: boolean;
}

/**
 * The key that encrypts a control plane's logs at rest, the audit log among them. Disabling it withdraws all of them at
 * once.
 */
export class LogKey extends pulumi.ComponentResource {
    readonly arn: pulumi.Output<string>;

    constructor(name: string, args: LogKeyArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:cluster:LogKey", name, {}, opts);
        const key = new aws.kms.Key(
            `${name}-key`,
            {
                description: `Control plane logs of cluster ${args.clusterName}`,
                enableKeyRotation: true,
                deletionWindowInDays: 30,
                policy: policyJson(logKeyPolicy(args.region, args.accountId, args.logGroupName)),
            },
            { parent: this, protect: args.protect },
        );
        new aws.kms.Alias(
            `${name}-alias`,
            { name: `alias/fleet/${args.clusterName}/control-plane-logs`, targetKeyId: key.keyId },
            { parent: this },
        );
        this.arn = key.arn;
        this.registerOutputs({ arn: this.arn });
    }
}

/**
 * The account administers; CloudWatch Logs of one region encrypts and decrypts for one log group.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function logKeyPolicy(region: string, accountId: string, logGroupName: string): PolicyDocument {
    return {
        Version: "2012-10-17",
        Statement: [
            keyAdministration(accountId),
            {
                Sid: "CloudWatchLogs",
                Effect: "Allow",
                Principal: { Service: `logs.${region}.amazonaws.com` },
                // The wildcards are AWS's: each stands for an action and its variants (ReEncryptFrom, ReEncryptTo, …).
                Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
                Resource: "*",
                Condition: {
                    ArnEquals: {
                        "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${accountId}:log-group:${logGroupName}`,
                    },
                },
            },
        ],
    };
}
