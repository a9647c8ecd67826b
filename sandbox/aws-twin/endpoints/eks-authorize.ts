import { json, type Request, type Response } from "../../daemon/http.ts";
import { matchesPattern, wildcardParts } from "../iam/wildcard.ts";
import type { AccessEntryRecord, AccessPolicyAssociationRecord, EksClusterRecord } from "../iam/source.ts";
import { accessPolicy, ruleCovers } from "./access-policies.ts";
import type { AwsServices } from "./services.ts";

/** The parts of a SubjectAccessReview v1 that the decision needs. */
interface Review {
    apiVersion?: string;
    spec?: {
        user?: string;
        extra?: Record<string, string[]>;
        resourceAttributes?: {
            namespace?: string;
            verb?: string;
            group?: string;
            resource?: string;
            subresource?: string;
            name?: string;
        };
        nonResourceAttributes?: { path?: string; verb?: string };
    };
}

/**
 * The authorization webhook of a cluster's API server: the access policies associated with the caller's access entry.
 * It allows or has no opinion, never denies; RBAC is asked as well.
 */
export function authorizeRequest(services: AwsServices, cluster: EksClusterRecord, request: Request): Response {
    const review: Review = JSON.parse(request.body.toString("utf8"));
    if (review.apiVersion !== "authorization.k8s.io/v1") {
        return json(400, { error: `SubjectAccessReview must be authorization.k8s.io/v1, got ${review.apiVersion}` });
    }
    const principalId = review.spec?.extra?.["principalId"]?.[0];
    // Who did not come through the token webhook, such as a service account, is none of EKS's business.
    if (principalId === undefined) return verdict(false, "not an IAM principal");
    const entry = cluster.accessEntries.find((candidate) => candidate.principalId === principalId);
    const wanted = describe(review);
    const by = entry?.policies.find((association) => covers(association, review));
    const explanation = by
        ? `access policy ${nameOf(by)} (${scopeOf(by)}) of the access entry for ${entry?.principalArn}`
        : refusal(cluster, entry);
    services.decisions.addRepeated({
        principal: review.spec?.user ?? "",
        action: `kubernetes:${wanted.verb}`,
        resource: `${cluster.arn} ${wanted.target}`,
        allowed: by !== undefined,
        explanation,
    });
    return verdict(by !== undefined, explanation);
}

function verdict(allowed: boolean, reason: string): Response {
    const status = { allowed, denied: false, reason: `EKS access policies: ${reason}` };
    return json(200, { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", status });
}

function covers({ policyArn, scope }: AccessPolicyAssociationRecord, { spec }: Review): boolean {
    const policy = accessPolicy(policyArn);
    const attributes = spec?.resourceAttributes;
    if (attributes === undefined) return policy.nonResourceUrls && scope.type === "cluster";
    const { namespace = "", verb = "", group = "", resource = "", subresource } = attributes;
    const inScope =
        scope.type === "cluster" ||
        (namespace !== "" && scope.namespaces.some((pattern) => matchesPattern(wildcardParts(pattern), namespace)));
    const full = subresource ? `${resource}/${subresource}` : resource;
    return inScope && policy.rules.some((rule) => ruleCovers(rule, group, full, verb));
}

function refusal({ name }: EksClusterRecord, entry: AccessEntryRecord | undefined): string {
    if (entry === undefined) return `cluster ${name} has no access entry for this principal any more`;
    if (entry.policies.length === 0) return `the access entry for ${entry.principalArn} has no access policy`;
    const list = entry.policies.map((association) => `${nameOf(association)} (${scopeOf(association)})`).join(", ");
    return `no access policy of the access entry for ${entry.principalArn} covers it; it has ${list}`;
}

function nameOf({ policyArn }: AccessPolicyAssociationRecord): string {
    return policyArn.split("/").at(-1) ?? policyArn;
}

function scopeOf({ scope }: AccessPolicyAssociationRecord): string {
    return scope.type === "cluster" ? "cluster" : `namespaces ${scope.namespaces.join(", ")}`;
}

function describe({ spec }: Review): { verb: string; target: string } {
    const attributes = spec?.resourceAttributes;
    if (attributes === undefined) {
        return { verb: spec?.nonResourceAttributes?.verb ?? "", target: spec?.nonResourceAttributes?.path ?? "" };
    }
    const { namespace, verb = "", group, resource = "", subresource } = attributes;
    const kind = `${resource}${group ? `.${group}` : ""}${subresource ? `/${subresource}` : ""}`;
    return { verb, target: namespace ? `${kind} in ${namespace}` : kind };
}
