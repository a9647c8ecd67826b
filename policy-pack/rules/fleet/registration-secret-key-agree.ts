import { allows, readPolicy, type Policy } from "../../iam/document.ts";
import { accountOf, coversAction } from "../../iam/grants.ts";
import { fleetDesign } from "../../rule/frameworks.ts";
import type { ExampleResource } from "../../rule/rule.ts";
import { stackRule } from "../../rule/stack-rule.ts";
import { key, keyPolicy, secret, secretPolicy } from "../../rule/tokens.ts";
import { fromJson, texts } from "../../rule/values.ts";

const reader = "arn:aws:iam::111111111111:role/fleet/hub-01-external-secrets";
const document = (principal: string, action: string) =>
    JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { AWS: principal }, Action: action, Resource: "*" }] });
const example = (decrypts: string): ExampleResource[] => [
    { type: key, name: "key", props: { policy: document(decrypts, "kms:Decrypt") } },
    {
        type: secret,
        name: "secret",
        props: { name: "fleet/hub-01/dev-01", kmsKeyId: "?" },
        from: { kmsKeyId: ["key"] },
    },
    {
        type: secretPolicy,
        name: "policy",
        props: { secretArn: "?", policy: document(reader, "secretsmanager:GetSecretValue") },
        from: { secretArn: ["secret"] },
    },
];

/** Who may read a secret may use its key. */
export const registrationSecretKeyAgree = stackRule(
    {
        name: "registration-secret-key-agree",
        description: "Let the secret's policy and its key's policy name the same readers.",
        severity: "high",
        framework: fleetDesign("POLICIES 1.2", "Readers of a secret and of its key"),
        why: "With one half the plan looks right and the hub gets AccessDenied when it reads, after the deployment.",
        remediationSteps: "Add the reader to the key policy (kms:Decrypt) and to the secret's policy (GetSecretValue).",
        bad: example("arn:aws:iam::111111111111:role/fleet/hub-02-external-secrets"),
        good: example(reader),
    },
    ({ members, each, skip }) => {
        const policies = members(secretPolicy);
        if (policies.length === 0) {
            skip(`is about ${secretPolicy}`);
        }
        each(policies, (member) => {
            const secrets = member.from("secretArn").filter(({ type }) => type === secret);
            const keys = secrets.flatMap((one) => one.from("kmsKeyId").filter(({ type }) => type === key));
            if (keys.length === 0) {
                return;
            }
            const readers = callers(readPolicy(member.props["policy"]), "secretsmanager:GetSecretValue");
            const apart = members(keyPolicy).filter((one) => one.from("keyId").some((each) => keys.includes(each)));
            const decrypts = [...keys, ...apart].flatMap((one) => [
                ...callers(readPolicy(one.known("policy")), "kms:Decrypt"),
            ]);
            const locked = [...readers].filter((name) => !decrypts.includes(name));
            if (locked.length > 0) {
                member.fail(
                    `${locked.join(", ")} may read the secret but not use its key. Fix: allow kms:Decrypt in the key policy.`,
                );
            }
            // In the secret's own account IAM policies let callers read, so only other accounts' must be in both.
            const own = texts(fromJson(member.resource.provider?.props["allowedAccountIds"]));
            const blind = decrypts.filter((name) => {
                const account = accountOf(name);
                return account !== undefined && own.length > 0 && !own.includes(account) && !readers.has(name);
            });
            if (blind.length > 0) {
                member.fail(
                    `${blind.join(", ")} may use the key but not read the secret. Fix: allow GetSecretValue in the policy.`,
                );
            }
        });
    },
);

function callers(policy: Policy, action: string): Set<string> {
    const statements = allows(policy).filter((statement) => coversAction(statement, action));
    return new Set(statements.flatMap(({ principals }) => principals.map(({ name }) => name)));
}
