import type { Props } from "../../../engine/kit/types.ts";
import { arnHere, findItem } from "../../references.ts";
import { text } from "../../schema/field.ts";
import { matching, oneOf } from "../../schema/formats.ts";
import { optionalText, textOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";
import { requireEnabledKey } from "../kms/find-key.ts";

const parameterName = matching(
    /^(?!\/?(aws|ssm)([/.]|$))[A-Za-z0-9_.\-/]{1,1011}$/i,
    "1 to 1011 letters, digits and _.-/, not beginning with aws or ssm",
);
/** Bytes of a value by tier. https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
const LIMITS: Readonly<Record<string, number>> = { Standard: 4096, Advanced: 8192, "Intelligent-Tiering": 8192 };

export const parameter: ResourceType = {
    token: T.parameter,
    tagged: true,
    name: { property: "name", auto: (name, random) => `${name}-${random}`, max: 1011 },
    inputs: {
        allowedPattern: text(),
        dataType: text({ check: oneOf("text") }),
        description: text(),
        keyId: text(),
        name: text({ replaces: true, check: parameterName }),
        tier: text({ default: "Standard", check: oneOf("Advanced", "Intelligent-Tiering", "Standard") }),
        type: text({ required: true, check: oneOf("SecureString", "String", "StringList") }),
        value: text({ required: true }),
    },
    computed: ["arn", "dataType", "version"],
    volatile: () => ["version"],
    validate: (inputs) => {
        const [value, tier] = [textOf(inputs, "value"), textOf(inputs, "tier")];
        const limit = LIMITS[tier] ?? 0;
        const pattern = optionalText(inputs, "allowedPattern");
        return [
            ...(value === "" || Buffer.byteLength(value) > limit
                ? [{ property: "value", reason: `must have 1 to ${limit} bytes in tier ${tier}` }]
                : []),
            ...(pattern !== undefined && !new RegExp(pattern).test(value)
                ? [{ property: "value", reason: `does not match allowedPattern ${pattern}` }]
                : []),
            ...(inputs["keyId"] !== undefined && inputs["type"] !== "SecureString"
                ? [{ property: "keyId", reason: "belongs to type SecureString only" }]
                : []),
        ];
    },
    create: (context, inputs) => {
        const name = textOf(inputs, "name");
        if (name.includes("/") && !name.startsWith("/")) {
            throw new Error(
                `ValidationException: Parameter name must be a fully qualified name: ${name} must begin with /`,
            );
        }
        if (findItem(context, T.parameter, name) !== undefined) {
            throw new Error(`ParameterAlreadyExists: The parameter already exists: ${name}`);
        }
        const arn = arnHere(context, "ssm", `parameter/${name.replace(/^\//, "")}`);
        return { id: name, computed: { ...settled(context, inputs), arn, version: 1 } };
    },
    update: (context, { outputs }, inputs, changed) => {
        if (outputs["tier"] === "Advanced" && inputs["tier"] === "Standard") {
            throw new Error(
                "ValidationException: This parameter uses the advanced-parameter tier. You can't downgrade it",
            );
        }
        const rewritten = changed.some((property) => property !== "tags" && property !== "tagsAll");
        const version = Number(outputs["version"]) + (rewritten ? 1 : 0);
        return { computed: { ...settled(context, inputs), version } };
    },
};

function settled(context: Context, inputs: Props): Props {
    const key = optionalText(inputs, "keyId");
    if (key !== undefined && key !== "alias/aws/ssm") requireEnabledKey(context, key);
    return { dataType: inputs["dataType"] ?? "text" };
}
