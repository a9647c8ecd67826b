import { randomUUID } from "node:crypto";
import { arnHere, findItem, itemsWith, requireItem } from "../../references.ts";
import { flag, text } from "../../schema/field.ts";
import { arn, matching } from "../../schema/formats.ts";
import { textOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";

const shareArn = arn(
    "ram",
    /resource-share\/[0-9a-f-]{36}/,
    "arn:aws:ram:eu-west-1:111111111111:resource-share/<uuid>",
);
const account = matching(/^\d{12}$/, "an account id (the twin has no organizational units)");

/** https://docs.aws.amazon.com/ram/latest/userguide/working-with-sharing.html */
export const resourceShare: ResourceType = {
    token: T.resourceShare,
    tagged: true,
    name: { property: "name", auto: (name, random) => `${name}-${random}`, max: 255 },
    inputs: {
        allowExternalPrincipals: flag({ default: false }),
        name: text(),
    },
    computed: ["arn"],
    create: (context) => {
        const id = arnHere(context, "ram", `resource-share/${randomUUID()}`);
        return { id, computed: { arn: id } };
    },
};

/** A resource in a share. Of what the fleet has, RAM shares advanced parameters. */
export const resourceAssociation: ResourceType = {
    token: T.resourceAssociation,
    inputs: {
        resourceArn: text({ required: true, replaces: true }),
        resourceShareArn: text({ required: true, replaces: true, check: shareArn }),
    },
    computed: [],
    create: (context, inputs) => {
        const share = requireShare(context, textOf(inputs, "resourceShareArn"));
        const resource = textOf(inputs, "resourceArn");
        requireShareable(context, resource);
        return { id: free(context, T.resourceAssociation, `${share},${resource}`), computed: {} };
    },
};

/** An account that may see what is in a share. */
export const principalAssociation: ResourceType = {
    token: T.principalAssociation,
    inputs: {
        principal: text({ required: true, replaces: true, check: account }),
        resourceShareArn: text({ required: true, replaces: true, check: shareArn }),
    },
    computed: [],
    create: (context, inputs) => {
        const share = requireShare(context, textOf(inputs, "resourceShareArn"));
        const principal = textOf(inputs, "principal");
        if (principal === context.place.accountId) {
            throw new Error(`InvalidParameterException: ${principal} owns the share; it cannot be a principal of it.`);
        }
        return { id: free(context, T.principalAssociation, `${share},${principal}`), computed: {} };
    },
};

function requireShare(context: Context, reference: string): string {
    return requireItem(context, T.resourceShare, reference, "UnknownResourceException", "resource share").id;
}

function requireShareable(context: Context, resource: string): void {
    const [parameter] = itemsWith(context, T.parameter, "arn", resource);
    if (parameter === undefined) {
        throw new Error(`UnknownResourceException: ${resource} is no parameter of this account and region.`);
    }
    if (parameter.outputs["tier"] !== "Advanced") {
        throw new Error(
            `InvalidParameterException: ${resource} is a standard parameter; only advanced ones are shared.`,
        );
    }
}

function free(context: Context, type: string, id: string): string {
    if (findItem(context, type, id) === undefined) return id;
    throw new Error(`InvalidParameterException: ${id} is associated already.`);
}
