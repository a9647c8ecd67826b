import { prefixedName } from "../../identifiers.ts";
import { arnHere, findItem } from "../../references.ts";
import { text } from "../../schema/field.ts";
import { matching } from "../../schema/formats.ts";
import { optionalText, textOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";
import { requireKey } from "./find-key.ts";

const aliasName = matching(
    /^alias\/(?!aws\/)[A-Za-z0-9/_-]{1,250}$/,
    'alias/ and at most 250 letters, digits and /_-, not beginning with "alias/aws/"',
);

export const alias: ResourceType = {
    token: T.alias,
    name: { property: "name", prefix: "namePrefix", auto: (name, random) => `alias/${name}-${random}`, max: 256 },
    inputs: {
        name: text({ replaces: true, check: aliasName }),
        namePrefix: text({ replaces: true, check: aliasName }),
        targetKeyId: text({ required: true }),
    },
    computed: ["arn", "name", "targetKeyArn"],
    volatile: (changed) => (changed.includes("targetKeyId") ? ["targetKeyArn"] : []),
    create: (context, inputs) => {
        const name = optionalText(inputs, "name") ?? prefixedName(textOf(inputs, "namePrefix"), context.now);
        const arn = arnHere(context, "kms", name);
        if (findItem(context, T.alias, name) !== undefined) {
            throw new Error(`AlreadyExistsException: An alias with the name ${arn} already exists`);
        }
        return { id: name, computed: { name, arn, ...target(context, textOf(inputs, "targetKeyId")) } };
    },
    update: (context, _item, inputs) => ({ computed: target(context, textOf(inputs, "targetKeyId")) }),
};

/** An alias may lead to keys of its own account and region only. The output is the key's id, whatever was given. */
function target(context: Context, reference: string): { targetKeyArn: string; targetKeyId: string } {
    const key = requireKey(context, reference);
    if (key.accountId !== context.place.accountId || key.region !== context.place.region) {
        throw new Error(`InvalidArnException: ${reference} is not a key of this account and region`);
    }
    return { targetKeyArn: textOf(key.outputs, "arn"), targetKeyId: key.id };
}
