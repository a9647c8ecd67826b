import type { PolicyStatement } from "./policy-document.ts";

/**
 * Administration of a key by its account. Naming the account, not a role, keeps the key manageable when that role is
 * deleted; leaving out Encrypt, Decrypt and grants keeps its administrators from reading what it protects.
 */
export function keyAdministration(accountId: string): PolicyStatement {
    return {
        Sid: "Administration",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: [
            "kms:CancelKeyDeletion",
            "kms:CreateAlias",
            "kms:DeleteAlias",
            "kms:DescribeKey",
            "kms:DisableKey",
            "kms:EnableKey",
            "kms:EnableKeyRotation",
            "kms:GetKeyPolicy",
            "kms:GetKeyRotationStatus",
            "kms:ListResourceTags",
            "kms:PutKeyPolicy",
            "kms:ScheduleKeyDeletion",
            "kms:TagResource",
            "kms:UntagResource",
            "kms:UpdateAlias",
            "kms:UpdateKeyDescription",
        ],
        Resource: "*",
    };
}
