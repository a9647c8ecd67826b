import { anySecretSuffix, registrationSecretArn } from "../../contract/names.ts";
import { keyAdministration } from "../identity/key-administration.ts";
import type { PolicyDocument } from "../identity/policy-document.ts";

/** Who may do what with a registration. */
export interface RegistrationAccess {
    accountId: string;
    region: string;
    hubClusterName: string;
    clusterName: string;
    /** Writes the secret: the role that runs `pulumi up` in this account. */
    publisherArn: string;
    /** Reads the secret: the hub's External Secrets role. */
    readerArn: string;
}

/**
 * Reading, by one role of the hub's account. The Deny keeps out whoever may read every secret of this account by a
 * policy of their own; the publisher stays able to compare what it wrote. The resource is `*` because the secret's ARN
 * has a random end.
 */
export function registrationSecretPolicy(readerArn: string, publisherArn: string): PolicyDocument {
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "HubExternalSecrets",
                Effect: "Allow",
                Principal: { AWS: readerArn },
                Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
                Resource: "*",
            },
            {
                Sid: "NobodyElse",
                Effect: "Deny",
                Principal: { AWS: "*" },
                Action: ["secretsmanager:GetSecretValue"],
                Resource: "*",
                Condition: { StringNotEquals: { "aws:PrincipalArn": [readerArn, publisherArn] } },
            },
        ],
    };
}

/**
 * Decryption for publisher and reader, only through Secrets Manager and only of this secret; encryption for the
 * publisher. Without both conditions the reader could decrypt anything ever encrypted with the key.
 */
export function registrationKeyPolicy(access: RegistrationAccess): PolicyDocument {
    const { accountId, region, hubClusterName, clusterName } = access;
    const onlyThisSecret = {
        StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` },
        StringLike: {
            "kms:EncryptionContext:SecretARN":
                registrationSecretArn(region, accountId, hubClusterName, clusterName) + anySecretSuffix,
        },
    };
    return {
        Version: "2012-10-17",
        Statement: [
            keyAdministration(accountId),
            {
                Sid: "Publisher",
                Effect: "Allow",
                Principal: { AWS: access.publisherArn },
                Action: ["kms:Decrypt", "kms:GenerateDataKey"],
                Resource: "*",
                Condition: onlyThisSecret,
            },
            {
                Sid: "HubExternalSecrets",
                Effect: "Allow",
                Principal: { AWS: access.readerArn },
                Action: ["kms:Decrypt"],
                Resource: "*",
                Condition: onlyThisSecret,
            },
        ],
    };
}
