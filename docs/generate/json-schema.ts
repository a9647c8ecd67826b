import { z } from "zod";

/** The part of JSON Schema (draft 7) that zod writes for the configuration and the contract. */
export interface JsonSchema {
    type?: string;
    const?: unknown;
    enum?: unknown[];
    description?: string;
    default?: unknown;
    /** In a few words, from the field. No keyword of JSON Schema. */
    allowed?: string;
    examples?: unknown[];
    pattern?: string;
    minimum?: number;
    maximum?: number;
    minItems?: number;
    maxItems?: number;
    properties?: Record<string, JsonSchema>;
    required?: string[];
    additionalProperties?: boolean | JsonSchema;
    propertyNames?: JsonSchema;
    items?: JsonSchema;
    anyOf?: JsonSchema[];
    oneOf?: JsonSchema[];
}

/** The JSON Schema of what a person writes, so before defaults are filled in. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
    const { $schema: _, ...converted } = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
    return converted as JsonSchema;
}

/** A schema's forms: several for a union, otherwise the schema itself. */
export function formsOf(schema: JsonSchema): JsonSchema[] {
    const forms = schema.anyOf ?? schema.oneOf;
    return forms === undefined ? [schema] : forms.flatMap(formsOf);
}
