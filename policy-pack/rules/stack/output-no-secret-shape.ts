import { fleetDesign } from "../../rule/frameworks.ts";
import { stackRule } from "../../rule/stack-rule.ts";

const stackType = "pulumi:pulumi:Stack";

const shapes: readonly (readonly [name: string, shape: RegExp])[] = [
    ["an AWS access key", /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
    ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
    ["a JSON web token", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\./],
    ["an EKS token", /\bk8s-aws-v1\.[\w-]{20,}/],
    ["a kubeconfig's credential", /(?:client-key-data|bearerToken|token)"?:\s*"?[\w+/=.-]{20,}/],
    ["a Vault token", /\bhv[sbr]\.[\w-]{20,}/],
    ["a GitHub token", /\bgh[pousr]_[A-Za-z0-9]{36}\b/],
];

/** Stack outputs, which other stacks read and CI prints, hold no credential. */
export const outputNoSecretShape = stackRule(
    {
        name: "output-no-secret-shape",
        description: "Export no credential from a stack.",
        severity: "critical",
        framework: fleetDesign("POLICIES 1.2", "Secrets in outputs"),
        why: "Outputs are read by every stack that refers to this one and printed by CI. A policy cannot see what is marked secret.",
        remediationSteps: "Keep the credential in Secrets Manager and export its ARN.",
        bad: { type: stackType, props: { key: "AKIAIOSFODNN7EXAMPLE" } },
        good: { type: stackType, props: { secretArn: "arn:aws:secretsmanager:eu-west-1:222222222222:secret:a" } },
    },
    ({ members, each }) => {
        each(members(stackType), (member) => {
            for (const name of Object.keys(member.props)) {
                // What only AWS can say is an id or an address; it is judged again in the update, when it is known.
                const found = shapes.find(([, shape]) => shape.test(textOf(member.known(name))));
                if (found !== undefined) {
                    member.fail(`output ${name} looks like ${found[0]}. Fix: export the ARN of a secret instead.`);
                }
            }
        });
    },
);

function textOf(value: unknown): string {
    return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
