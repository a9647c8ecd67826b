import type { RequestContext } from "./condition-keys.ts";
import { parsePolicyDocument, type PolicyDocument, type PolicyKind, type Statement } from "./document.ts";
import { compareMatches, type Principal, type PrincipalMatch, principalName } from "./principal.ts";
import type { IamRole, PinnedPolicy } from "./source.ts";
import { matchStatement, type Mismatch } from "./statement.ts";

/** The resource of a request, with the policy attached to it. */
export interface RequestedResource {
    arn: string;
    accountId: string;
    policy?: PinnedPolicy;
    /**
     * - role: its trust policy must allow; identity policies alone never suffice
     * - key: likewise with its key policy
     * - repository: of ECR; its policy has no Resource. In the same account either side suffices
     * - other: likewise
     */
    kind: "role" | "key" | "repository" | "other";
}

export interface AccessRequest {
    principal: Principal;
    /** `sts:AssumeRole`, … */
    action: string;
    resource: RequestedResource;
    context: RequestContext;
}

/** What one policy says about a request. */
export interface PolicyFinding {
    /** `identity policy "x" of arn:…`, `trust policy of arn:…`, … */
    policy: string;
    outcome: "allow" | "deny" | "no-allow";
    /** The statement that decided; for `no-allow` the nearest Allow, absent if there is none. */
    statement?: string;
    /** Of the nearest Allow, what did not match. */
    mismatches?: readonly Mismatch[];
}

export interface Decision {
    allowed: boolean;
    principal: string;
    action: string;
    resource: string;
    /** Denied: what is missing or forbids. Allowed: what allows. */
    reasons: readonly PolicyFinding[];
}

/**
 * Decides a request by identity policies, permissions boundary and resource policy, with AWS's rules for one and for
 * two accounts. There are no service control policies, resource control policies or session policies here.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * @throws PolicyDocumentError for a policy that uses what the evaluator does not know.
 */
export function evaluate(request: AccessRequest): Decision {
    const { principal, resource } = request;
    const identity = principal.type === "session" ? identityFindings(principal.role, request) : [];
    const boundary = principal.type === "session" ? boundaryFinding(principal.role, request) : undefined;
    const attached = resourceFinding(request);
    const every = [...identity, ...(boundary ? [boundary] : []), attached.finding];

    const denials = every.filter(({ outcome }) => outcome === "deny");
    if (denials.length > 0) return decision(request, false, denials);
    if (principal.type === "service") {
        return decision(request, attached.grant === "service" || attached.grant === "everyone", [attached.finding]);
    }

    const identityAllows = identity.filter(({ outcome }) => outcome === "allow");
    const bounded = boundary !== undefined && boundary.outcome !== "allow";
    const sameAccount = principal.role.accountId === resource.accountId;
    if (sameAccount) {
        // Of the grants that need no identity policy, a permissions boundary limits only those to the role's ARN.
        if (attached.grant === "role" && bounded) return decision(request, false, [boundary]);
        if (DIRECT.includes(attached.grant)) return decision(request, true, [attached.finding]);
    }
    const needsResourcePolicy = !sameAccount || resource.kind === "role" || resource.kind === "key";
    const missing = [
        ...(identityAllows.length === 0 ? identity : []),
        ...(bounded ? [boundary] : []),
        ...(needsResourcePolicy && attached.grant === "none" ? [attached.finding] : []),
    ];
    if (missing.length > 0) return decision(request, false, missing);
    return decision(request, true, [...identityAllows, ...(attached.grant === "none" ? [] : [attached.finding])]);
}

/** Grants to the caller, not to its account. */
const DIRECT: readonly PrincipalMatch[] = ["session", "everyone", "role"];

function decision(request: AccessRequest, allowed: boolean, reasons: readonly PolicyFinding[]): Decision {
    const { principal, action, resource } = request;
    return { allowed, principal: principalName(principal), action, resource: resource.arn, reasons };
}

