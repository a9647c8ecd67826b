import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

/** Who asks for a rule, and where. */
export interface Framework {
    name: string;
    version: string;
    reference: string;
    specification: string;
}

/** JSON Schema of one setting. */
export type SettingSchema = Readonly<Record<string, unknown>> & { description: string; default?: unknown };

/** A resource as an example shows it and as the tests plan it. */
export interface ExampleResource {
    type: string;
    name?: string;
    props: Readonly<Record<string, unknown>>;
    protect?: boolean;
    /** Inputs of the provider, as a provider has them: lists and maps as JSON. */
    provider?: Readonly<Record<string, unknown>>;
    /** Names of the resources whose outputs a property is made from: such a property is unknown at first. */
    from?: Readonly<Record<string, readonly string[]>>;
    /** Logical name of the parent. */
    parent?: string;
}

/** What every rule says of itself. Its page in docs/policies is made from this. */
export interface RuleText {
    /** In kebab-case; also the name of its file. */
    name: string;
    /** One sentence that says what to do. */
    description: string;
    severity: "low" | "medium" | "high" | "critical";
    framework: Framework;
    /** What happens to whom without it. */
    why: string;
    /** What to type. */
    remediationSteps: string;
    /** What a policy configuration may set, by name. */
    settings?: Readonly<Record<string, SettingSchema>>;
    /** The smallest plan that breaks the rule, and one that keeps it. Tests run both. */
    bad: ExampleResource | readonly ExampleResource[];
    good: ExampleResource | readonly ExampleResource[];
}

/** A rule: what Pulumi runs, and what its page and tests are made from. */
export type Rule = (ResourceValidationPolicy | StackValidationPolicy) & { text: RuleText };

/** Somebody decided that a resource may break a rule for a while. */
export interface Exemption {
    /** Logical name of the resource. */
    resource: string;
    owner: string;
    reason: string;
    /** Last day it counts (UTC), as in 2026-12-31. */
    expires: string;
}

const exemptions: SettingSchema = {
    description: "Resources that may break this rule until a day. Afterwards the rule counts again.",
    type: "array",
    default: [],
    items: {
        type: "object",
        additionalProperties: false,
        required: ["resource", "owner", "reason", "expires"],
        properties: {
            resource: { type: "string", minLength: 1, description: "Logical name of the resource." },
            owner: { type: "string", minLength: 3, description: "Who answers for it: a team or an address." },
            reason: { type: "string", minLength: 10, description: "Why the rule cannot be kept now." },
            expires: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$", description: "Last day it counts, in UTC." },
        },
    },
};

/** The part of a policy that is the same for rules about a resource and about a stack. */
export function described(text: RuleText) {
    const { name, description, severity, framework, remediationSteps, settings = {} } = text;
    const properties = { ...settings, exemptions } as NonNullable<
        ResourceValidationPolicy["configSchema"]
    >["properties"];
    return { name, description, severity, framework, remediationSteps, configSchema: { properties }, text };
}
