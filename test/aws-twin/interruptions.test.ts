import assert from "node:assert/strict";

import type { Props } from "../../sandbox/engine/kit/types.ts";
import { T } from "../../sandbox/aws-twin/tokens.ts";
import { type Made, World } from "./support/world.ts";

const arn = "arn:aws:sqs:eu-west-1:111111111111:dev-01-karpenter";
const url = "https://sqs.eu-west-1.amazonaws.com/111111111111/dev-01-karpenter";
const eventPattern = JSON.stringify({ source: ["aws.ec2"], detail: { state: ["stopped"] } });

describe("The AWS twin's queues and event rules", () => {
    let world: World;
    let queue: Made;
    beforeEach(async () => {
        world = new World();
        queue = await world.create(T.queue, "queue", { name: "dev-01-karpenter" });
    });

    const policy = (change: object, queueUrl = url) =>
        world.create(T.queuePolicy, "policy", {
            queueUrl,
            policy: JSON.stringify({
                Version: "2012-10-17",
                Statement: [
                    {
                        Effect: "Allow",
                        Principal: { Service: "events.amazonaws.com" },
                        Action: "sqs:SendMessage",
                        Resource: arn,
                        ...change,
                    },
                ],
            }),
        });
    const rule = (inputs: Props = {}) =>
        world.create(T.eventRule, "rule", { name: "dev-01-karpenter", eventPattern, ...inputs });
    const target = (inputs: Props = {}) =>
        world.create(T.eventTarget, "target", { rule: "dev-01-karpenter", targetId: "karpenter", arn, ...inputs });

    it("have a URL for an id, an ARN, and encryption by default", () => {
        const { arn: made, url: address, sqsManagedSseEnabled, messageRetentionSeconds } = queue.outputs;
        assert.deepEqual(
            [queue.id, address, made, sqsManagedSseEnabled, messageRetentionSeconds],
            [url, url, arn, true, 345_600],
        );
    });

    it("take what SQS takes", async () => {
        const made = (inputs: Props) => world.create(T.queue, "q", { name: "q", ...inputs });
        await assert.rejects(made({ name: "q.fifo" }), /name must be 1 to 80/);
        await assert.rejects(made({ messageRetentionSeconds: 59 }), /messageRetentionSeconds/);
        await assert.rejects(made({ fifoQueue: true }), /fifoQueue/);
        await assert.rejects(made({ name: "dev-01-karpenter" }), /QueueAlreadyExists/);
    });

    it("have a policy that SQS understands", async () => {
        assert.equal((await policy({})).id, url);
        await assert.rejects(policy({ Principal: undefined }), /InvalidAttributeValue: .*needs a Principal/);
        await assert.rejects(policy({ Principal: { AWS: "arn:aws:iam::111111111111:role/none" } }), /does not exist/);
        await assert.rejects(policy({}, `${url}x`), /QueueDoesNotExist/);
    });

    it("send what a pattern says to a queue that is there", async () => {
        await assert.rejects(target(), /ResourceNotFoundException: The rule/);
        const made = await rule();
        assert.equal(made.outputs["arn"], "arn:aws:events:eu-west-1:111111111111:rule/dev-01-karpenter");
        await assert.rejects(
            world.create(T.eventRule, "again", { name: "dev-01-karpenter", eventPattern }),
            /exists already/,
        );
        assert.equal((await target()).id, "dev-01-karpenter-karpenter");
        await assert.rejects(target({ arn: `${arn}x` }), /is no queue/);
        await assert.rejects(target({ arn: "arn:aws:sns:eu-west-1:111111111111:topic" }), /arn must be an ARN/);
    });

    it("have a pattern of lists", async () => {
        for (const bad of ["{}", "[]", '{"source":"aws.ec2"}', '{"source":[]}', '{"detail":{}}', "no"]) {
            await assert.rejects(rule({ eventPattern: bad }), /eventPattern is not/, bad);
        }
    });
});
