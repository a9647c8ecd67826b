import { securityHub } from "../../rule/frameworks.ts";
import { stackRule } from "../../rule/stack-rule.ts";
import { defaultSecurityGroup, vpc } from "../../rule/tokens.ts";
import { list } from "../../rule/values.ts";

/** The security group that AWS gives to what names none lets nothing through. */
export const vpcDefaultSgClosed = stackRule(
    {
        name: "vpc-default-sg-closed",
        description: "Adopt the default security group of each VPC, and leave it without rules.",
        severity: "high",
        framework: securityHub("EC2.2", "VPC default security groups should not allow inbound or outbound traffic"),
        why: "What is started without a security group gets this one, whose members AWS lets talk to each other.",
        remediationSteps: "Add an aws.ec2.DefaultSecurityGroup with vpcId of the VPC and neither ingress nor egress.",
        bad: [
            { type: vpc, name: "vpc", props: {} },
            {
                type: defaultSecurityGroup,
                props: { vpcId: "?", ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }] },
                from: { vpcId: ["vpc"] },
            },
        ],
        good: [
            { type: vpc, name: "vpc", props: {} },
            { type: defaultSecurityGroup, props: { vpcId: "?" }, from: { vpcId: ["vpc"] } },
        ],
    },
    ({ members, each, skip }) => {
        const [vpcs, groups] = [members(vpc), members(defaultSecurityGroup)];
        if (vpcs.length + groups.length === 0) {
            skip(`is about ${vpc} and ${defaultSecurityGroup}`);
        }
        each(vpcs, (member) => {
            if (!groups.some((group) => group.from("vpcId").includes(member))) {
                member.fail(
                    "AWS' rules are in its default group. Fix: add an aws.ec2.DefaultSecurityGroup without rules.",
                );
            }
        });
        each(groups, (group) => {
            for (const property of ["ingress", "egress"]) {
                // Computed by AWS when the program leaves it out: unknown then, and empty after.
                const rules = property in group.props ? group.known(property) : undefined;
                if (list(rules).length > 0) {
                    group.fail(
                        `the default group lets traffic through. Fix: remove ${property}, use a group of your own.`,
                    );
                }
            }
        });
    },
);
