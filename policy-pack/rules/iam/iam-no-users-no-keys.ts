import { securityHub } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";

const types = [
    "aws:iam/user:User",
    "aws:iam/accessKey:AccessKey",
    "aws:iam/userLoginProfile:UserLoginProfile",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/serviceSpecificCredential:ServiceSpecificCredential",
];

/** Nobody gets credentials that do not end. */
export const iamNoUsersNoKeys = resourceRule(
    {
        name: "iam-no-users-no-keys",
        description: "Make roles, not users and access keys.",
        severity: "high",
        framework: securityHub("IAM.3, IAM.22", "IAM users' access keys should be rotated or removed"),
        why: "An access key works until somebody remembers it; it is also in the state of the stack.",
        remediationSteps: "Use a role: Pod Identity for pods, IAM Identity Center for people, OIDC for pipelines.",
        bad: { type: "aws:iam/user:User", props: { name: "deployer" } },
        good: { type: "aws:iam/role:Role", props: { name: "deployer" } },
    },
    types,
    ({ fail }) => fail("its credentials never end. Fix: use a role."),
);
