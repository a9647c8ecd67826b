import { randomUUID } from "node:crypto";
import type { Props } from "../engine/kit/types.ts";
import { echoed, free, key, randomText, text, usersOf } from "./lookups.ts";
import { isJson, pin } from "./policies.ts";
import { AwsError, type Context, type ResourceType, type Stored } from "./resource-type.ts";

export const KEY = "aws:kms/key:Key";
export const SECRET = "aws:secretsmanager/secret:Secret";
export const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
export const SECRET_POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy";

const DAY_MS = 86_400_000;
const SUFFIX_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const tags = { shape: "object" } as const;

const place = (context: Context) => `${context.caller.region}:${context.caller.account}`;
const goneIn = (context: Context, days: number) => new Date(context.clock().getTime() + days * DAY_MS).toISOString();

const pinKey = (context: Context, inputs: Props) =>
    pin(context, text(inputs, "policy"), "resource", "key policy", "MalformedPolicyDocumentException");

/** A secret of the caller, by name or ARN; what waits for deletion is not found. */
function secret(context: Context, nameOrArn: string): Stored {
    const found = nameOrArn.startsWith("arn:")
        ? context.store.by(SECRET, "arn", nameOrArn, context.caller.account)
        : context.store.all(SECRET, context.caller.account).find(({ inputs }) => inputs["name"] === nameOrArn);
    if (found === undefined || found.goneAt !== undefined) {
        throw new AwsError("ResourceNotFoundException", `Secrets Manager can't find the specified secret "${nameOrArn}".`);
    }
    return found;
}