function identityFindings(role: IamRole, request: AccessRequest): PolicyFinding[] {
    if (role.identityPolicies.length === 0) {
        return [{ policy: `identity policies of ${role.arn} (it has none)`, outcome: "no-allow" }];
    }
    return role.identityPolicies.map(({ name, arn, document }) => {
        if (document === undefined) {
            throw new Error(
                `cannot decide ${request.action} for ${role.arn}: the text of its managed policy ${arn ?? name} is not known`,
            );
        }
        const label = `identity policy "${name}" of ${role.arn}`;
        return find(parsed(document, "identity", label), label, request).finding;
    });
}

function boundaryFinding({ arn, permissionsBoundary }: IamRole, request: AccessRequest): PolicyFinding | undefined {
    if (permissionsBoundary === undefined) return undefined;
    const label = `permissions boundary ${permissionsBoundary.arn} of ${arn}`;
    return find(parsed(permissionsBoundary.document, "identity", label), label, request).finding;
}

const POLICY_OF = {
    role: "trust policy of",
    key: "key policy of",
    repository: "repository policy of",
    other: "resource policy of",
};
const DOCUMENT_OF = { role: "trust", key: "resource", repository: "repository", other: "resource" } as const;

function resourceFinding(request: AccessRequest): Found {
    const { arn, kind, policy } = request.resource;
    const label = `${POLICY_OF[kind]} ${arn}`;
    if (policy === undefined) {
        return { finding: { policy: `${label} (it has none)`, outcome: "no-allow" }, grant: "none" };
    }
    const document = parsed(policy.document, DOCUMENT_OF[kind], label);
    return find(document, label, request, policy.principalIds);
}

interface Found {
    finding: PolicyFinding;
    /** How the strongest matching Allow names the caller. */
    grant: PrincipalMatch;
}

/** A Deny that matches, else the strongest Allow that matches, else the Allow that came nearest. */
function find(
    document: PolicyDocument,
    policy: string,
    request: AccessRequest,
    principalIds?: Readonly<Record<string, string>>,
): Found {
    const target = {
        principal: request.principal,
        action: request.action,
        resourceArn: request.resource.arn,
        context: request.context,
        ...(principalIds ? { principalIds } : {}),
    };
    const all = document.statements.map((statement) => ({ statement, ...matchStatement(statement, target) }));
    const applies = all.filter(({ mismatches }) => mismatches.length === 0);
    const deny = applies.find(({ statement }) => statement.effect === "Deny");
    if (deny) return { finding: { policy, outcome: "deny", statement: deny.statement.id }, grant: "none" };
    const allow = applies.toSorted((a, b) => compareMatches(a.principal, b.principal))[0];
    if (allow) {
        return { finding: { policy, outcome: "allow", statement: allow.statement.id }, grant: allow.principal };
    }
    const nearest = all
        .filter(({ statement }) => statement.effect === "Allow")
        .toSorted((a, b) => distance(a, request.action) - distance(b, request.action))[0];
    if (nearest === undefined) return { finding: { policy, outcome: "no-allow" }, grant: "none" };
    const { statement, mismatches } = nearest;
    return { finding: { policy, outcome: "no-allow", statement: statement.id, mismatches }, grant: "none" };
}

/**
 * How far a statement is from the request. One for another principal is furthest, then one for other actions, another
 * resource, a condition; of two alike, the one that lists the action in full is meant.
 */
function distance(
    { statement, mismatches }: { statement: Statement; mismatches: readonly Mismatch[] },
    action: string,
) {
    const listed = statement.actions.patterns.some((pattern) => pattern.toLowerCase() === action.toLowerCase());
    return mismatches.reduce((sum, { element }) => sum + weight(element), listed ? 0 : 0.5);
}

function weight(element: string): number {
    if (element === "Principal") return 100;
    if (element.endsWith("Action")) return 50;
    return element.startsWith("Condition") ? 1 : 10;
}

const parsedPolicies = new Map<string, PolicyDocument>();

/** Parses each text once; policies are few and long-lived, so the memory only forgets when it has grown large. */
function parsed(text: string, kind: PolicyKind, label: string): PolicyDocument {
    const key = `${kind}\n${text}`;
    const known = parsedPolicies.get(key);
    if (known) return known;
    const document = parsePolicyDocument(text, kind, label);
    if (parsedPolicies.size >= 2000) parsedPolicies.clear();
    parsedPolicies.set(key, document);
    return document;
}
