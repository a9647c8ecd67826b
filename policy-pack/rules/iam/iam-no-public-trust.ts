import { allows, readPolicy } from "../../iam/document.ts";
import { narrowsCaller, openPrincipals } from "../../iam/grants.ts";
import { awsDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { role } from "../../rule/tokens.ts";

/** A role trusts callers that are named. */
export const iamNoPublicTrust = resourceRule(
    {
        name: "iam-no-public-trust",
        description: "Name who may assume a role, or hold everybody to an organisation, account or ARN.",
        severity: "critical",
        framework: awsDocs("IAM reference_policies_elements_principal", "Principal in a trust policy"),
        why: "Everybody with any AWS account can become the role.",
        remediationSteps:
            "Set Principal to the ARN of the role that needs it, or add StringEquals on aws:PrincipalOrgID.",
        bad: {
            type: role,
            props: {
                assumeRolePolicy:
                    '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}',
            },
        },
        good: {
            type: role,
            props: {
                assumeRolePolicy:
                    '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/fleet/hub-01-argocd"},"Action":"sts:AssumeRole"}]}',
            },
        },
    },
    [role],
    ({ props, fail }) => {
        const policy = readPolicy(props["assumeRolePolicy"]);
        if ("problem" in policy) {
            fail(`the trust policy ${policy.problem}. Fix: give it a statement that names who may assume the role.`);
        }
        for (const statement of allows(policy)) {
            const open = openPrincipals(statement);
            if (open.length > 0 && !narrowsCaller(statement)) {
                fail(
                    `${statement.sid} trusts ${open.join(", ")}. Fix: name the principals, or hold them to aws:PrincipalOrgID.`,
                );
            }
        }
    },
);
