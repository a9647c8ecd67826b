import { readFile } from "node:fs/promises";
import { parseAllDocuments } from "yaml";

import type { KubernetesObject } from "./render.ts";

/** What this check reads of a structural schema (apiextensions.k8s.io/v1). */
interface Schema {
    type?: string;
    properties?: Record<string, Schema>;
    required?: string[];
    items?: Schema;
    additionalProperties?: Schema | boolean;
    enum?: unknown[];
    pattern?: string;
    "x-kubernetes-int-or-string"?: boolean;
    "x-kubernetes-preserve-unknown-fields"?: boolean;
}

interface Definition {
    spec: {
        group: string;
        names: { kind: string };
        versions: { name: string; served: boolean; schema: { openAPIV3Schema: Schema } }[];
    };
}

/**
 * Checks objects against custom resource definitions: types, required fields, enumerations, patterns, and fields that
 * the API server would drop. Compiling these schemas with a general validator takes half a minute.
 */
export class CrdSchemas {
    readonly #schemas: ReadonlyMap<string, Schema>;

    private constructor(schemas: ReadonlyMap<string, Schema>) {
        this.#schemas = schemas;
    }

    static async load(files: readonly string[]): Promise<CrdSchemas> {
        const schemas = new Map<string, Schema>();
        for (const file of files) {
            for (const document of parseAllDocuments(await readFile(file, "utf8"))) {
                const { spec } = document.toJS() as Definition;
                for (const { name, schema } of spec.versions.filter(({ served }) => served)) {
                    schemas.set(`${spec.group}/${name} ${spec.names.kind}`, schema.openAPIV3Schema);
                }
            }
        }
        return new CrdSchemas(schemas);
    }

    /** What is wrong with an object; empty if nothing is. A kind without a served definition is an error. */
    problems(object: KubernetesObject): string[] {
        const schema = this.#schemas.get(`${object.apiVersion} ${object.kind}`);
        if (schema === undefined) {
            throw new Error(`no served definition of ${object.apiVersion} ${object.kind}`);
        }
        // The API server itself knows what metadata holds.
        const { metadata: _, ...own } = object;
        return problems(own, { ...schema, required: (schema.required ?? []).filter((key) => key !== "metadata") }, "");
    }
}

function problems(value: unknown, schema: Schema, where: string): string[] {
    if (schema["x-kubernetes-int-or-string"] === true) {
        return typeof value === "string" || Number.isInteger(value) ? [] : [`${where}: not an integer or a string`];
    }
    if (schema.type !== undefined && !isOf(schema.type, value)) {
        return [`${where}: not of type ${schema.type}`];
    }
    if (schema.enum !== undefined && !schema.enum.includes(value)) {
        return [`${where}: not one of ${schema.enum.join(", ")}`];
    }
    if (schema.pattern !== undefined && typeof value === "string" && !new RegExp(schema.pattern).test(value)) {
        return [`${where}: does not match ${schema.pattern}`];
    }
    if (Array.isArray(value)) {
        const { items = {} } = schema;
        return value.flatMap((each, index) => problems(each, items, `${where}[${index}]`));
    }
    return typeof value === "object" && value !== null ? objectProblems(value, schema, where) : [];
}

function objectProblems(value: object, schema: Schema, where: string): string[] {
    const missing = (schema.required ?? []).filter((key) => !Object.hasOwn(value, key));
    const { properties = {}, additionalProperties } = schema;
    const open = schema["x-kubernetes-preserve-unknown-fields"] === true || additionalProperties === true;
    return [
        ...missing.map((key) => `${where}: lacks ${key}`),
        ...Object.entries(value).flatMap(([key, each]) => {
            const known =
                properties[key] ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
            if (known !== undefined) {
                return problems(each, known, `${where}.${key}`);
            }
            return open ? [] : [`${where}: unknown field ${key}`];
        }),
    ];
}

function isOf(type: string, value: unknown): boolean {
    switch (type) {
        case "array":
            return Array.isArray(value);
        case "integer":
            return Number.isInteger(value);
        case "object":
            return typeof value === "object" && value !== null && !Array.isArray(value);
        default:
            return typeof value === type;
    }
}
