import { awsDocs } from "../../rule/frameworks.ts";
import { stackRule } from "../../rule/stack-rule.ts";
import { key, keyPolicy } from "../../rule/tokens.ts";

/** A key's policy is written down. */
export const kmsPolicyExplicit = stackRule(
    {
        name: "kms-policy-explicit",
        description: "Write each key's policy.",
        severity: "high",
        framework: awsDocs("kms/key-policy-default", "Default key policy"),
        why: "AWS' default lets everybody in the account who has kms:* by IAM decrypt with the key.",
        remediationSteps: "Set policy on the key: administration for the account, use for the roles that need it.",
        bad: { type: key, name: "key", props: {} },
        good: {
            type: key,
            name: "key",
            props: {
                policy: '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"kms:PutKeyPolicy","Resource":"*"}]}',
            },
        },
    },
    ({ members, each, skip }) => {
        const keys = members(key);
        if (keys.length === 0) {
            skip(`is about ${key}`);
        }
        const policies = members(keyPolicy);
        each(keys, (member) => {
            const inputs = member.resource.propertyDependencies["policy"] ?? [];
            // AWS computes the default policy: unknown, and made from nothing.
            const own = member.known("policy") !== undefined || inputs.length > 0;
            if (!own && !policies.some((one) => one.from("keyId").includes(member))) {
                member.fail("has AWS' default policy. Fix: set policy.");
            }
        });
    },
);
