import { prefixedName } from "../../identifiers.ts";
import { serviceKeyDenial } from "../../permissions.ts";
import { arnHere, findItem } from "../../references.ts";
import { flag, text, whole } from "../../schema/field.ts";
import { keyArn, matching, oneOf } from "../../schema/formats.ts";
import { optionalText, textOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";
import { requireEnabledKey } from "../kms/find-key.ts";

const groupName = matching(/^[.\-_/#A-Za-z0-9]{1,512}$/, "1 to 512 letters, digits and .-_/#");

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html; 0: for ever. */
const RETENTION = [
    0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const logGroup: ResourceType = {
    token: T.logGroup,
    tagged: true,
    name: { property: "name", prefix: "namePrefix", auto: (name, random) => `${name}-${random}`, max: 512 },
    inputs: {
        deletionProtectionEnabled: flag(),
        kmsKeyId: text({ check: keyArn }),
        logGroupClass: text({ replaces: true, check: oneOf("DELIVERY", "INFREQUENT_ACCESS", "STANDARD") }),
        name: text({ replaces: true, check: groupName }),
        namePrefix: text({ replaces: true, check: groupName }),
        retentionInDays: whole({ default: 0 }),
        skipDestroy: flag({ default: false }),
    },
    computed: ["arn", "deletionProtectionEnabled", "logGroupClass", "name"],
    validate: ({ retentionInDays }) =>
        RETENTION.includes(Number(retentionInDays))
            ? []
            : [{ property: "retentionInDays", reason: `must be one of ${RETENTION.join(", ")}` }],
    create: (context, inputs) => {
        const name = optionalText(inputs, "name") ?? prefixedName(textOf(inputs, "namePrefix"), context.now);
        if (findItem(context, T.logGroup, name) !== undefined) {
            throw new Error(`ResourceAlreadyExistsException: The specified log group already exists: ${name}`);
        }
        requireLogKey(context, name, optionalText(inputs, "kmsKeyId"));
        return {
            id: name,
            computed: {
                arn: arnHere(context, "logs", `log-group:${name}`),
                deletionProtectionEnabled: inputs["deletionProtectionEnabled"] ?? false,
                logGroupClass: inputs["logGroupClass"] ?? "STANDARD",
                name,
            },
        };
    },
    update: (context, { id }, inputs) => {
        requireLogKey(context, id, optionalText(inputs, "kmsKeyId"));
        return { computed: {} };
    },
    remove: (_, { id, outputs }) => {
        if (outputs["deletionProtectionEnabled"] !== true) return;
        throw new Error(`ValidationException: Log group ${id} has deletion protection enabled`);
    },
};

/**
 * CloudWatch Logs uses the key itself: its policy must let the region's service encrypt and decrypt for this group.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function requireLogKey(context: Context, name: string, reference: string | undefined): void {
    if (reference === undefined) return;
    const { view, now, place } = context;
    const keyArn = textOf(requireEnabledKey(context, reference).outputs, "arn");
    const groupArn = arnHere(context, "logs", `log-group:${name}`);
    for (const action of ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"]) {
        const denial = serviceKeyDenial(view, now, `logs.${place.region}.amazonaws.com`, keyArn, action, {
            "kms:EncryptionContext:aws:logs:arn": groupArn,
        });
        if (denial !== undefined) {
            throw new Error(
                `InvalidParameterException: The specified KMS key does not exist or is not allowed to be used with ` +
                    `LogGroup '${groupArn}' (${action}: ${denial})`,
            );
        }
    }
}
