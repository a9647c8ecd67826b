import { pin } from "../../policy-documents.ts";
import { arnHere, findItem, itemsWith, requireItem } from "../../references.ts";
import { flag, text, whole } from "../../schema/field.ts";
import { json, matching } from "../../schema/formats.ts";
import { textOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";

/** A standard queue, without messages. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
export const queue: ResourceType = {
    token: T.queue,
    tagged: true,
    name: { property: "name", auto: (name, random) => `${name}-${random}`, max: 80 },
    inputs: {
        messageRetentionSeconds: whole({ default: 345_600, min: 60, max: 1_209_600 }),
        name: text({ replaces: true, check: matching(/^[A-Za-z0-9_-]{1,80}$/, "1 to 80 letters, digits and _-") }),
        sqsManagedSseEnabled: flag(),
    },
    computed: ["arn", "sqsManagedSseEnabled", "url"],
    create: (context, inputs) => {
        const { accountId, region } = context.place;
        const name = textOf(inputs, "name");
        const url = `https://sqs.${region}.amazonaws.com/${accountId}/${name}`;
        if (findItem(context, T.queue, url) !== undefined) {
            throw new Error(`QueueAlreadyExists: A queue already exists with the same name: ${name}`);
        }
        // SQS encrypts by itself unless told not to.
        const sqsManagedSseEnabled = inputs["sqsManagedSseEnabled"] ?? true;
        return { id: url, computed: { arn: arnHere(context, "sqs", name), sqsManagedSseEnabled, url } };
    },
    remove: (context, item) => {
        // Its policy goes with it.
        for (const policy of itemsWith(context, T.queuePolicy, "queueUrl", item.id)) context.store.remove(policy);
    },
};

/** Who may use a queue. */
export const queuePolicy: ResourceType = {
    token: T.queuePolicy,
    inputs: {
        policy: text({ required: true, json: true, check: json }),
        queueUrl: text({ required: true, replaces: true }),
    },
    computed: [],
    create: (context, inputs) => {
        const url = textOf(inputs, "queueUrl");
        requirePolicy(context, url, textOf(inputs, "policy"));
        return { id: url, computed: {} };
    },
    update: (context, item, inputs) => {
        requirePolicy(context, item.id, textOf(inputs, "policy"));
        return { computed: {} };
    },
};

function requirePolicy(context: Context, url: string, policy: string): void {
    requireItem(context, T.queue, url, "QueueDoesNotExist", "queue");
    pin(context.view, policy, "resource", `policy of queue ${url}`, "InvalidAttributeValue");
}
