import type { ResourceValidationPolicy } from "@pulumi/policy";

import {
    argocdNamespace,
    argocdServiceAccounts,
    eksClusterArn,
    fleetRoleArn,
    hubArgocdRoleName,
    spokeRoleName,
} from "../../../contract/names.ts";
import { failClosed } from "../../fail-closed.ts";
import { readTrustPolicy, type TrustStatement } from "../../trust-policy.ts";

const roleType = "aws:iam/role:Role";
const spokeRoleEnd = spokeRoleName("");
const allowedActions = ["sts:assumerole", "sts:tagsession"];

/** A hub whose Argo CD spokes may trust. */
interface TrustedHub {
    accountId: string;
    region: string;
    clusterName: string;
    /** IAM path of the fleet's roles. @default /fleet/ */
    iamPath?: string;
}

/**
 * The one door into a spoke admits one role of one hub, and only while an Argo CD pod of that hub's cluster holds it.
 * No `sts:ExternalId` is asked for: argocd-k8s-auth cannot send one, and Pod Identity's session tags are transitive.
 */
export const spokeTrustExactHub: ResourceValidationPolicy = {
    name: "spoke-trust-exact-hub",
    description: "Let a spoke's access role trust exactly the Argo CD role of a listed hub, by its session tags.",
    severity: "critical",
    framework: {
        name: "Argo CD documentation",
        version: "3.5",
        reference: "operator-manual/declarative-setup#eks",
        specification: "Trust of the role that Argo CD assumes for a cluster",
    },
    configSchema: {
        properties: {
            hubs: {
                type: "array",
                minItems: 1,
                items: {
                    type: "object",
                    required: ["accountId", "region", "clusterName"],
                    properties: {
                        accountId: { type: "string", pattern: "^\\d{12}$" },
                        region: { type: "string" },
                        clusterName: { type: "string" },
                        iamPath: { type: "string", pattern: "^/(.+/)?$" },
                    },
                },
            },
        },
        required: ["hubs"],
    },
    validateResource: failClosed((args, report) => {
        const { type, name, props } = args;
        if (type !== roleType) {
            args.notApplicable(`is about ${roleType}`);
        }
        const statements = readTrustPolicy(props.assumeRolePolicy);
        const roleName: unknown = props.name;
        if (!isSpokeRole(roleName, statements)) {
            args.notApplicable(`is about roles named *${spokeRoleEnd}, or that trust a hub's Argo CD role`);
        }
        if (statements === undefined) {
            report(`${name}: the trust policy is no policy document. Fix: give it one statement that trusts the hub.`);
            return;
        }
        const allows = statements.filter(({ effect }) => effect !== "Deny");
        const { hubs } = args.getConfig<{ hubs: TrustedHub[] }>();
        for (const statement of allows) {
            const problems = hubs.map((hub) => problemsOf(statement, hub));
            // A statement is good if one hub explains all of it; otherwise the nearest hub's problems are the useful ones.
            const nearest = problems.reduce((best, candidate) => (candidate.length < best.length ? candidate : best));
            for (const problem of nearest) {
                report(`${name}: ${statement.sid} ${problem}`);
            }
        }
    }),
};

/** By its name; or by whom it trusts, so that another name does not hide it. */
function isSpokeRole(roleName: unknown, statements: readonly TrustStatement[] | undefined): boolean {
    const hubRole = new RegExp(`:role/(.+/)?[^/]+${hubArgocdRoleName("")}$`);
    const principals = statements?.flatMap((statement) => statement.principals) ?? [];
    return (
        (typeof roleName === "string" && roleName.endsWith(spokeRoleEnd)) ||
        principals.some((principal) => hubRole.test(principal.name))
    );
}

function problemsOf(statement: TrustStatement, hub: TrustedHub): string[] {
    const hubRole = fleetRoleArn(hub.accountId, hubArgocdRoleName(hub.clusterName), hub.iamPath);
    const problems: string[] = [];
    if (statement.inverted.length > 0) {
        problems.push(`uses ${statement.inverted.join(", ")}. Fix: name who and what is allowed.`);
    }
    const [principal, ...others] = statement.principals;
    if (principal?.kind !== "AWS" || principal.name !== hubRole || others.length > 0) {
        const got = statement.principals.map(({ name }) => name).join(", ") || "nobody";
        problems.push(`trusts ${got}. Fix: trust ${hubRole} and nobody else.`);
    }
    const foreign = statement.actions.filter((action) => !allowedActions.includes(action.toLowerCase()));
    if (foreign.length > 0) {
        problems.push(`allows ${foreign.join(", ")}. Fix: allow sts:AssumeRole and sts:TagSession only.`);
    }
    return [...problems, ...tagProblems(statement, hub)];
}

function tagProblems({ conditions }: TrustStatement, hub: TrustedHub): string[] {
    const allowed: Record<string, readonly string[]> = {
        "eks-cluster-arn": [eksClusterArn(hub.region, hub.accountId, hub.clusterName)],
        "kubernetes-namespace": [argocdNamespace],
        "kubernetes-service-account": argocdServiceAccounts,
    };
    return Object.entries(allowed).flatMap(([tag, values]) => {
        // Only StringEquals: …IfExists passes without the tag, and StringLike with a pattern.
        const given = conditions.StringEquals?.[`aws:principaltag/${tag}`] ?? [];
        return given.length > 0 && given.every((value) => values.includes(value))
            ? []
            : [
                  `does not hold aws:PrincipalTag/${tag} to the hub's (got ${given.join(", ") || "no StringEquals"}). ` +
                      `Fix: allow ${values.join(", ")}.`,
              ];
    });
}
