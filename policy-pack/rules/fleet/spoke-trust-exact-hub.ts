import { argocdNamespace, argocdServiceAccounts, spokeRoleName } from "../../../contract/names.ts";
import { bindings } from "../../iam/condition.ts";
import { allows, readPolicy, type Policy, type Statement } from "../../iam/document.ts";
import { actionsOutside } from "../../iam/grants.ts";
import { argocdDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { role } from "../../rule/tokens.ts";
import { text } from "../../rule/values.ts";
import { argocdRole, hubCluster, hubsSetting, looksLikeArgocdRole, type Hub } from "../../fleet/hubs.ts";

const spokeRoleEnd = spokeRoleName("");

const trust = (principal: string) =>
    JSON.stringify({
        Statement: [
            {
                Sid: "HubArgocd",
                Effect: "Allow",
                Principal: { AWS: principal },
                Action: ["sts:AssumeRole", "sts:TagSession"],
                Condition: {
                    StringEquals: {
                        "aws:PrincipalTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111111111111:cluster/hub-01",
                        "aws:PrincipalTag/kubernetes-namespace": argocdNamespace,
                        "aws:PrincipalTag/kubernetes-service-account": argocdServiceAccounts,
                    },
                },
            },
        ],
    });

/**
 * The one door into a spoke admits one role of one hub, and only while an Argo CD pod of that hub's cluster holds it.
 * No `sts:ExternalId` is asked for: argocd-k8s-auth cannot send one, and Pod Identity's session tags are transitive.
 */
export const spokeTrustExactHub = resourceRule<{ hubs: Hub[] }>(
    {
        name: "spoke-trust-exact-hub",
        description: "Let a spoke's access role trust exactly the Argo CD role of a listed hub, by its session tags.",
        severity: "critical",
        framework: argocdDocs(
            "operator-manual/declarative-setup#eks",
            "Trust of the role that Argo CD assumes for a cluster",
        ),
        why:
            "The role administers the spoke. A wildcard lets any account make a role of that name; without the session " +
            "tags any pod of any cluster in the hub's account that holds the role gets in.",
        remediationSteps:
            "Build the trust policy with spokeAccessTrust of components/identity, and list the hub in spoke-trust-exact-hub.hubs of policy-pack/config/fleet.json.",
        settings: { hubs: hubsSetting },
        bad: {
            type: role,
            props: { name: "dev-01-argocd-spoke", assumeRolePolicy: trust("arn:aws:iam::*:role/fleet/hub-01-argocd") },
        },
        good: {
            type: role,
            props: {
                name: "dev-01-argocd-spoke",
                assumeRolePolicy: trust("arn:aws:iam::111111111111:role/fleet/hub-01-argocd"),
            },
        },
    },
    [role],
    ({ props, settings: { hubs }, fail, skip }) => {
        const policy = readPolicy(props["assumeRolePolicy"]);
        if (!isSpokeRole(text(props["name"]), policy)) {
            skip(`is about roles named *${spokeRoleEnd}, or that trust a hub's Argo CD role`);
        }
        if ("problem" in policy) {
            fail(`the trust policy ${policy.problem}. Fix: give it one statement that trusts the hub.`);
            return;
        }
        if (hubs.length === 0) {
            fail("no hub is known. Fix: list the hubs in the rule's setting hubs.");
            return;
        }
        for (const statement of allows(policy)) {
            // A statement is good if one hub explains all of it; otherwise the nearest hub's problems are the useful ones.
            const nearest = hubs
                .map((hub) => problemsOf(statement, hub))
                .reduce((best, candidate) => (candidate.length < best.length ? candidate : best));
            for (const problem of nearest) {
                fail(`${statement.sid} ${problem}`);
            }
        }
    },
);

/** By its name; or by whom it trusts, so that another name does not hide it. */
function isSpokeRole(name: string, policy: Policy): boolean {
    const principals = allows(policy).flatMap((statement) => statement.principals);
    return name.endsWith(spokeRoleEnd) || principals.some((principal) => looksLikeArgocdRole(principal.name));
}

function problemsOf(statement: Statement, hub: Hub): string[] {
    const hubRole = argocdRole(hub);
    const problems: string[] = [];
    if (statement.notPrincipal || statement.notAction) {
        problems.push("says who or what is left out. Fix: name who and what is allowed.");
    }
    const [principal, ...others] = statement.principals;
    if (principal?.kind !== "AWS" || principal.name !== hubRole || others.length > 0) {
        const got = statement.principals.map(({ name }) => name).join(", ") || "nobody";
        problems.push(`trusts ${got}. Fix: trust ${hubRole} and nobody else.`);
    }
    const foreign = statement.notAction ? [] : actionsOutside(statement, ["sts:AssumeRole", "sts:TagSession"]);
    if (foreign.length > 0) {
        problems.push(`allows ${foreign.join(", ")}. Fix: allow sts:AssumeRole and sts:TagSession only.`);
    }
    return [...problems, ...tagProblems(statement, hub)];
}

function tagProblems({ conditions }: Statement, hub: Hub): string[] {
    const allowed: Record<string, readonly string[]> = {
        "eks-cluster-arn": [hubCluster(hub)],
        "kubernetes-namespace": [argocdNamespace],
        "kubernetes-service-account": argocdServiceAccounts,
    };
    return Object.entries(allowed).flatMap(([tag, values]) => {
        const bound = bindings(conditions, `aws:PrincipalTag/${tag}`);
        if (bound.some((given) => given.every((value) => values.includes(value)))) {
            return [];
        }
        const got = bound.flat().join(", ") || "no condition that binds";
        return [`does not hold aws:PrincipalTag/${tag} to the hub's (got ${got}). Fix: allow ${values.join(", ")}.`];
    });
}
