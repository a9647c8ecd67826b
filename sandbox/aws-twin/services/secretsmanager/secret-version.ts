import { randomUUID } from "node:crypto";
import type { Props, Value } from "../../../engine/kit/types.ts";
import type { SecretVersionRecord } from "../../iam/source.ts";
import { roleDenial } from "../../permissions.ts";
import { text } from "../../schema/field.ts";
import { optionalText, propsOf, textOf, textsOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import { copyArn, secretCopies } from "../../state/secret-copies.ts";
import type { Item } from "../../state/store.ts";
import { T } from "../../tokens.ts";
import { requireEnabledKey } from "../kms/find-key.ts";
import { requireSecret } from "./secret.ts";

const MAX_BYTES = 65_536;
const size = (value: string): string | undefined =>
    value === "" || Buffer.byteLength(value) > MAX_BYTES ? `must have 1 to ${MAX_BYTES} bytes` : undefined;

/** Content of a secret. A new one becomes AWSCURRENT, the one before AWSPREVIOUS. */
export const secretVersion: ResourceType = {
    token: T.secretVersion,
    inputs: {
        secretBinary: text({ replaces: true, check: size }),
        secretId: text({ required: true, replaces: true }),
        secretString: text({ replaces: true, check: size }),
    },
    computed: ["arn", "secretArn", "versionId", "versionStages"],
    validate: (inputs) =>
        (inputs["secretString"] === undefined) === (inputs["secretBinary"] === undefined)
            ? [{ property: "secretString", reason: "give exactly one of secretString and secretBinary" }]
            : [],
    create: (context, inputs) => {
        const found = requireSecret(context, textOf(inputs, "secretId"));
        const versionId = randomUUID();
        requireEncryption(context, found, versionId);
        const now = context.now.toISOString();
        const [secretString, secretBinary] = [
            optionalText(inputs, "secretString"),
            optionalText(inputs, "secretBinary"),
        ];
        const version: SecretVersionRecord = {
            versionId,
            stages: ["AWSCURRENT"],
            createdDate: now,
            ...(secretString === undefined ? {} : { secretString }),
            ...(secretBinary === undefined ? {} : { secretBinary }),
        };
        const older = versionsOf(found).flatMap((each) => demoted(each));
        const versions = [...older, version] as unknown as Value[];
        context.store.put({ ...found, hidden: { ...found.hidden, versions, lastChangedDate: now } });
        const arn = found.id;
        return {
            id: `${arn}|${versionId}`,
            computed: { arn, secretArn: arn, versionId, versionStages: ["AWSCURRENT"] },
        };
    },
    // AWS keeps the version that is AWSCURRENT for as long as the secret lives.
    remove: (context, item) => {
        const found = secretOf(context, item);
        if (found === undefined) return;
        const kept = versionsOf(found).filter(
            ({ versionId, stages }) => versionId !== item.outputs["versionId"] || stages.includes("AWSCURRENT"),
        );
        context.store.put({ ...found, hidden: { ...found.hidden, versions: kept as unknown as Value[] } });
    },
    refresh: (context, item): Props => {
        const found = secretOf(context, item);
        const version = found && versionsOf(found).find(({ versionId }) => versionId === item.outputs["versionId"]);
        return { versionStages: version?.stages ?? [] };
    },
};

function secretOf({ store }: Context, item: Item): Item | undefined {
    const { accountId, region } = item;
    return store.get({ type: T.secret, accountId, region, id: textOf(item.outputs, "arn") });
}

function versionsOf({ hidden }: Item): SecretVersionRecord[] {
    const list = Array.isArray(hidden["versions"]) ? hidden["versions"] : [];
    return list.map(
        (entry) => ({ ...propsOf(entry), stages: textsOf(propsOf(entry), "stages") }) as SecretVersionRecord,
    );
}

/** A version loses its stages to the next one, and is gone when it has none. */
function demoted(version: SecretVersionRecord): SecretVersionRecord[] {
    return version.stages.includes("AWSCURRENT") ? [{ ...version, stages: ["AWSPREVIOUS"] }] : [];
}

/** Secrets Manager encrypts with the caller's permissions on the key, each copy with its own. */
function requireEncryption(context: Context, { id, hidden }: Item, versionId: string): void {
    const primary = { region: context.place.region, kmsKeyArn: optionalText(hidden, "kmsKeyArn") };
    for (const { region, kmsKeyArn } of [primary, ...secretCopies(hidden)]) {
        if (kmsKeyArn !== undefined) requireUse(context, kmsKeyArn, region, copyArn(id, region), versionId);
    }
}

function requireUse(context: Context, reference: string, region: string, arn: string, versionId: string): void {
    const key = context.view.kmsKey(textOf(requireEnabledKey(context, reference).outputs, "arn"));
    if (key === undefined) throw new Error(`NotFoundException: Key '${reference}' does not exist`);
    const { view, now, place } = context;
    const encryption = { SecretARN: arn, SecretVersionId: versionId };
    for (const action of ["kms:GenerateDataKey", "kms:Decrypt"]) {
        const denial = roleDenial(
            view,
            now,
            { arn: place.callerArn, sessionName: "pulumi" },
            action,
            { arn: key.arn, accountId: key.accountId, kind: "key", policy: key.policy },
            {
                "aws:CalledVia": ["secretsmanager.amazonaws.com"],
                "aws:ViaAWSService": "true",
                "kms:CallerAccount": place.accountId,
                "kms:EncryptionContextKeys": Object.keys(encryption),
                "kms:ViaService": `secretsmanager.${region}.amazonaws.com`,
                ...Object.fromEntries(
                    Object.entries(encryption).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]),
                ),
            },
        );
        if (denial !== undefined) {
            throw new Error(
                `AccessDeniedException: Access to KMS is not allowed: ${place.callerArn} may not ${action}: ${denial}`,
            );
        }
    }
}
