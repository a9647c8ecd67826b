import { permissions, permissionTypes } from "../../iam/attached.ts";
import { allows, type Statement } from "../../iam/document.ts";
import { coversAction, isEveryArn } from "../../iam/grants.ts";
import { bindings, binds } from "../../iam/condition.ts";
import { securityHub } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { rolePolicy } from "../../rule/tokens.ts";

/** Actions that make one identity another, or read what is secret. */
const sensitive = [
    "sts:AssumeRole",
    "iam:PassRole",
    "iam:CreateAccessKey",
    "iam:AttachRolePolicy",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
    "kms:Decrypt",
    "kms:CreateGrant",
    "kms:PutKeyPolicy",
    "kms:ReEncryptFrom",
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutResourcePolicy",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
];

/** What makes one identity another, or reads secrets, names its resources. */
export const iamNoStarResourceSensitive = resourceRule(
    {
        name: "iam-no-star-resource-sensitive",
        description: "Name the resources of actions that assume roles, decrypt, or read secrets.",
        severity: "critical",
        framework: securityHub("KMS.1, KMS.2", "IAM policies should not allow decryption on all KMS keys"),
        why: "With `*` a role reads every secret of the account, or becomes every role that trusts the account.",
        remediationSteps:
            "Set Resource to the ARNs, or for AWS services to a Condition that names what they are used for.",
        bad: {
            type: rolePolicy,
            props: { policy: '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}' },
        },
        good: {
            type: rolePolicy,
            props: {
                policy: '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::222222222222:role/fleet/*"}]}',
            },
        },
    },
    permissionTypes,
    ({ type, props, fail, skip }) => {
        const policies = permissions(type, props);
        if (policies.length === 0) {
            skip("is about roles with inline policies");
        }
        for (const statement of policies.flatMap(allows)) {
            const covered = sensitive.filter(
                (action) => coversAction(statement, action) && !narrowed(statement, action),
            );
            if (covered.length > 0 && (statement.notResource || statement.resources.some(unnamed))) {
                fail(
                    `${statement.sid} gives ${covered.join(", ")} on every resource. Fix: set Resource to their ARNs.`,
                );
            }
        }
    },
);

/** No name at all in any account, or everything of an account but a key: keys have random names. */
function unnamed(resource: string): boolean {
    return isEveryArn(resource) || /^arn:[^:]*:[^:]*:[^:]*:[*?]+:/.test(resource);
}

/** Conditions that say which resource it is in another way. */
function narrowed({ conditions }: Statement, action: string): boolean {
    const named = (pattern: string) => !isEveryArn(pattern) && pattern !== "*";
    if (action === "iam:PassRole") {
        return binds(conditions, "iam:AssociatedResourceArn", named);
    }
    if (action.startsWith("kms:")) {
        return (
            binds(conditions, "kms:EncryptionContext:SecretARN", named) ||
            binds(conditions, "kms:ResourceAliases", named)
        );
    }
    return bindings(conditions, "aws:ResourceTag/fleet").length > 0;
}
