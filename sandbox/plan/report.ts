import { z } from "zod";

import { containsUnknown } from "../engine/kit/values.ts";
import type { Value } from "../engine/kit/types.ts";
import { messageOf } from "./error-message.ts";
import type { StackFailure, StackPlan } from "./fleet-plan.ts";
import type { Rule } from "./policy-pack.ts";
import type { PlannedResource } from "./registration.ts";
import type { Verdicts } from "./verdicts.ts";

const level = z.enum(["advisory", "mandatory", "remediate", "disabled"]);
const severity = z.enum(["low", "medium", "high", "critical"]).nullable();
const place = { type: z.string(), name: z.string() };

/** Anything a program registers, by what `pulumi preview` would call it. */
const resourceSchema = z.strictObject({
    ...place,
    /** Logical name of the component it is in; null directly under the stack. */
    parent: z.string().nullable(),
    kind: z.enum(["component", "provider", "resource"]),
});

const outputSchema = z.discriminatedUnion("known", [
    z.strictObject({ known: z.literal(true), value: z.json() }),
    /** AWS decides it: known only after the deployment. */
    z.strictObject({ known: z.literal(false) }),
]);

const violationSchema = z.strictObject({
    rule: z.string(),
    level,
    severity,
    /** Null when it is about the stack as a whole. */
    resource: z.strictObject(place).nullable(),
    message: z.string(),
    remediation: z.string(),
});

const stackSchema = z.strictObject({
    name: z.string(),
    role: z.string(),
    clusterName: z.string(),
    environment: z.string(),
    accountId: z.string(),
    region: z.string(),
    /** Stacks whose outputs it reads. */
    reads: z.array(z.string()),
    /** What a first `pulumi up` would create, but for the stack itself. In order of registration. */
    creates: z.array(resourceSchema),
    outputs: z.record(z.string(), outputSchema),
    policies: z.strictObject({
        /** By rule: resources it judged, passed or not; 1 for a rule about the stack. Disabled rules are left out. */
        evaluations: z.record(z.string(), z.int().nonnegative()),
        violations: z.array(violationSchema),
        /** Resources that a rule of level remediate corrected; judged as corrected. */
        remediated: z.array(z.strictObject({ rule: z.string(), ...place })),
    }),
});

/** What `npm run plan -- --json` prints. A key that changes its meaning or goes raises `version`. */
export const planReportSchema = z.strictObject({
    version: z.literal(1),
    /** False when a program failed or a mandatory rule is violated; then the exit code is 1. */
    ok: z.boolean(),
    /** Programs that failed. When there are any, nothing was judged: `policyPack` is null and `stacks` empty. */
    errors: z.array(z.strictObject({ stack: z.string(), message: z.string() })),
    policyPack: z
        .strictObject({
            name: z.string(),
            version: z.string(),
            rules: z.array(z.strictObject({ name: z.string(), description: z.string(), level, severity })),
        })
        .nullable(),
    /** In the order of deployment: hub first. */
    stacks: z.array(stackSchema),
});

export type PlanReport = z.infer<typeof planReportSchema>;
export type StackReport = z.infer<typeof stackSchema>;
export type PlannedKind = z.infer<typeof resourceSchema>["kind"];

/** The report of a fleet whose programs all ran. */
export function planReport(
    pack: { name: string; version: string; rules: readonly Rule[] },
    stacks: readonly (StackPlan & { verdicts: Verdicts })[],
): PlanReport {
    const violations = stacks.flatMap(({ verdicts }) => verdicts.violations);
    return {
        version: 1,
        ok: violations.every((violation) => violation.level !== "mandatory"),
        errors: [],
        policyPack: { name: pack.name, version: pack.version, rules: [...pack.rules] },
        stacks: stacks.map(stackReport),
    };
}

/** The report when a program failed. */
export function failureReport(failures: readonly StackFailure[]): PlanReport {
    const errors = failures.map(({ stack, error }) => ({ stack, message: messageOf(error) }));
    return { version: 1, ok: false, errors, policyPack: null, stacks: [] };
}

function stackReport({ name, config, run, verdicts }: StackPlan & { verdicts: Verdicts }): StackReport {
    const account = config["fleet:account"] as { id: string };
    const cluster = config["fleet:cluster"] as { name: string };
    return {
        name,
        role: String(config["fleet:role"]),
        clusterName: cluster.name,
        environment: String(config["fleet:environment"]),
        accountId: account.id,
        region: String(config["fleet:region"]),
        reads: run.resources.filter(({ read }) => read).map((resource) => resource.name),
        creates: run.resources
            .filter(({ read, type }) => !read && type !== "pulumi:pulumi:Stack")
            .map((resource) => ({
                type: resource.type,
                name: resource.name,
                parent: parentName(resource, run.resources),
                kind: kindOf(resource),
            })),
        outputs: Object.fromEntries(
            Object.entries(run.outputs)
                .toSorted(([a], [b]) => a.localeCompare(b))
                .map(([key, value]) => [key, outputReport(value as Value)]),
        ),
        policies: verdicts,
    };
}

function outputReport(value: Value): z.infer<typeof outputSchema> {
    return containsUnknown(value)
        ? { known: false }
        : { known: true, value: value as z.infer<ReturnType<typeof z.json>> };
}

function parentName({ parent }: PlannedResource, resources: readonly PlannedResource[]): string | null {
    const found = resources.find(({ urn }) => urn === parent);
    return found === undefined || found.type === "pulumi:pulumi:Stack" ? null : found.name;
}

function kindOf({ custom, type }: PlannedResource): PlannedKind {
    if (!custom) {
        return "component";
    }
    return type.startsWith("pulumi:providers:") ? "provider" : "resource";
}
