import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import {
    fleetRoleArn,
    karpenterNodeRoleName,
    karpenterQueueArn,
    karpenterQueueName,
    karpenterRuleArn,
} from "../../contract/names.ts";
import { ServiceRole } from "../cluster/service-role.ts";
import type { AddonPlace } from "./addons/place.ts";
import { policyJson, type PolicyDocument } from "./policy-document.ts";
import type { MakesRoles } from "./role-settings.ts";

/** Inputs of {@link KarpenterSupport}. */
export interface KarpenterSupportArgs extends AddonPlace, MakesRoles {}

/**
 * What Karpenter needs besides its own role: the role of its nodes, which the cluster lets in, and a queue that says
 * when EC2 is about to take a node away. Karpenter makes instance profiles itself, from an EC2NodeClass that names the
 * role.
 */
export class KarpenterSupport extends pulumi.ComponentResource {
    /** `opts.dependsOn` delays the access entry: the cluster has to exist by then. */
    constructor(name: string, args: KarpenterSupportArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:identity:KarpenterSupport", name, {}, opts);
        const { accountId, clusterName, iam } = args;
        const roleName = karpenterNodeRoleName(clusterName);
        const role = new ServiceRole(
            `${name}-node`,
            {
                roleName,
                service: "ec2.amazonaws.com",
                managedPolicies: [
                    "AmazonEKSWorkerNodePolicy",
                    "AmazonEC2ContainerRegistryPullOnly",
                    // The CNI runs before Pod Identity can serve it, so its permissions come from the node.
                    "AmazonEKS_CNI_Policy",
                ],
                iam,
            },
            { parent: this },
        );
        new aws.eks.AccessEntry(
            `${name}-node-entry`,
            { clusterName, principalArn: fleetRoleArn(accountId, roleName, iam?.path), type: "EC2_LINUX" },
            pulumi.mergeOptions({ parent: this, dependsOn: [role] }, { dependsOn: opts?.dependsOn }),
        );

        const queue = new aws.sqs.Queue(
            `${name}-queue`,
            {
                name: karpenterQueueName(clusterName),
                // A warning older than that is of a node that is gone.
                messageRetentionSeconds: 300,
                sqsManagedSseEnabled: true,
            },
            { parent: this },
        );
        const policy = new aws.sqs.QueuePolicy(
            `${name}-queue-policy`,
            { queueUrl: queue.url, policy: policyJson(karpenterQueuePolicy(args)) },
            { parent: this },
        );
        const rule = new aws.cloudwatch.EventRule(
            `${name}-rule`,
            {
                name: karpenterQueueName(clusterName),
                description: `What may interrupt nodes of ${clusterName}`,
                eventPattern: JSON.stringify(interruptionEvents),
            },
            { parent: this },
        );
        new aws.cloudwatch.EventTarget(
            `${name}-target`,
            { rule: rule.name, targetId: "karpenter", arn: queue.arn },
            { parent: this, dependsOn: [policy] },
        );
        this.registerOutputs({});
    }
}

/** Events that Karpenter understands. https://karpenter.sh/docs/concepts/disruption/#interruption */
const interruptionEvents = {
    source: ["aws.ec2", "aws.health"],
    "detail-type": [
        "AWS Health Event",
        "EC2 Capacity Reservation Instance Interruption Warning",
        "EC2 Instance Rebalance Recommendation",
        "EC2 Instance State-change Notification",
        "EC2 Spot Instance Interruption Warning",
    ],
};

/** EventBridge may send, for this one rule; nobody may do anything without TLS. Karpenter's own role reads. */
export function karpenterQueuePolicy({ accountId, region, clusterName }: AddonPlace): PolicyDocument {
    const Resource = karpenterQueueArn(region, accountId, clusterName);
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "Events",
                Effect: "Allow",
                Principal: { Service: "events.amazonaws.com" },
                Action: ["sqs:SendMessage"],
                Resource,
                Condition: { ArnEquals: { "aws:SourceArn": karpenterRuleArn(region, accountId, clusterName) } },
            },
            {
                Sid: "OnlyTls",
                Effect: "Deny",
                Principal: { AWS: "*" },
                // Whatever SQS can do: without TLS nothing of it may happen.
                Action: ["sqs:*"],
                Resource,
                Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
        ],
    };
}
