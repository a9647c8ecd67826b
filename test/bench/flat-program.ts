import type { PlannedResource } from "../../sandbox/plan/registration.ts";
import { UNKNOWN } from "../../sandbox/engine/kit/types.ts";

/**
 * Text of a program that registers what another one registered, one resource after the other in one file: same types,
 * names, inputs and dependencies, but no component, no configuration and no check. What is unknown at a first preview
 * comes from the resources it depended on.
 *
 * @param reference the stack that it reads first
 * @param outputs those it reads
 */
export function flatProgram(
    resources: readonly PlannedResource[],
    reference: string,
    outputs: readonly string[],
): string {
    const made = resources.filter(({ custom, read, type }) => custom && !read && type !== "pulumi:pulumi:Stack");
    const variables = new Map(made.map(({ urn }, index) => [urn, `r${index}`]));
    return [
        `import * as aws from "@pulumi/aws";`,
        `import * as pulumi from "@pulumi/pulumi";`,
        `import * as vault from "@pulumi/vault";`,
        ``,
        `export default async function () {`,
        `const hub = new pulumi.StackReference(${JSON.stringify(reference)});`,
        `await Promise.all(${JSON.stringify(outputs)}.map((name) => hub.getOutputDetails(name)));`,
        ...made.map((resource) => registration(resource, variables)),
        `}`,
        ``,
    ].join("\n");
}

function registration(resource: PlannedResource, variables: ReadonlyMap<string, string>): string {
    const { urn, name, inputs, provider, protect, ignoreChanges, dependencies } = resource;
    const known = dependencies.flatMap((dependency) => variables.get(dependency) ?? []);
    const options = [
        variables.has(provider) ? `provider: ${variables.get(provider)}` : "",
        known.length > 0 ? `dependsOn: [${known.join(", ")}]` : "",
        protect ? "protect: true" : "",
        ignoreChanges.length > 0 ? `ignoreChanges: ${JSON.stringify(ignoreChanges)}` : "",
    ].filter((option) => option !== "");
    const properties = Object.entries(inputs).map(([key, value]) => {
        const sources = (resource.propertyDependencies[key] ?? []).flatMap((from) => variables.get(from) ?? []);
        return `${JSON.stringify(key)}: ${literal(decoded(resource, value), sources[0])}`;
    });
    const text = `new ${className(resource.type)}(${JSON.stringify(name)}, { ${properties.join(", ")} }`;
    return `const ${variables.get(urn)} = ${text} as any, { ${options.join(", ")} });`;
}

/** `aws:kms/key:Key` is `aws.kms.Key`; a provider's token names its package. */
function className(type: string): string {
    const [first = "", middle = "", last = ""] = type.split(":");
    if (first === "pulumi") {
        return `${last}.Provider`;
    }
    const [module = ""] = middle.split("/");
    return module === "index" ? `${first}.${last}` : `${first}.${module}.${last}`;
}

/** A provider's lists and maps travel as JSON. */
function decoded({ type }: PlannedResource, value: unknown): unknown {
    const isJson =
        type.startsWith("pulumi:providers:") && typeof value === "string" && /^[[{]|^(true|false|\d+)$/.test(value);
    return isJson ? (JSON.parse(value) as unknown) : value;
}

function literal(value: unknown, source: string | undefined): string {
    if (value === UNKNOWN) {
        if (source === undefined) {
            throw new Error("an input is unknown, and depends on no resource");
        }
        return `${source}.id`;
    }
    if (Array.isArray(value)) {
        return `[${value.map((item) => literal(item, source)).join(", ")}]`;
    }
    if (typeof value === "object" && value !== null) {
        const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${literal(item, source)}`);
        return `{ ${entries.join(", ")} }`;
    }
    return JSON.stringify(value);
}
