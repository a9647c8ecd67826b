import { arnHere, findItem, itemsWith, requireItem } from "../../references.ts";
import { text } from "../../schema/field.ts";
import { arn, json, matching } from "../../schema/formats.ts";
import { textOf, type ResourceType } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";

const ruleName = matching(/^[.\-_A-Za-z0-9]{1,64}$/, "1 to 64 letters, digits and .-_");

/** A rule of the account's default bus, by pattern. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
export const eventRule: ResourceType = {
    token: T.eventRule,
    tagged: true,
    name: { property: "name", auto: (name, random) => `${name}-${random}`, max: 64 },
    inputs: {
        description: text(),
        eventPattern: text({ required: true, json: true, check: pattern }),
        name: text({ replaces: true, check: ruleName }),
    },
    computed: ["arn"],
    create: (context, inputs) => {
        const name = textOf(inputs, "name");
        if (findItem(context, T.eventRule, name) !== undefined) {
            // EventBridge would take over the rule that is there, and with it somebody else's.
            throw new Error(`rule ${name} exists already in ${context.place.accountId} ${context.place.region}`);
        }
        return { id: name, computed: { arn: arnHere(context, "events", `rule/${name}`) } };
    },
    remove: (context, item) => {
        if (itemsWith(context, T.eventTarget, "rule", item.id).length > 0) {
            throw new Error("ValidationException: Rule can't be deleted since it has targets.");
        }
    },
};

/** Where a rule's events go: of what the fleet has, a queue. */
export const eventTarget: ResourceType = {
    token: T.eventTarget,
    inputs: {
        arn: text({ required: true, check: arn("sqs", /[A-Za-z0-9_-]+/, "arn:aws:sqs:eu-west-1:111111111111:name") }),
        rule: text({ required: true, replaces: true, check: ruleName }),
        targetId: text({ required: true, replaces: true, check: ruleName }),
    },
    computed: [],
    create: (context, inputs) => {
        const rule = textOf(inputs, "rule");
        requireItem(context, T.eventRule, rule, "ResourceNotFoundException", "rule");
        const queue = textOf(inputs, "arn");
        if (itemsWith(context, T.queue, "arn", queue).length === 0) {
            throw new Error(`ResourceNotFoundException: ${queue} is no queue of this account and region`);
        }
        return { id: `${rule}-${textOf(inputs, "targetId")}`, computed: {} };
    },
};

/** Every field of a pattern is a list of what it may be, or fields inside it. */
function pattern(value: string): string | undefined {
    const problem = json(value);
    if (problem !== undefined) return problem;
    const parsed: unknown = JSON.parse(value);
    return isPattern(parsed)
        ? undefined
        : 'is not an event pattern: an object of lists, such as {"source":["aws.ec2"]}';
}

function isPattern(value: unknown): boolean {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const fields = Object.values(value);
    return fields.length > 0 && fields.every((each) => (Array.isArray(each) ? each.length > 0 : isPattern(each)));
}
