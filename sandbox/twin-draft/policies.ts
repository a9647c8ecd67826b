import { type PolicyKind, parsePolicyDocument } from "../aws-twin/iam/document.ts";
import { rolePrincipals } from "../aws-twin/iam/document-principal.ts";
import type { PinnedPolicy } from "../aws-twin/iam/source.ts";
import type { Value } from "../engine/kit/types.ts";
import { AwsError, type Context } from "./resource-type.ts";

/** Refuses a document that AWS would refuse, or that the evaluator could not decide. */
export function checkDocument(document: string, kind: PolicyKind, name: string): void {
    try {
        parsePolicyDocument(document, kind, name);
    } catch (error) {
        throw new AwsError("MalformedPolicyDocument", error instanceof Error ? error.message : String(error));
    }
}

/**
 * A policy with principals, each role resolved to its unique id as AWS does when the policy is written.
 * A role that does not exist is refused with `code`, as AWS refuses an "Invalid principal in policy".
 */
export function pin(context: Context, document: string, kind: PolicyKind, name: string, code: string): PinnedPolicy {
    checkDocument(document, kind, name);
    const principalIds: Record<string, string> = {};
    for (const arn of rolePrincipals(parsePolicyDocument(document, kind, name).statements)) {
        const role = context.store.by("aws:iam/role:Role", "arn", arn);
        if (role === undefined) throw new AwsError(code, `Invalid principal in policy: "AWS":"${arn}" does not exist`);
        principalIds[arn] = String(role.outputs["uniqueId"]);
    }
    return { document, principalIds };
}

/** For an input's `check`. */
export function isJson(value: Value): string | undefined {
    try {
        JSON.parse(String(value));
        return undefined;
    } catch {
        return "is not JSON";
    }
}
