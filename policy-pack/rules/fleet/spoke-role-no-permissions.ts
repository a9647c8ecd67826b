import { spokeRoleName } from "../../../contract/names.ts";
import { argocdDocs } from "../../rule/frameworks.ts";
import { stackRule } from "../../rule/stack-rule.ts";
import { role, roleAttachment, rolePolicy } from "../../rule/tokens.ts";
import { list, text } from "../../rule/values.ts";

const end = spokeRoleName("");

/** The role by which the hub enters a spoke says who it is, and may do nothing in AWS. */
export const spokeRoleNoPermissions = stackRule(
    {
        name: "spoke-role-no-permissions",
        description: "Give a spoke's access role no IAM permissions: the cluster's access entry is all it needs.",
        severity: "high",
        framework: argocdDocs(
            "operator-manual/declarative-setup#eks",
            "The role should not have any permission policies",
        ),
        why: "Every permission of this role is one that the hub, and whoever takes it over, has in the spoke's account.",
        remediationSteps: "Remove the policy; give the permission to the pod that needs it, by Pod Identity.",
        bad: [
            { type: role, name: "access", props: { name: "dev-01-argocd-spoke" } },
            {
                type: roleAttachment,
                props: { role: "dev-01-argocd-spoke", policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
                from: { role: ["access"] },
            },
        ],
        good: { type: role, name: "access", props: { name: "dev-01-argocd-spoke" } },
    },
    ({ members, each, skip }) => {
        const roles = members(role).filter((one) => text(one.known("name")).endsWith(end));
        if (roles.length === 0) {
            skip(`is about roles named *${end}`);
        }
        const granted = members(roleAttachment, rolePolicy);
        each(roles, (member) => {
            for (const property of ["managedPolicyArns", "inlinePolicies"]) {
                // Computed by AWS when the program leaves it out: unknown then.
                if (property in member.props && list(member.known(property)).length > 0) {
                    member.fail(`has ${property}. Fix: remove them.`);
                }
            }
            for (const one of granted) {
                if (one.from("role").includes(member) || text(one.known("role")) === member.known("name")) {
                    member.fail(`gets permissions from ${one.name}. Fix: remove it.`);
                }
            }
        });
    },
);
