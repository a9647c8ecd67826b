import { randomUUID } from "node:crypto";
import type { Handler, Request, Response } from "../../daemon/http.ts";
import type { SecretRecord } from "../iam/source.ts";
import { type AuthenticationCodes, authenticate, type Caller } from "./caller.ts";
import { authorizeDecrypt, authorizeSecret, findSecret } from "./secret-access.ts";
import { type AwsServices, ServiceError } from "./services.ts";

const CODES: AuthenticationCodes = {
    missing: "MissingAuthenticationTokenException",
    incomplete: "IncompleteSignatureException",
    unknownKey: "UnrecognizedClientException",
    signature: "InvalidSignatureException",
    expiredToken: "ExpiredTokenException",
    expiredRequest: "InvalidSignatureException",
};

type Operation = (services: AwsServices, caller: Caller, input: Record<string, string>) => unknown;

const OPERATIONS: Readonly<Record<string, { parameters: readonly string[]; run: Operation }>> = {
    GetSecretValue: { parameters: ["SecretId", "VersionId", "VersionStage"], run: getSecretValue },
    DescribeSecret: { parameters: ["SecretId"], run: describeSecret },
};

/** Secrets Manager with JSON 1.1: GetSecretValue and DescribeSecret. */
export function secretsManagerHandler(services: AwsServices): Handler {
    return (request) => {
        try {
            return Promise.resolve(answer(200, run(services, request), randomUUID()));
        } catch (error) {
            if (!(error instanceof ServiceError)) throw error;
            const { code, message, decisionId = randomUUID() } = error;
            return Promise.resolve(answer(400, { __type: code, Message: message }, decisionId));
        }
    };
}

function answer(status: number, value: unknown, requestId: string): Response {
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": requestId };
    return { status, headers, body: JSON.stringify(value) };
}

function run(services: AwsServices, request: Request): unknown {
    const name = request.headers["x-amz-target"]?.toString().replace(/^secretsmanager\./, "") ?? "";
    const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
    if (operation === undefined) {
        const served = Object.keys(OPERATIONS).join(", ");
        throw new ServiceError(
            "UnknownOperationException",
            `the sandbox's Secrets Manager does not serve "${name}" (it serves ${served})`,
        );
    }
    const caller = authenticate(services, request, `secretsmanager:${name}`, CODES);
    return operation.run(services, caller, readInput(request.body, name, operation.parameters));
}

function readInput(body: Buffer, operation: string, parameters: readonly string[]): Record<string, string> {
    let input: unknown;
    try {
        input = JSON.parse(body.toString("utf8"));
    } catch {
        throw new ServiceError("SerializationException", "the request body is not JSON");
    }
    const entries = typeof input === "object" && input !== null ? Object.entries(input) : [];
    for (const [key, value] of entries) {
        if (!parameters.includes(key) || typeof value !== "string") {
            throw new ServiceError(
                "ValidationException",
                `${operation} does not take "${key}" here (it takes the strings ${parameters.join(", ")})`,
            );
        }
    }
    return Object.fromEntries(entries);
}

function getSecretValue(services: AwsServices, caller: Caller, input: Record<string, string>): unknown {
    const { VersionId: versionId, VersionStage: stage } = input;
    const id = requireId(input);
    const secret = findSecret(services.source, caller, id);
    authorizeSecret(services, caller, "secretsmanager:GetSecretValue", id, secret, {
        "secretsmanager:SecretId": id,
        "secretsmanager:VersionId": versionId,
        "secretsmanager:VersionStage": stage ?? (versionId === undefined ? "AWSCURRENT" : undefined),
    });
    const found = requireFound(secret);
    if (found.deletedDate !== undefined) {
        throw new ServiceError(
            "InvalidRequestException",
            "You can't perform this operation on the secret because it was marked for deletion.",
        );
    }
    const wantedStage = stage ?? (versionId === undefined ? "AWSCURRENT" : undefined);
    const version = found.versions.find(
        (candidate) =>
            (versionId === undefined || candidate.versionId === versionId) &&
            (wantedStage === undefined || candidate.stages.includes(wantedStage)),
    );
    if (version === undefined) {
        const label = versionId === undefined ? `staging label: ${wantedStage}` : `VersionId: ${versionId}`;
        throw new ServiceError(
            "ResourceNotFoundException",
            `Secrets Manager can't find the specified secret value for ${label}`,
        );
    }
    authorizeDecrypt(services, caller, found, version.versionId);
    return {
        ARN: found.arn,
        Name: found.name,
        VersionId: version.versionId,
        ...(version.secretString === undefined ? {} : { SecretString: version.secretString }),
        ...(version.secretBinary === undefined ? {} : { SecretBinary: version.secretBinary }),
        VersionStages: version.stages,
        CreatedDate: epoch(version.createdDate),
    };
}

function describeSecret(services: AwsServices, caller: Caller, input: Record<string, string>): unknown {
    const id = requireId(input);
    const secret = findSecret(services.source, caller, id);
    authorizeSecret(services, caller, "secretsmanager:DescribeSecret", id, secret, { "secretsmanager:SecretId": id });
    const found = requireFound(secret);
    return {
        ARN: found.arn,
        Name: found.name,
        ...(found.description === undefined ? {} : { Description: found.description }),
        ...(found.kmsKeyArn === undefined ? {} : { KmsKeyId: found.kmsKeyArn }),
        CreatedDate: epoch(found.createdDate),
        LastChangedDate: epoch(found.lastChangedDate),
        ...(found.deletedDate === undefined ? {} : { DeletedDate: epoch(found.deletedDate) }),
        Tags: Object.entries(found.tags).map(([Key, Value]) => ({ Key, Value })),
        VersionIdsToStages: Object.fromEntries(found.versions.map(({ versionId, stages }) => [versionId, stages])),
    };
}

function requireId({ SecretId: id }: Record<string, string>): string {
    if (id) return id;
    throw new ServiceError("InvalidParameterException", "You must provide a SecretId");
}

function requireFound(secret: SecretRecord | undefined): SecretRecord {
    if (secret !== undefined) return secret;
    throw new ServiceError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
}

/** AWS's JSON protocols write a time as seconds since 1970. */
function epoch(iso: string): number {
    return Date.parse(iso) / 1000;
}
