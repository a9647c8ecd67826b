import { securityHub } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { role, roleAttachment } from "../../rule/tokens.ts";
import { text, texts } from "../../rule/values.ts";

const administrators = ["AdministratorAccess", "IAMFullAccess", "PowerUserAccess", "AdministratorAccess-Amplify"];
const types = [
    role,
    roleAttachment,
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
];

/** No role is an administrator by AWS' own policies. */
export const iamNoAdminManagedPolicy = resourceRule(
    {
        name: "iam-no-admin-managed-policy",
        description: "Attach no AdministratorAccess, IAMFullAccess or PowerUserAccess.",
        severity: "critical",
        framework: securityHub("IAM.1", "IAM policies should not allow full administrative privileges"),
        why: "A pod, a node or a service with such a role owns the account.",
        remediationSteps: "Write a policy with the actions that are needed, or take a smaller managed one.",
        bad: { type: roleAttachment, props: { role: "a", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" } },
        good: {
            type: roleAttachment,
            props: { role: "a", policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" },
        },
    },
    types,
    ({ type, props, fail, skip }) => {
        const attached =
            type === role
                ? texts(props["managedPolicyArns"])
                : [text(props["policyArn"]), ...texts(props["policyArns"])];
        if (attached.length === 0) {
            skip("is about roles with managed policies");
        }
        for (const arn of attached.filter((each) => administrators.includes(each.split("/").at(-1) ?? ""))) {
            fail(`${arn} makes it an administrator. Fix: grant the actions it needs.`);
        }
    },
);
