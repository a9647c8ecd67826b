import type { PolicyStatement } from "../policy-document.ts";
import type { AddonPlace } from "./place.ts";

/**
 * Reading the account's secrets whose names begin with one of the prefixes, and decrypting those only. Key ids are
 * random, so the second statement names the account's keys and narrows by what is being decrypted.
 */
export function secretReading(
    { accountId, region }: Omit<AddonPlace, "clusterName">,
    prefixes: readonly string[],
): PolicyStatement[] {
    const secrets = prefixes.map((prefix) => `arn:aws:secretsmanager:${region}:${accountId}:secret:${prefix}*`);
    return [
        {
            Sid: "ReadSecrets",
            Effect: "Allow",
            Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
            Resource: secrets,
        },
        {
            Sid: "DecryptSecrets",
            Effect: "Allow",
            Action: ["kms:Decrypt"],
            Resource: `arn:aws:kms:${region}:${accountId}:key/*`,
            Condition: {
                StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` },
                StringLike: { "kms:EncryptionContext:SecretARN": secrets },
            },
        },
    ];
}
