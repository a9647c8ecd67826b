import { securityHub } from "../../rule/frameworks.ts";
import { stackRule } from "../../rule/stack-rule.ts";
import { vpc } from "../../rule/tokens.ts";
import { text } from "../../rule/values.ts";

const flowLog = "aws:ec2/flowLog:FlowLog";

/** Every VPC keeps a record of its connections. */
export const vpcFlowLogs = stackRule(
    {
        name: "vpc-flow-logs",
        description: "Give each VPC a flow log of all traffic.",
        severity: "medium",
        framework: securityHub("EC2.6", "VPC flow logging should be enabled in all VPCs"),
        why: "After an incident, who talked to whom is in the flow log or nowhere.",
        remediationSteps: 'Add an aws.ec2.FlowLog with vpcId of the VPC and trafficType "ALL".',
        bad: { type: vpc, props: { cidrBlock: "10.0.0.0/16" } },
        good: [
            { type: vpc, name: "vpc", props: { cidrBlock: "10.0.0.0/16" } },
            { type: flowLog, props: { trafficType: "ALL", vpcId: "?" }, from: { vpcId: ["vpc"] } },
        ],
    },
    ({ members, each, skip }) => {
        const vpcs = members(vpc);
        if (vpcs.length === 0) {
            skip(`is about ${vpc}`);
        }
        const logs = members(flowLog);
        each(vpcs, (member) => {
            const own = logs.filter((log) => log.from("vpcId").includes(member));
            if (own.length === 0) {
                member.fail('no flow log records its traffic. Fix: add an aws.ec2.FlowLog with trafficType "ALL".');
            } else if (own.every((log) => text(log.props["trafficType"]) !== "ALL")) {
                member.fail('its flow log leaves traffic out. Fix: set trafficType to "ALL".');
            }
        });
    },
);
