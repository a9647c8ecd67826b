import { permissions, permissionTypes } from "../../iam/attached.ts";
import { allows } from "../../iam/document.ts";
import { everyResource, starAction } from "../../iam/grants.ts";
import { securityHub } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { rolePolicy } from "../../rule/tokens.ts";

/** No statement gives everything on everything. */
export const iamNoStarAction = resourceRule(
    {
        name: "iam-no-star-action",
        description: "Name the actions a role needs; give no `*` or `service:*` on every resource.",
        severity: "critical",
        framework: securityHub("IAM.1, IAM.21", "IAM policies should not allow full administrative privileges"),
        why: "Who gets hold of the role gets hold of the account, or of the whole service in it.",
        remediationSteps: "Replace the wildcard in Action by the actions the workload calls, or name the resources.",
        bad: {
            type: rolePolicy,
            props: { policy: '{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}' },
        },
        good: {
            type: rolePolicy,
            props: { policy: '{"Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}' },
        },
    },
    permissionTypes,
    ({ type, props, fail, skip }) => {
        const policies = permissions(type, props);
        if (policies.length === 0) {
            skip("is about roles with inline policies");
        }
        for (const policy of policies) {
            if ("problem" in policy) {
                fail(`the policy ${policy.problem}. Fix: give it one as JSON.`);
            }
            for (const statement of allows(policy)) {
                const star = starAction(statement);
                if (star !== undefined && everyResource(statement)) {
                    fail(`${statement.sid} gives ${star} on every resource. Fix: name actions and resources.`);
                }
            }
        }
    },
);
