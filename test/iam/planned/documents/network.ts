import { document, type Documents, type Stack } from "./stack.ts";

/** Policies of the component Network. */
export function networkDocuments({ name, account, cluster }: Stack): Documents {
    const group = `arn:aws:logs:eu-west-1:${account}:log-group:/aws/vpc/${cluster}/flow-logs`;
    return {
        [`${name}-network-flow-logs-role assumeRolePolicy`]: document({
            Sid: "FlowLogService",
            Effect: "Allow",
            Principal: { Service: "vpc-flow-logs.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:SourceAccount": account } },
        }),
        [`${name}-network-flow-logs-permissions policy`]: document({
            Sid: "WriteFlowLogs",
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            Resource: [group, `${group}:*`],
        }),
    };
}
