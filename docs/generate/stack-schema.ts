import { schemas, type Kind } from "../../config/schema/index.ts";
import { jsonSchemaOf, type JsonSchema } from "./json-schema.ts";

/**
 * The JSON Schema of a whole `Pulumi.<stack>.yaml`, for editors. Shapes, names, enumerations and patterns only: what
 * a sentence must explain, `pulumi preview` explains.
 */
export function stackSchema(): object {
    return {
        $schema: "http://json-schema.org/draft-07/schema#",
        title: "A stack of the fleet",
        type: "object",
        properties: {
            config: {
                type: "object",
                properties: { "fleet:role": { enum: ["hub", "spoke"] } },
                required: ["fleet:role"],
                // Pulumi's own providers are configured beside the fleet: keys of other namespaces are theirs.
                if: { properties: { "fleet:role": { const: "hub" } } },
                // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema calls it so
                then: configOf("hub"),
                else: {
                    if: { properties: { "fleet:cluster": { type: "object", required: ["existing"] } } },
                    // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema calls it so
                    then: configOf("existing"),
                    else: configOf("spoke"),
                },
            },
            encryptionsalt: { type: "string", description: "Written by Pulumi." },
            encryptedkey: { type: "string", description: "Written by Pulumi." },
            secretsprovider: { type: "string", description: "Who encrypts the stack's secrets; written by Pulumi." },
        },
        required: ["config"],
        additionalProperties: false,
    };
}

function configOf(kind: Kind): object {
    const { properties = {}, required = [] } = jsonSchemaOf(schemas[kind]);
    return {
        properties: Object.fromEntries(
            Object.entries(properties).map(([name, schema]) => [`fleet:${name}`, forEditors(schema)]),
        ),
        required: required.map((name) => `fleet:${name}`),
        patternProperties: { "^(?!fleet:)[^:]+:": {} },
        additionalProperties: false,
    };
}

/** Without what is no keyword of JSON Schema, and without the bounds that zod gives every integer. */
function forEditors(schema: JsonSchema): JsonSchema {
    return JSON.parse(
        JSON.stringify(schema, (key, value: unknown) =>
            key === "allowed" || Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER ? undefined : value,
        ),
    ) as JsonSchema;
}
