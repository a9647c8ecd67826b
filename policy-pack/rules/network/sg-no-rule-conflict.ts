import { awsDocs } from "../../rule/frameworks.ts";
import { stackRule } from "../../rule/stack-rule.ts";
import { ingressRule, securityGroup, securityGroupRule } from "../../rule/tokens.ts";
import { list } from "../../rule/values.ts";

const egressRule = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

/** A group's rules are in one place. */
export const sgNoRuleConflict = stackRule(
    {
        name: "sg-no-rule-conflict",
        description: "Write a group's rules inline or as resources of their own, never both.",
        severity: "medium",
        framework: awsDocs("SecurityGroup", "Inline rules and rule resources overwrite each other"),
        why: "Each update removes the other's rules: traffic stops or, worse, a rule that was removed comes back.",
        remediationSteps: "Move the inline rules into aws.vpc.SecurityGroupIngressRule resources.",
        bad: [
            {
                type: securityGroup,
                name: "group",
                props: { ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443 }] },
            },
            { type: ingressRule, props: { securityGroupId: "?" }, from: { securityGroupId: ["group"] } },
        ],
        good: [
            { type: securityGroup, name: "group", props: {} },
            { type: ingressRule, props: { securityGroupId: "?" }, from: { securityGroupId: ["group"] } },
        ],
    },
    ({ members, each, skip }) => {
        const rules = members(securityGroupRule, ingressRule, egressRule);
        if (rules.length === 0) {
            skip("is about rules of security groups as resources of their own");
        }
        each(members(securityGroup), (group) => {
            const inline = ["ingress", "egress"].some((way) => list(group.known(way)).length > 0);
            if (inline && rules.some((rule) => rule.from("securityGroupId").includes(group))) {
                group.fail("has inline rules and rule resources. Fix: move the inline rules into resources.");
            }
        });
    },
);