export const secretTypes: ResourceType[] = [
    {
        type: KEY,
        inputs: {
            description: { shape: "string" },
            policy: { shape: "string", check: isJson, required: true },
            enableKeyRotation: { shape: "boolean", default: false },
            deletionWindowInDays: { shape: "number", default: 30, check: (v) => between(v, 7, 30) },
            bypassPolicyLockoutSafetyCheck: { shape: "boolean", default: false },
            tags,
        },
        stable: ["arn", "keyId"],
        computed: ["arn", "keyId"],
        async create(context, inputs) {
            const id = randomUUID();
            const extra = { arn: `arn:aws:kms:${place(context)}:key/${id}`, keyId: id, pinned: { ...pinKey(context, inputs) } };
            return { id, outputs: echoed(context, inputs, extra) };
        },
        async update(context, stored, inputs) {
            return { ...stored.outputs, ...echoed(context, inputs, { pinned: { ...pinKey(context, inputs) } }) };
        },
        async remove(context, stored) {
            context.store.put({ ...stored, goneAt: goneIn(context, Number(stored.inputs["deletionWindowInDays"] ?? 30)) });
        },
    },
    {
        type: "aws:kms/alias:Alias",
        named: true,
        inputs: {
            name: {
                shape: "string",
                required: true,
                replace: true,
                check: (v) => (/^alias\/(?!aws\/)[\w/-]+$/.test(String(v)) ? undefined : "must be alias/<name>, not alias/aws/…"),
            },
            targetKeyId: { shape: "string", required: true },
        },
        stable: ["arn"],
        computed: ["arn", "targetKeyArn"],
        async create(context, inputs) {
            const name = text(inputs, "name");
            free(context, "aws:kms/alias:Alias", name, "AlreadyExistsException", `An alias with the name ${name} already exists`);
            const target = key(context, text(inputs, "targetKeyId"));
            const extra = { arn: `arn:aws:kms:${place(context)}:${name}`, targetKeyArn: target.outputs["arn"] ?? "" };
            return { id: name, outputs: { ...inputs, ...extra } };
        },
        async update(context, stored, inputs) {
            const target = key(context, text(inputs, "targetKeyId"));
            return { ...stored.outputs, ...inputs, targetKeyArn: target.outputs["arn"] ?? "" };
        },
    },
    {
        type: SECRET,
        named: true,
        inputs: {
            name: { shape: "string", required: true, replace: true },
            description: { shape: "string" },
            kmsKeyId: { shape: "string" },
            recoveryWindowInDays: { shape: "number", default: 30, check: (v) => (v === 0 ? undefined : between(v, 7, 30)) },
            tags,
        },
        stable: ["arn"],
        computed: ["arn"],
        async create(context, inputs) {
            const name = text(inputs, "name");
            const taken = context.store.all(SECRET, context.caller.account).find((other) => other.inputs["name"] === name);
            if (taken?.goneAt !== undefined) {
                throw new AwsError(
                    "InvalidRequestException",
                    `You can't create this secret because a secret with this name is already scheduled for deletion (until ${taken.goneAt}).`,
                );
            }
            if (taken !== undefined) throw new AwsError("ResourceExistsException", `The operation failed because the secret ${name} already exists.`);
            if (inputs["kmsKeyId"] !== undefined) key(context, text(inputs, "kmsKeyId"));
            const arn = `arn:aws:secretsmanager:${place(context)}:secret:${name}-${randomText(6, SUFFIX_ALPHABET)}`;
            return { id: arn, outputs: echoed(context, inputs, { arn, createdDate: context.clock().toISOString() }) };
        },
        async update(context, stored, inputs) {
            if (inputs["kmsKeyId"] !== undefined) key(context, text(inputs, "kmsKeyId"));
            return { ...stored.outputs, ...echoed(context, inputs, {}) };
        },
        async remove(context, stored) {
            const days = Number(stored.inputs["recoveryWindowInDays"] ?? 30);
            if (days === 0) context.store.delete(stored);
            else context.store.put({ ...stored, goneAt: goneIn(context, days) });
        },
    },
    {
        type: VERSION,
        inputs: {
            secretId: { shape: "string", required: true, replace: true },
            // A new value is a new version, as in AWS.
            secretString: { shape: "string", required: true, replace: true },
        },
        stable: ["arn"],
        computed: ["arn", "versionId", "versionStages"],
        async create(context, inputs) {
            const owner = secret(context, text(inputs, "secretId"));
            const versionId = randomUUID();
            for (const other of context.store.all(VERSION, context.caller.account)) {
                if (other.outputs["arn"] !== owner.outputs["arn"]) continue;
                const stages = String(other.outputs["versionStages"]) === "AWSCURRENT" ? ["AWSPREVIOUS"] : [];
                context.store.put({ ...other, outputs: { ...other.outputs, versionStages: stages } });
            }
            const extra = {
                arn: owner.outputs["arn"] ?? "",
                versionId,
                versionStages: ["AWSCURRENT"],
                createdDate: context.clock().toISOString(),
            };
            return { id: `${owner.id}|${versionId}`, outputs: { ...inputs, ...extra } };
        },
    },
    {
        type: SECRET_POLICY,
        inputs: {
            secretArn: { shape: "string", required: true, replace: true },
            policy: { shape: "string", required: true, check: isJson },
            blockPublicPolicy: { shape: "boolean", default: false },
        },
        stable: [],
        computed: [],
        async create(context, inputs) {
            const owner = secret(context, text(inputs, "secretArn"));
            if (usersOf(context, SECRET_POLICY, "secretArn", text(inputs, "secretArn")).length > 0) {
                throw new AwsError("ResourceExistsException", `The secret ${owner.id} has a resource policy already`);
            }
            return { id: owner.id, outputs: { ...inputs, pinned: { ...pinSecret(context, inputs) } } };
        },
        async update(context, stored, inputs) {
            return { ...stored.outputs, ...inputs, pinned: { ...pinSecret(context, inputs) } };
        },
    },
    {
        type: "aws:cloudwatch/logGroup:LogGroup",
        named: true,
        inputs: {
            name: { shape: "string", required: true, replace: true },
            retentionInDays: { shape: "number", default: 0, check: retention },
            kmsKeyId: { shape: "string" },
            tags,
        },
        stable: ["arn"],
        computed: ["arn"],
        async create(context, inputs) {
            const name = text(inputs, "name");
            const message = "The specified log group already exists";
            free(context, "aws:cloudwatch/logGroup:LogGroup", name, "ResourceAlreadyExistsException", message);
            return { id: name, outputs: echoed(context, inputs, { arn: `arn:aws:logs:${place(context)}:log-group:${name}` }) };
        },
        async update(context, stored, inputs) {
            return { ...stored.outputs, ...echoed(context, inputs, {}) };
        },
    },
];

const pinSecret = (context: Context, inputs: Props) =>
    pin(context, text(inputs, "policy"), "resource", "secret policy", "MalformedPolicyDocumentException");

function between(value: unknown, low: number, high: number): string | undefined {
    const days = Number(value);
    return Number.isInteger(days) && days >= low && days <= high ? undefined : `must be ${low} to ${high}`;
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION = [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];
function retention(value: unknown): string | undefined {
    return RETENTION.includes(Number(value)) ? undefined : `must be one of ${RETENTION.join(", ")}`;
}
