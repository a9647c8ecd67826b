import { binds } from "../../iam/condition.ts";
import { allows, readPolicy } from "../../iam/document.ts";
import { isWholeAccount } from "../../iam/grants.ts";
import { awsDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { role } from "../../rule/tokens.ts";

/** A role trusts roles, not whole accounts. */
export const iamNoAccountRootTrust = resourceRule(
    {
        name: "iam-no-account-root-trust",
        description: "Trust roles by their ARNs, not whole accounts.",
        severity: "high",
        framework: awsDocs("IAM reference_policies_elements_principal", "AWS account principals"),
        why: "The administrators of the other account decide who may become the role, today and tomorrow.",
        remediationSteps: "Replace the account id or :root by the ARN of the role, or add ArnLike on aws:PrincipalArn.",
        bad: {
            type: role,
            props: {
                assumeRolePolicy:
                    '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"sts:AssumeRole"}]}',
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
        for (const statement of allows(readPolicy(props["assumeRolePolicy"]))) {
            const whole = statement.notPrincipal ? [] : statement.principals.filter(isWholeAccount);
            const byArn = binds(statement.conditions, "aws:PrincipalArn", namesRoles);
            if (whole.length > 0 && !byArn) {
                fail(
                    `${statement.sid} trusts ${whole.map(({ name }) => name).join(", ")}. Fix: name the role that needs it.`,
                );
            }
        }
    },
);

/** An ARN, or a pattern, of roles in one account whose names begin with something. */
function namesRoles(pattern: string): boolean {
    return /^arn:[^:*?]+:(?:iam|sts)::\d{12}:(?:role|assumed-role)\/[^*?]/.test(pattern);
}
