import { document, type Documents, keyAdministration, type Stack } from "./stack.ts";

/** Policies of the component RegistrationSecret. */
export function registrationDocuments({ name, account, cluster }: Stack): Documents {
    const reader = "arn:aws:iam::111111111111:role/fleet/hub-01-external-secrets";
    const publisher = `arn:aws:iam::${account}:role/fleet-deployer`;
    const onlyThisSecret = {
        StringEquals: { "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com" },
        StringLike: {
            "kms:EncryptionContext:SecretARN": `arn:aws:secretsmanager:eu-west-1:${account}:secret:fleet/hub-01/${cluster}-??????`,
        },
    };
    return {
        [`${name}-registration-policy blockPublicPolicy`]: true,
        [`${name}-registration-policy policy`]: document(
            {
                Sid: "HubExternalSecrets",
                Effect: "Allow",
                Principal: { AWS: reader },
                Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
                Resource: "*",
            },
            {
                Sid: "NobodyElse",
                Effect: "Deny",
                Principal: { AWS: "*" },
                Action: ["secretsmanager:GetSecretValue"],
                Resource: "*",
                Condition: { StringNotEquals: { "aws:PrincipalArn": [reader, publisher] } },
            },
        ),
        [`${name}-registration-key policy`]: document(
            keyAdministration(account),
            {
                Sid: "Publisher",
                Effect: "Allow",
                Principal: { AWS: publisher },
                Action: ["kms:Decrypt", "kms:GenerateDataKey"],
                Resource: "*",
                Condition: onlyThisSecret,
            },
            {
                Sid: "HubExternalSecrets",
                Effect: "Allow",
                Principal: { AWS: reader },
                Action: ["kms:Decrypt"],
                Resource: "*",
                Condition: onlyThisSecret,
            },
        ),
    };
}
