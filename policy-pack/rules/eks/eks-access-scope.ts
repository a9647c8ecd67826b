import { cisEks } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { accessPolicy } from "../../rule/tokens.ts";
import { map, text } from "../../rule/values.ts";
import { matches } from "../../iam/pattern.ts";

interface Settings {
    /** Roles that may administer a whole cluster, as ARN patterns. */
    administrators: string[];
}

const wide = ["AmazonEKSClusterAdminPolicy", "AmazonEKSAdminPolicy"];

/** Whole clusters are administered by listed roles. */
export const eksAccessScope = resourceRule<Settings>(
    {
        name: "eks-access-scope",
        description: "Give cluster-wide administration to listed roles only.",
        severity: "high",
        framework: cisEks("4.1.1", "Ensure that the cluster-admin role is only used where required"),
        why: "Who administers the cluster reads every Secret in it and can become every pod.",
        remediationSteps:
            'Set accessScope to {type: "namespace", namespaces: [...]}, take a smaller access policy, or list the role in administrators of policy-pack/config.',
        settings: {
            administrators: {
                description: "Roles that may administer a whole cluster, as patterns of their ARNs.",
                type: "array",
                items: { type: "string", pattern: "^arn:aws:iam::(\\d{12}|\\*):role/.+" },
                // The last one: a distributed spoke's own Argo CD, on the cluster it runs on.
                default: [
                    "arn:aws:iam::*:role/fleet-deployer",
                    "arn:aws:iam::*:role/*-argocd-spoke",
                    "arn:aws:iam::*:role/*-argocd",
                ],
            },
        },
        bad: {
            type: accessPolicy,
            props: {
                accessScope: { type: "cluster" },
                policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                principalArn: "arn:aws:iam::222222222222:role/developers",
            },
        },
        good: {
            type: accessPolicy,
            props: {
                accessScope: { type: "cluster" },
                policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                principalArn: "arn:aws:iam::222222222222:role/fleet-deployer",
            },
        },
    },
    [accessPolicy],
    ({ props, settings, fail }) => {
        const policy = text(props["policyArn"]).split("/").at(-1) ?? "";
        const scope: unknown = map(props["accessScope"])["type"];
        if (!wide.includes(policy) || scope === "namespace") {
            return;
        }
        const principal = text(props["principalArn"]);
        if (!settings.administrators.some((pattern) => matches(pattern, principal))) {
            fail(
                `${principal} gets ${policy} on the whole cluster. ` +
                    'Fix: set accessScope.type to "namespace", or list the role as one of the administrators.',
            );
        }
    },
);
