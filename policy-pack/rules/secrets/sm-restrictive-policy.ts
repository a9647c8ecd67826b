import { allows, readPolicy } from "../../iam/document.ts";
import { actionsOutside, isWholeAccount, narrowsCaller, openPrincipals } from "../../iam/grants.ts";
import { awsDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { secretPolicy } from "../../rule/tokens.ts";

const policy = (principal: string, action: string) =>
    JSON.stringify({
        Statement: [{ Sid: "Read", Effect: "Allow", Principal: { AWS: principal }, Action: action, Resource: "*" }],
    });

const reading = [
    "secretsmanager:GetSecretValue",
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetResourcePolicy",
    "secretsmanager:ListSecretVersionIds",
];

/** A secret's policy lets named roles read, and nobody write. */
export const smRestrictivePolicy = resourceRule(
    {
        name: "sm-restrictive-policy",
        description: "Let a secret's policy name roles, and give them reading actions only.",
        severity: "critical",
        framework: awsDocs("secretsmanager/auth-and-access_resource-policies", "Resource policies"),
        why: "Who may put a policy on a secret may let anybody read it; who may put a value decides what the fleet trusts.",
        remediationSteps: "Set Principal to role ARNs and Action to secretsmanager:GetSecretValue and DescribeSecret.",
        bad: { type: secretPolicy, props: { policy: policy("*", "secretsmanager:*") } },
        good: {
            type: secretPolicy,
            props: {
                policy: policy(
                    "arn:aws:iam::111111111111:role/fleet/hub-01-external-secrets",
                    "secretsmanager:GetSecretValue",
                ),
            },
        },
    },
    [secretPolicy],
    ({ props, fail }) => {
        const document = readPolicy(props["policy"]);
        if ("problem" in document) {
            fail(`the policy ${document.problem}. Fix: give it one as JSON.`);
        }
        for (const statement of allows(document)) {
            const open = [
                ...openPrincipals(statement),
                ...statement.principals.filter(isWholeAccount).map(({ name }) => name),
            ];
            if (open.length > 0 && !narrowsCaller(statement)) {
                fail(`${statement.sid} admits ${open.join(", ")}. Fix: name the roles that read it.`);
            }
            const writing = actionsOutside(statement, reading);
            if (writing.length > 0) {
                fail(`${statement.sid} allows ${writing.join(", ")}. Fix: allow ${reading.slice(0, 2).join(" and ")}.`);
            }
        }
    },
);
