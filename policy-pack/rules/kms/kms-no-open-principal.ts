import { allows } from "../../iam/document.ts";
import { accountOf, isWholeAccount, narrowsCaller, openPrincipals } from "../../iam/grants.ts";
import { securityHub } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { key } from "../../rule/tokens.ts";
import { fromJson, texts } from "../../rule/values.ts";
import { keyPolicyOf, keyPolicyTypes } from "../../iam/key-policy.ts";

const policy = (principal: string) =>
    JSON.stringify({
        Statement: [
            { Sid: "Use", Effect: "Allow", Principal: { AWS: principal }, Action: "kms:Decrypt", Resource: "*" },
        ],
    });

/** A key is used by callers that are named. */
export const kmsNoOpenPrincipal = resourceRule(
    {
        name: "kms-no-open-principal",
        description: "Name who may use a key: nobody at large, and no other account as a whole.",
        severity: "critical",
        framework: securityHub("KMS.5", "KMS keys should not be publicly accessible"),
        why: "The administrators of the other account decide who decrypts, whatever the policy says of roles.",
        remediationSteps: "Replace `*` and other accounts' :root by the ARNs of the roles that need the key.",
        bad: {
            type: key,
            props: { policy: policy("arn:aws:iam::999999999999:root") },
            provider: { allowedAccountIds: '["222222222222"]' },
        },
        good: {
            type: key,
            props: { policy: policy("arn:aws:iam::222222222222:root") },
            provider: { allowedAccountIds: '["222222222222"]' },
        },
    },
    keyPolicyTypes,
    ({ props, provider, fail, skip }) => {
        const document = keyPolicyOf(props);
        if (document === undefined) {
            return skip("is about keys with a policy");
        }
        if ("problem" in document) {
            fail(`the key policy ${document.problem}. Fix: give it one as JSON.`);
        }
        const own = texts(fromJson(provider["allowedAccountIds"]));
        for (const statement of allows(document)) {
            const open = openPrincipals(statement);
            if (open.length > 0 && !narrowsCaller(statement)) {
                fail(`${statement.sid} admits ${open.join(", ")}. Fix: name the roles.`);
            }
            const foreign = statement.principals.filter(
                (one) => isWholeAccount(one) && !own.includes(accountOf(one.name) ?? ""),
            );
            if (foreign.length > 0) {
                fail(
                    `${statement.sid} admits the whole account ${foreign.map(({ name }) => name).join(", ")}, ` +
                        `which is not among the provider's (${own.join(", ") || "none"}). Fix: name the roles.`,
                );
            }
        }
    },
);
