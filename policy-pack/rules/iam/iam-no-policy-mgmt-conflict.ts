import { awsDocs } from "../../rule/frameworks.ts";
import { stackRule } from "../../rule/stack-rule.ts";
import { role, roleAttachment, rolePolicy } from "../../rule/tokens.ts";
import { list } from "../../rule/values.ts";

/** A role's permissions are in one place. */
export const iamNoPolicyMgmtConflict = stackRule(
    {
        name: "iam-no-policy-mgmt-conflict",
        description: "Give a role its policies by its own properties or by resources, never both.",
        severity: "medium",
        framework: awsDocs("Role", "managedPolicyArns and inlinePolicies are exclusive"),
        why: "Each update removes what the other added: permissions disappear, or come back.",
        remediationSteps: "Remove managedPolicyArns and inlinePolicies; use RolePolicyAttachment and RolePolicy.",
        bad: [
            { type: role, name: "role", props: { managedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] } },
            {
                type: roleAttachment,
                props: { role: "?", policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" },
                from: { role: ["role"] },
            },
        ],
        good: [
            { type: role, name: "role", props: {} },
            {
                type: roleAttachment,
                props: { role: "?", policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" },
                from: { role: ["role"] },
            },
        ],
    },
    ({ members, each, skip }) => {
        const roles = members(role);
        if (roles.length === 0) {
            skip(`is about ${role}`);
        }
        const [attachments, policies] = [members(roleAttachment), members(rolePolicy)];
        each(roles, (member) => {
            const has = (property: string) => property in member.props && list(member.known(property)).length > 0;
            const named = (one: (typeof attachments)[number]) =>
                one.from("role").includes(member) ||
                (typeof one.known("role") === "string" && one.known("role") === member.known("name"));
            if (has("managedPolicyArns") && attachments.some(named)) {
                member.fail("has managedPolicyArns and attachments. Fix: remove managedPolicyArns.");
            }
            if (has("inlinePolicies") && policies.some(named)) {
                member.fail("has inlinePolicies and RolePolicy resources. Fix: remove inlinePolicies.");
            }
        });
    },
);
