import { type CheckFailure, type Props, type Value } from "../engine/kit/types.ts";
import { containsUnknown } from "../engine/kit/values.ts";
import { checkValue } from "./schema/check.ts";
import { list, map, object, text, type Field } from "./schema/field.ts";
import { matching, oneOf, roleArn } from "./schema/formats.ts";
import { regions } from "./schema/regions.ts";
import { textOf } from "./schema/resource-type.ts";

const accountId = matching(/^\d{12}$/, "an account id of twelve digits");
const yesOrNo = text({ check: oneOf("true", "false") });

/** Provider settings that the twin knows. Numbers and booleans arrive as text. */
const fields: Readonly<Record<string, Field>> = {
    region: text({ required: true, check: oneOf(...regions) }),
    allowedAccountIds: list(text({ check: accountId })),
    forbiddenAccountIds: list(text({ check: accountId })),
    assumeRoles: list(
        object({
            roleArn: text({ required: true, check: roleArn }),
            sessionName: text({ check: matching(/^[\w+=,.@-]{2,64}$/, "2 to 64 letters, digits and _+=,.@-") }),
            externalId: text(),
            duration: text(),
        }),
    ),
    defaultTags: object({ tags: map(text()) }),
    maxRetries: text(),
    retryMode: text({ check: oneOf("standard", "adaptive") }),
    skipCredentialsValidation: yesOrNo,
    skipMetadataApiCheck: yesOrNo,
    skipRegionValidation: yesOrNo,
    skipRequestingAccountId: yesOrNo,
};

/** One hop of the provider's way from its credentials to the account it works in. */
export interface AssumedRole {
    roleArn: string;
    sessionName: string;
    externalId?: string;
}

/** The provider's configuration, read. */
export interface ProviderSettings {
    region: string;
    allowedAccountIds: string[];
    forbiddenAccountIds: string[];
    assumeRoles: AssumedRole[];
    defaultTags: Record<string, string>;
}

/** What is wrong with the provider's own inputs; unknown values pass. */
export function checkProviderConfig(config: Props): CheckFailure[] {
    const known = Object.keys(fields).toSorted().join(", ");
    const failures: CheckFailure[] = [];
    for (const [property, value] of Object.entries(config)) {
        const field = fields[property];
        if (field === undefined) {
            failures.push({
                property,
                reason: `is not a setting that the sandbox's AWS twin knows; it knows ${known}`,
            });
        } else if (value !== null) failures.push(...checkValue(field, value, property));
    }
    if (config["region"] === undefined) failures.push({ property: "region", reason: "is required" });
    return failures;
}

/** @throws Error that names everything wrong, such as a value that is not known yet. */
export function readProviderConfig(config: Props): ProviderSettings {
    const problems = checkProviderConfig(config).map(({ property, reason }) => `${property} ${reason}`);
    if (containsUnknown(config)) problems.push("the configuration has values that are not known yet");
    if (problems.length > 0) throw new Error(`aws provider: ${problems.join("; ")}`);
    const strings = (value: Value | undefined) => (Array.isArray(value) ? value.map(String) : []);
    const { assumeRoles, defaultTags } = config;
    return {
        region: textOf(config, "region"),
        allowedAccountIds: strings(config["allowedAccountIds"]),
        forbiddenAccountIds: strings(config["forbiddenAccountIds"]),
        assumeRoles: Array.isArray(assumeRoles) ? assumeRoles.map((role) => readRole(role as Props)) : [],
        defaultTags: stringMap((defaultTags as Props | undefined)?.["tags"]),
    };
}

function readRole(role: Props): AssumedRole {
    const { externalId, sessionName } = role;
    return {
        roleArn: textOf(role, "roleArn"),
        sessionName: typeof sessionName === "string" ? sessionName : "pulumi",
        ...(typeof externalId === "string" ? { externalId } : {}),
    };
}

function stringMap(value: Value | undefined): Record<string, string> {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
    return Object.fromEntries(Object.keys(value).map((key) => [key, textOf(value, key)]));
}
