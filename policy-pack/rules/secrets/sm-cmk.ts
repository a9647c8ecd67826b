import { awsDocs } from "../../rule/frameworks.ts";
import { stackRule } from "../../rule/stack-rule.ts";
import { key, secret } from "../../rule/tokens.ts";
import { text } from "../../rule/values.ts";

/** Secrets are encrypted with a key of the fleet's own. */
export const smCmk = stackRule(
    {
        name: "sm-cmk",
        description: "Encrypt every secret with a KMS key of your own.",
        severity: "high",
        framework: awsDocs(
            "secretsmanager/auth-and-access_examples_cross",
            "Cross-account access needs a customer managed key",
        ),
        why: "AWS' own key cannot be shared: another account never reads such a secret, and nobody can take its use away.",
        remediationSteps: "Set kmsKeyId to the ARN of a key whose policy names the readers.",
        bad: { type: secret, props: { name: "fleet/a" } },
        good: [
            { type: key, name: "key", props: {} },
            { type: secret, props: { name: "fleet/a", kmsKeyId: "?" }, from: { kmsKeyId: ["key"] } },
        ],
    },
    ({ members, each, skip }) => {
        const secrets = members(secret);
        if (secrets.length === 0) {
            skip(`is about ${secret}`);
        }
        each(secrets, (member) => {
            // The key's ARN is not known before the key exists; that it comes from a key of this stack is.
            if (member.from("kmsKeyId").some(({ type }) => type === key)) {
                return;
            }
            const id = "kmsKeyId" in member.props ? text(member.props["kmsKeyId"]) : "";
            if (id === "" || id.endsWith("alias/aws/secretsmanager")) {
                member.fail("is encrypted with AWS' own key. Fix: set kmsKeyId to a key of yours.");
            }
        });
    },
);
