import assert from "node:assert/strict";

import { karpenterPermissions } from "../../../components/identity/addons/karpenter.ts";
import { KarpenterSupport } from "../../../components/identity/karpenter-support.ts";
import { place, runMocked } from "../../harness/pulumi.ts";

const here = { ...place, clusterName: "dev-01" };
const support = () => runMocked(() => void new KarpenterSupport("k", { ...here, iam: { path: "/platform/" } }));

describe("components/identity: KarpenterSupport", () => {
    it("lets nodes of a role of their own into the cluster, as Linux nodes", async () => {
        const run = await support();
        assert.deepEqual(run.only("aws:eks/accessEntry:AccessEntry").inputs, {
            clusterName: "dev-01",
            principalArn: "arn:aws:iam::222222222222:role/platform/dev-01-karpenter-node",
            type: "EC2_LINUX",
        });
        const role = run.only("aws:iam/role:Role").inputs;
        assert.deepEqual([role.name, role.path], ["dev-01-karpenter-node", "/platform/"]);
        assert.deepEqual(JSON.parse(String(role.assumeRolePolicy)).Statement, [
            {
                Sid: "Service",
                Effect: "Allow",
                Principal: { Service: "ec2.amazonaws.com" },
                Action: ["sts:AssumeRole"],
            },
        ]);
    });

    it("fills an encrypted queue with what may interrupt nodes, and takes it from this rule and by TLS only", async () => {
        const run = await support();
        assert.deepEqual(run.only("aws:sqs/queue:Queue").inputs, {
            name: "dev-01-karpenter",
            messageRetentionSeconds: 300,
            sqsManagedSseEnabled: true,
        });
        const Resource = "arn:aws:sqs:eu-west-1:222222222222:dev-01-karpenter";
        const policy = run.only("aws:sqs/queuePolicy:QueuePolicy").inputs;
        assert.equal(policy.queueUrl, "https://sqs.eu-west-1.amazonaws.com/222222222222/dev-01-karpenter");
        assert.deepEqual(JSON.parse(String(policy.policy)), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "Events",
                    Effect: "Allow",
                    Principal: { Service: "events.amazonaws.com" },
                    Action: ["sqs:SendMessage"],
                    Resource,
                    Condition: {
                        ArnEquals: { "aws:SourceArn": "arn:aws:events:eu-west-1:222222222222:rule/dev-01-karpenter" },
                    },
                },
                {
                    Sid: "OnlyTls",
                    Effect: "Deny",
                    Principal: { AWS: "*" },
                    Action: ["sqs:*"],
                    Resource,
                    Condition: { Bool: { "aws:SecureTransport": "false" } },
                },
            ],
        });
        const rule = run.only("aws:cloudwatch/eventRule:EventRule").inputs;
        assert.equal(rule.name, "dev-01-karpenter");
        assert.deepEqual(JSON.parse(String(rule.eventPattern)), {
            source: ["aws.ec2", "aws.health"],
            "detail-type": [
                "AWS Health Event",
                "EC2 Capacity Reservation Instance Interruption Warning",
                "EC2 Instance Rebalance Recommendation",
                "EC2 Instance State-change Notification",
                "EC2 Spot Instance Interruption Warning",
            ],
        });
        assert.deepEqual(run.only("aws:cloudwatch/eventTarget:EventTarget").inputs, {
            rule: "dev-01-karpenter",
            targetId: "karpenter",
            arn: Resource,
        });
    });

    it("leaves Karpenter nothing that is neither tagged, nor a role of one name, nor reading", () => {
        const policy = karpenterPermissions({ ...here, path: "/platform/" });
        // IAM counts what is inline in a role without white space.
        assert.ok(JSON.stringify(policy).length < 10_240);
        const open = policy.Statement.filter(({ Condition }) => Condition === undefined).map(({ Sid }) => Sid);
        assert.deepEqual(open, [
            "StartFrom",
            "ReadProfiles",
            "ListProfiles",
            "ReadImageNames",
            "ReadPrices",
            "FindCluster",
            "HearOfInterruptions",
        ]);
        const pass = policy.Statement.find(({ Sid }) => Sid === "PassNodeRole");
        assert.equal(pass?.Resource, "arn:aws:iam::222222222222:role/platform/dev-01-karpenter-node");
    });
});
