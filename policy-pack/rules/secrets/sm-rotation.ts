import { matches } from "../../iam/pattern.ts";
import { securityHub } from "../../rule/frameworks.ts";
import { stackRule } from "../../rule/stack-rule.ts";
import { secret } from "../../rule/tokens.ts";
import { text } from "../../rule/values.ts";

const rotation = "aws:secretsmanager/secretRotation:SecretRotation";

/** Credentials change by themselves. */
export const smRotation = stackRule<{ withoutCredential: string[] }>(
    {
        name: "sm-rotation",
        description: "Rotate secrets that hold a credential; list those that hold none.",
        severity: "low",
        framework: securityHub("SecretsManager.1, SecretsManager.4", "Secrets should have automatic rotation enabled"),
        why: "A credential that leaked works until somebody changes it.",
        remediationSteps:
            "Add an aws.secretsmanager.SecretRotation, or list the name in sm-rotation.withoutCredential.",
        settings: {
            withoutCredential: {
                description: "Names of secrets that hold no long-lived credential, as patterns.",
                type: "array",
                items: { type: "string", minLength: 3 },
                default: [],
            },
        },
        bad: { type: secret, props: { name: "database/password" } },
        good: [
            { type: secret, name: "secret", props: { name: "database/password" } },
            { type: rotation, props: { secretId: "?" }, from: { secretId: ["secret"] } },
        ],
    },
    ({ members, each, settings, skip }) => {
        const secrets = members(secret);
        if (secrets.length === 0) {
            skip(`is about ${secret}`);
        }
        const rotations = members(rotation);
        each(secrets, (member) => {
            const name = text(member.known("name"));
            const listed = settings.withoutCredential.some((pattern) => matches(pattern, name));
            if (!listed && !rotations.some((one) => one.from("secretId").includes(member))) {
                member.fail("is never rotated. Fix: add an aws.secretsmanager.SecretRotation.");
            }
        });
    },
);
