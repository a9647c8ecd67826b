import { hubExternalSecretsRoleName } from "../../../contract/names.ts";
import { allows, readPolicy } from "../../iam/document.ts";
import { coversAction } from "../../iam/grants.ts";
import { within } from "../../iam/pattern.ts";
import { awsDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { rolePolicy } from "../../rule/tokens.ts";
import { text } from "../../rule/values.ts";

const end = hubExternalSecretsRoleName("");
const policy = (resource: string) =>
    JSON.stringify({
        Statement: [{ Sid: "Read", Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: resource }],
    });

/** External Secrets reads the secrets under the fleet's prefix. */
export const esoRoleScope = resourceRule<{ prefixes: string[] }>(
    {
        name: "eso-role-scope",
        description: "Let External Secrets read secrets under the fleet's prefixes only.",
        severity: "high",
        framework: awsDocs("external-secrets security-best-practices", "Scope the role by prefix"),
        why: "Whoever may create an ExternalSecret otherwise reads every secret of every account that lets the hub in.",
        remediationSteps: "Set Resource to arn:aws:secretsmanager:<region>:<account>:secret:fleet/<hub>/*-??????.",
        settings: {
            prefixes: {
                description: "Secrets that External Secrets may read, as patterns of their ARNs.",
                type: "array",
                items: { type: "string", pattern: "^arn:aws:secretsmanager:" },
                default: ["arn:aws:secretsmanager:*:*:secret:fleet/*"],
            },
        },
        bad: {
            type: rolePolicy,
            props: { role: "hub-01-external-secrets", policy: policy("arn:aws:secretsmanager:*:*:secret:*") },
        },
        good: {
            type: rolePolicy,
            props: {
                role: "hub-01-external-secrets",
                policy: policy("arn:aws:secretsmanager:eu-west-1:222222222222:secret:fleet/hub-01/*-??????"),
            },
        },
    },
    [rolePolicy],
    ({ props, settings, fail, skip }) => {
        const statements = allows(readPolicy(props["policy"])).filter((statement) =>
            coversAction(statement, "secretsmanager:GetSecretValue"),
        );
        if (statements.length === 0 || !text(props["role"]).endsWith(end)) {
            skip(`is about policies of roles named *${end} that read secrets`);
        }
        for (const { sid, resources, notResource } of statements) {
            const outside = resources.filter((one) => !settings.prefixes.some((prefix) => within(one, prefix)));
            const open = resources.filter((one) => /^arn:[^:]*:[^:]*:[^:]*:[^:]*[*?]/.test(one));
            if (notResource || outside.length > 0 || open.length > 0) {
                const got = [...new Set([...outside, ...open])].join(", ") || "everything but some";
                fail(`${sid} reads ${got}. Fix: name the account and a prefix of ${settings.prefixes.join(", ")}.`);
            }
        }
    },
);
