import { cisEks } from "../../rule/frameworks.ts";
import { stackRule } from "../../rule/stack-rule.ts";
import { cluster, key } from "../../rule/tokens.ts";
import { map, texts } from "../../rule/values.ts";

/** Kubernetes Secrets are encrypted with a key of the stack's own. */
export const eksSecretsKms = stackRule(
    {
        name: "eks-secrets-kms",
        description: "Encrypt Kubernetes Secrets with a KMS key of your own.",
        severity: "high",
        framework: cisEks(
            "5.3.1",
            "Ensure Kubernetes Secrets are encrypted using Customer Master Keys managed in AWS KMS",
        ),
        why: "Without it nobody can take access to the cluster's Secrets away by the key, nor see in CloudTrail who used it.",
        remediationSteps: 'Set encryptionConfig to {provider: {keyArn: key.arn}, resources: ["secrets"]}.',
        bad: { type: cluster, props: { name: "a" } },
        good: [
            { type: key, name: "key", props: {} },
            {
                type: cluster,
                props: { encryptionConfig: { provider: { keyArn: "?" }, resources: ["secrets"] } },
                from: { encryptionConfig: ["key"] },
            },
        ],
    },
    ({ members, each, skip }) => {
        const clusters = members(cluster);
        if (clusters.length === 0) {
            skip(`is about ${cluster}`);
        }
        each(clusters, (member) => {
            const config = map(member.props["encryptionConfig"]);
            if (!texts(config["resources"]).includes("secrets")) {
                member.fail(
                    'Secrets are not encrypted with a key. Fix: set encryptionConfig.resources to ["secrets"].',
                );
                return;
            }
            // The key's ARN is not known before the key exists; that it comes from a key of this stack is.
            const fromKey = member.from("encryptionConfig").some(({ type }) => type === key);
            if (!fromKey && !/^arn:[^:]+:kms:/.test(keyArn(map(config["provider"])))) {
                member.fail("no key encrypts Secrets. Fix: set encryptionConfig.provider.keyArn to a KMS key's ARN.");
            }
        });
    },
);

function keyArn(provider: Record<string, any>): string {
    const arn: unknown = provider["keyArn"];
    return typeof arn === "string" ? arn : "";
}
