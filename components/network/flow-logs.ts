import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { policyJson, type PolicyDocument } from "../identity/policy-document.ts";
import { commonRoleArgs, type MakesRoles } from "../identity/role-settings.ts";

/** Inputs of {@link FlowLogs}. */
export interface FlowLogsArgs extends MakesRoles {
    clusterName: string;
    accountId: string;
    region: string;
    vpcId: pulumi.Input<string>;
    /** Days, one of the periods of CloudWatch Logs. */
    retentionInDays: number;
}

/** Who talked to whom in a VPC, accepted and rejected, in CloudWatch Logs. */
export class FlowLogs extends pulumi.ComponentResource {
    constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:network:FlowLogs", name, {}, opts);
        const group = `/aws/vpc/${args.clusterName}/flow-logs`;
        const logs = new aws.cloudwatch.LogGroup(
            `${name}-group`,
            { name: group, retentionInDays: args.retentionInDays },
            { parent: this },
        );
        const role = new aws.iam.Role(
            `${name}-role`,
            {
                name: `${args.clusterName}-flow-logs`,
                ...commonRoleArgs(args.iam),
                assumeRolePolicy: policyJson(flowLogsTrust(args.accountId)),
            },
            { parent: this },
        );
        const permissions = new aws.iam.RolePolicy(
            `${name}-permissions`,
            {
                name: "write-flow-logs",
                role: role.name,
                policy: policyJson(flowLogsPermissions(args.region, args.accountId, group)),
            },
            { parent: this },
        );
        new aws.ec2.FlowLog(
            `${name}-log`,
            {
                vpcId: args.vpcId,
                trafficType: "ALL",
                logDestinationType: "cloud-watch-logs",
                logDestination: logs.arn,
                iamRoleArn: role.arn,
            },
            { parent: this, dependsOn: [permissions] },
        );
        this.registerOutputs({});
    }
}

/** The flow-log service may use the role, for this account's VPCs only. */
export function flowLogsTrust(accountId: string): PolicyDocument {
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "FlowLogService",
                Effect: "Allow",
                Principal: { Service: "vpc-flow-logs.amazonaws.com" },
                Action: "sts:AssumeRole",
                Condition: { StringEquals: { "aws:SourceAccount": accountId } },
            },
        ],
    };
}

/** Writing to the one log group, nothing else. */
export function flowLogsPermissions(region: string, accountId: string, group: string): PolicyDocument {
    const arn = `arn:aws:logs:${region}:${accountId}:log-group:${group}`;
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "WriteFlowLogs",
                Effect: "Allow",
                Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                Resource: [arn, `${arn}:*`],
            },
        ],
    };
}
