import { explainReasons } from "../iam/explain.ts";
import type { IamSource, SecretRecord } from "../iam/source.ts";
import { type Caller, contextOf, withPrefix } from "./caller.ts";
import { type AwsServices, decide, refuse, ServiceError } from "./services.ts";

/**
 * The secret that a SecretId means: a name in the caller's account and region, a full ARN, or an ARN without the six
 * random characters. A secret of another region than the request's is not found.
 */
export function findSecret(source: IamSource, caller: Caller, id: string): SecretRecord | undefined {
    if (!id.startsWith("arn:")) {
        return source.secrets(caller.principal.role.accountId, caller.region).find(({ name }) => name === id);
    }
    const [, , service, region, accountId = ""] = id.split(":");
    if (service !== "secretsmanager" || region !== caller.region) return undefined;
    const secrets = source.secrets(accountId, region);
    return secrets.find(({ arn }) => arn === id) ?? secrets.find(({ arn }) => arn.replace(/-[^-]{6}$/, "") === id);
}

/**
 * Decides an action on a secret by the caller's identity policies and the secret's resource policy.
 * For a secret that does not exist the caller's own policies decide, as on AWS: who may not ask learns nothing.
 * @throws ServiceError AccessDeniedException
 */
export function authorizeSecret(
    services: AwsServices,
    caller: Caller,
    action: string,
    id: string,
    secret: SecretRecord | undefined,
    request: Readonly<Record<string, string | undefined>>,
): void {
    const ownAccount = caller.principal.role.accountId;
    const arn =
        secret?.arn ??
        (id.startsWith("arn:") ? id : `arn:aws:secretsmanager:${caller.region}:${ownAccount}:secret:${id}`);
    const tags = secret?.tags ?? {};
    const decision = decide(services, {
        principal: caller.principal,
        action,
        resource: {
            arn,
            accountId: secret?.accountId ?? ownAccount,
            kind: "other",
            ...(secret?.policy === undefined ? {} : { policy: secret.policy }),
        },
        context: contextOf(caller, services.clock(), {
            ...request,
            "aws:ResourceAccount": secret?.accountId,
            ...withPrefix("aws:ResourceTag/", tags),
            ...withPrefix("secretsmanager:ResourceTag/", tags),
        }),
    });
    if (decision.allowed) return;
    const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${arn} because `;
    throw new ServiceError("AccessDeniedException", message + explainReasons(decision), decision.id);
}

/**
 * Decides whether Secrets Manager may decrypt a secret's version for the caller: kms:Decrypt by the caller's identity
 * policies and the key policy. With the account's `aws/secretsmanager` key, its callers always may, others never.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 * @throws ServiceError AccessDeniedException, InvalidRequestException or DecryptionFailure
 */
export function authorizeDecrypt(services: AwsServices, caller: Caller, secret: SecretRecord, versionId: string): void {
    const { role } = caller.principal;
    if (secret.kmsKeyArn === undefined) {
        if (role.accountId === secret.accountId) return;
        const why =
            "You can't access a secret from a different AWS account if you encrypt the secret with the default KMS service key.";
        throw new ServiceError(
            "InvalidRequestException",
            why,
            refuse(services, caller.arn, "kms:Decrypt", `alias/aws/secretsmanager of ${secret.accountId}`, why),
        );
    }
    const key = services.source.kmsKey(secret.kmsKeyArn);
    if (key === undefined || key.state !== "Enabled") {
        const why = `the key ${secret.kmsKeyArn} is ${key === undefined ? "gone" : key.state}`;
        throw new ServiceError(
            "DecryptionFailure",
            `Secrets Manager can't decrypt the protected secret text using the provided KMS key: ${why}`,
            refuse(services, caller.arn, "kms:Decrypt", secret.kmsKeyArn, why),
        );
    }
    const encryptionContext = { SecretARN: secret.arn, SecretVersionId: versionId };
    const decision = decide(services, {
        principal: caller.principal,
        action: "kms:Decrypt",
        resource: { arn: key.arn, accountId: key.accountId, kind: "key", policy: key.policy },
        context: contextOf(caller, services.clock(), {
            "aws:CalledVia": ["secretsmanager.amazonaws.com"],
            "aws:ResourceAccount": key.accountId,
            "aws:ViaAWSService": "true",
            "kms:CallerAccount": role.accountId,
            "kms:EncryptionContextKeys": Object.keys(encryptionContext),
            "kms:ViaService": `secretsmanager.${secret.region}.amazonaws.com`,
            ...withPrefix("kms:EncryptionContext:", encryptionContext),
        }),
    });
    if (decision.allowed) return;
    const message = `Access to KMS is not allowed: ${caller.arn} may not kms:Decrypt with ${key.arn} because `;
    throw new ServiceError("AccessDeniedException", message + explainReasons(decision), decision.id);
}
