import analyzerPb from "@pulumi/pulumi/proto/analyzer_pb.js";
import type * as rpc from "@pulumi/pulumi/proto/analyzer_pb.js";

import { levelOf, type Level } from "./analyzer-config.ts";
import type { PlannedResource } from "./registration.ts";

/** How bad a violation is; null when the rule does not say. */
export type Severity = "low" | "medium" | "high" | "critical" | null;

/** A rule that a resource breaks, or that could not judge it. */
export interface Violation {
    rule: string;
    level: Level;
    severity: Severity;
    /** Null when it is about the stack as a whole. */
    resource: { type: string; name: string } | null;
    /** What is wrong. */
    message: string;
    /** What to do about it: what the message says after "Fix:", else the rule's remediation steps or description. */
    remediation: string;
}

/** What a pack says of one stack. */
export interface Verdicts {
    /** By rule that is not disabled: resources it judged, passed or not; 1 for a rule about the stack. */
    evaluations: Record<string, number>;
    violations: Violation[];
    /** Resources whose inputs a rule put right. They were judged as corrected. */
    remediated: { rule: string; type: string; name: string }[];
}

const severities: readonly Severity[] = [null, "low", "medium", "high", "critical"];

/** Name of a severity on the wire (`PolicySeverity`). */
export function severityOf(wire: number): Severity {
    return severities[wire] ?? null;
}

/** What one answer of the pack says about a resource, or about the stack when there is none. */
export function violationsOf(
    response: rpc.AnalyzeResponse,
    rules: readonly rpc.PolicyInfo[],
    resourceOf: (urn: string) => PlannedResource | undefined,
): Violation[] {
    return response.getDiagnosticsList().map((diagnostic) => {
        const rule = diagnostic.getPolicyname();
        const level = levelOf(diagnostic.getEnforcementlevel());
        return violation({
            rule: rules.find((info) => info.getName() === rule),
            name: rule,
            // A rule about the stack cannot correct anything, so the engine takes remediate as mandatory.
            level: level === "remediate" ? "mandatory" : level,
            severity: severityOf(diagnostic.getSeverity()),
            text: diagnostic.getMessage(),
            resource: resourceOf(diagnostic.getUrn()),
        });
    });
}

/** A correction that could not be made, which the engine shows as an advisory. */
export function failedCorrection(
    remediation: rpc.Remediation,
    rules: readonly rpc.PolicyInfo[],
    resource: PlannedResource,
): Violation {
    const name = remediation.getPolicyname();
    const rule = rules.find((info) => info.getName() === name);
    const severity = severityOf(rule?.getSeverity() ?? 0);
    return violation({ rule, name, level: "advisory", severity, text: remediation.getDiagnostic(), resource });
}

/** Rules of a kind that said something about what they were asked, which is all but those it is not applicable to. */
export function evaluatedRules(
    response: rpc.AnalyzeResponse,
    rules: readonly rpc.PolicyInfo[],
    kind: "resource" | "stack",
): string[] {
    const { POLICY_TYPE_RESOURCE, POLICY_TYPE_STACK } = analyzerPb.PolicyType;
    const type = kind === "resource" ? POLICY_TYPE_RESOURCE : POLICY_TYPE_STACK;
    const skipped = new Set(response.getNotApplicableList().map((rule) => rule.getPolicyName()));
    return rules
        .filter((rule) => rule.getPolicyType() === type && !skipped.has(rule.getName()))
        .map((rule) => rule.getName());
}

interface Found {
    rule: rpc.PolicyInfo | undefined;
    name: string;
    level: Level;
    severity: Severity;
    text: string;
    resource: PlannedResource | undefined;
}

function violation({ rule, name, level, severity, text, resource }: Found): Violation {
    const description = rule?.getDescription() ?? "";
    // The policy SDK puts the rule's description before what the rule reported.
    const reported = text.startsWith(`${description}\n`) ? text.slice(description.length + 1) : text;
    const [message = "", ...fix] = reported.split(/\s+Fix: /);
    return {
        rule: name,
        level,
        severity,
        resource: resource === undefined ? null : { type: resource.type, name: resource.name },
        message,
        remediation: fix.join(" ") || rule?.getRemediationSteps() || description,
    };
}
