import { binds } from "../../iam/condition.ts";
import { allows, readPolicy, type Statement } from "../../iam/document.ts";
import { actionsOutside, coversAction, isWholeAccount } from "../../iam/grants.ts";
import { within } from "../../iam/pattern.ts";
import { awsDocs } from "../../rule/frameworks.ts";
import { stackRule } from "../../rule/stack-rule.ts";
import { key, secret } from "../../rule/tokens.ts";
import { exampleHub, externalSecretsRole, hubsSetting, type Hub } from "../../fleet/hubs.ts";
import { registrationKeys, registrationSetting } from "../../fleet/registrations.ts";

const policy = (condition: object) =>
    JSON.stringify({
        Statement: [
            {
                Sid: "HubExternalSecrets",
                Effect: "Allow",
                Principal: { AWS: externalSecretsRole(exampleHub) },
                Action: ["kms:Decrypt", "kms:DescribeKey"],
                Resource: "*",
                ...condition,
            },
        ],
    });
const example = (condition: object) => [
    { type: key, name: "key", props: { policy: policy(condition) } },
    {
        type: secret,
        name: "secret",
        props: { name: "fleet/hub-01/dev-01", kmsKeyId: "?" },
        from: { kmsKeyId: ["key"] },
    },
];
const cryptography = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:CreateGrant"];

/** The key of a registration decrypts that registration, through Secrets Manager, for its hub. */
export const registrationKeyReaders = stackRule<{ hubs: Hub[]; names: string[]; publishers: string[] }>(
    {
        name: "registration-key-readers",
        description:
            "Let a registration's key decrypt for the hub's External Secrets and the deployer only, through Secrets Manager.",
        severity: "critical",
        framework: awsDocs("kms/conditions-kms", "kms:ViaService and kms:EncryptionContext"),
        why: "Without the conditions the hub can decrypt whatever else the key ever encrypts.",
        remediationSteps:
            "Build the key policy with components/registration: StringEquals on kms:ViaService, StringLike on kms:EncryptionContext:SecretARN.",
        settings: {
            hubs: hubsSetting,
            names: registrationSetting,
            publishers: {
                description: "Roles that write registrations, as patterns of their ARNs.",
                type: "array",
                items: { type: "string" },
                default: ["arn:aws:iam::*:role/fleet-deployer"],
            },
        },
        bad: example({}),
        good: example({
            Condition: {
                StringEquals: { "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com" },
                StringLike: {
                    "kms:EncryptionContext:SecretARN":
                        "arn:aws:secretsmanager:eu-west-1:222222222222:secret:fleet/hub-01/dev-01-??????",
                },
            },
        }),
    },
    ({ members, each, settings: { hubs, names, publishers }, skip }) => {
        const keys = [...new Set(registrationKeys(members(secret), names).flatMap(([, own]) => own))];
        if (keys.length === 0) {
            skip("is about keys of the fleet's registrations");
        }
        const readers = hubs.map(externalSecretsRole);
        each(keys, (member) => {
            for (const statement of allows(readPolicy(member.props["policy"]))) {
                if (isAdministration(statement)) {
                    continue;
                }
                for (const problem of problemsOf(statement, readers, publishers)) {
                    member.fail(`${statement.sid} ${problem}`);
                }
            }
        });
    },
);

/** The account may administer the key, not use it. */
function isAdministration(statement: Statement): boolean {
    return (
        !statement.notPrincipal &&
        statement.principals.every(isWholeAccount) &&
        !cryptography.some((action) => coversAction(statement, action))
    );
}

function problemsOf(statement: Statement, readers: readonly string[], publishers: readonly string[]): string[] {
    const problems: string[] = [];
    const names = statement.notPrincipal ? ["everybody but some"] : statement.principals.map(({ name }) => name);
    const isPublisher = (name: string) => publishers.some((pattern) => within(name, pattern));
    const others = names.filter((name) => !readers.includes(name) && !isPublisher(name));
    if (others.length > 0) {
        problems.push(`admits ${others.join(", ")}. Fix: admit ${readers.join(", ")} and the deployer only.`);
    }
    const allowed = names.every(isPublisher)
        ? ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:Encrypt"]
        : ["kms:Decrypt", "kms:DescribeKey"];
    const more = actionsOutside(statement, allowed);
    if (more.length > 0) {
        problems.push(`allows ${more.join(", ")}. Fix: allow ${allowed.join(", ")} only.`);
    }
    if (!binds(statement.conditions, "kms:ViaService", (service) => /^secretsmanager\.[a-z0-9-]+\./.test(service))) {
        problems.push("works outside Secrets Manager. Fix: add StringEquals on kms:ViaService.");
    }
    const ofRegistrations = (arn: string) =>
        /^arn:[^:*?]+:secretsmanager:[^:*?]+:\d{12}:secret:[^*?]+\/[^*?]+/.test(arn);
    if (!binds(statement.conditions, "kms:EncryptionContext:SecretARN", ofRegistrations)) {
        problems.push("is about every secret. Fix: add StringLike on kms:EncryptionContext:SecretARN.");
    }
    return problems;
}
