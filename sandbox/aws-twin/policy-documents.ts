import { parsePolicyDocument, type PolicyDocument, PolicyDocumentError, type PolicyKind } from "./iam/document.ts";
import { rolePrincipals } from "./iam/document-principal.ts";
import type { IamSource, PinnedPolicy } from "./iam/source.ts";
import type { Props } from "../engine/kit/types.ts";
import { propsOf } from "./schema/resource-type.ts";

/**
 * Validates a policy document.
 * @param code Name of the service's error, such as `MalformedPolicyDocument`.
 */
export function requireDocument(json: string, kind: PolicyKind, label: string, code: string): PolicyDocument {
    try {
        return parsePolicyDocument(json, kind, label);
    } catch (error) {
        if (!(error instanceof PolicyDocumentError)) throw error;
        throw new Error(`${code}: ${error.message}`, { cause: error });
    }
}

/**
 * Validates a policy with principals and resolves the roles it names to their unique ids, as AWS does when such a
 * policy is written.
 * @throws Error when a role does not exist: AWS refuses the document.
 */
export function pin(
    view: IamSource,
    json: string,
    kind: "trust" | "resource" | "repository",
    label: string,
    code: string,
): PinnedPolicy {
    const { statements } = requireDocument(json, kind, label, code);
    const principalIds = rolePrincipals(statements).map((arn) => {
        const role = view.role(arn);
        if (role === undefined) {
            throw new Error(`${code}: ${label}: Invalid principal in policy: "AWS":"${arn}" (the role does not exist)`);
        }
        return [arn, role.uniqueId] as const;
    });
    return { document: json, principalIds: Object.fromEntries(principalIds) };
}

export function pinnedToProps({ document, principalIds }: PinnedPolicy): Props {
    return { document, principalIds };
}

/** A pinned policy from what an item hides; undefined if it has none. */
export function pinnedFrom(hidden: Props, property: string): PinnedPolicy | undefined {
    const { document, principalIds } = propsOf(hidden[property]);
    if (typeof document !== "string") return undefined;
    return { document, principalIds: propsOf(principalIds) as Record<string, string> };
}

/** The document as AWS shows it: a role that is gone, or another one by now, appears as its unique id. */
export function documentNow(view: IamSource, { document, principalIds }: PinnedPolicy): string {
    return Object.entries(principalIds).reduce(
        (text, [arn, id]) =>
            view.role(arn)?.uniqueId === id ? text : text.replaceAll(JSON.stringify(arn), JSON.stringify(id)),
        document,
    );
}
