import { securityHub } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { securityGroup } from "../../rule/tokens.ts";
import { text } from "../../rule/values.ts";
import { ingressOf, ingressTypes } from "../../network/ingress.ts";

/** Groups and rules say what they are for. */
export const sgDescribed = resourceRule(
    {
        name: "sg-described",
        description: "Describe every security group and every rule.",
        severity: "low",
        framework: securityHub("EC2", "Security groups and rules should have a description"),
        why: "Nobody dares to remove a rule of which nobody knows what it is for.",
        remediationSteps: "Set description on the group and on each rule.",
        bad: { type: securityGroup, props: { description: "Managed by Pulumi" } },
        good: { type: securityGroup, props: { description: "Load balancer of Argo CD" } },
    },
    ingressTypes,
    ({ type, props, fail }) => {
        const own = text(props["description"]);
        if (type === securityGroup && (own === "" || own === "Managed by Pulumi")) {
            fail("the group does not say what it is for. Fix: set description.");
        }
        if (ingressOf(type, props).some(({ description }) => description === "")) {
            fail("a rule does not say what it is for. Fix: set its description.");
        }
    },
);
