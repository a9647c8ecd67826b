import { ec2Identifier } from "../../identifiers.ts";
import { serviceDenial } from "../../permissions.ts";
import { arnHere, requireItem } from "../../references.ts";
import { text, whole } from "../../schema/field.ts";
import { arn, ec2Id, oneOf, roleArn } from "../../schema/formats.ts";
import { optionalText, textOf, type ResourceType } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";

const groupArn = arn("logs", /log-group:[^*]+(:\*)?/, "arn:aws:logs:eu-west-1:111111111111:log-group:name");

/** Flow logs of a VPC or subnet to CloudWatch Logs; S3 and Firehose are not known to the twin. Nothing is updatable. */
export const flowLog: ResourceType = {
    token: T.flowLog,
    tagged: true,
    inputs: {
        iamRoleArn: text({ required: true, replaces: true, check: roleArn }),
        logDestination: text({ required: true, replaces: true, check: groupArn }),
        logDestinationType: text({ default: "cloud-watch-logs", replaces: true, check: oneOf("cloud-watch-logs") }),
        logFormat: text({ replaces: true }),
        maxAggregationInterval: whole({ default: 600, replaces: true, min: 60, max: 600 }),
        subnetId: text({ replaces: true, check: ec2Id("subnet") }),
        trafficType: text({ required: true, replaces: true, check: oneOf("ACCEPT", "ALL", "REJECT") }),
        vpcId: text({ replaces: true, check: ec2Id("vpc") }),
    },
    computed: ["arn", "logFormat"],
    validate: ({ vpcId, subnetId, maxAggregationInterval }) => [
        ...((vpcId === undefined) === (subnetId === undefined)
            ? [{ property: "vpcId", reason: "give exactly one of vpcId and subnetId" }]
            : []),
        ...(maxAggregationInterval === 60 || maxAggregationInterval === 600
            ? []
            : [{ property: "maxAggregationInterval", reason: "must be 60 or 600" }]),
    ],
    create: (context, inputs) => {
        const { view, now, place } = context;
        const [vpcId, subnetId] = [optionalText(inputs, "vpcId"), optionalText(inputs, "subnetId")];
        if (vpcId !== undefined) requireItem(context, T.vpc, vpcId, "InvalidVpcID.NotFound", "vpc ID");
        if (subnetId !== undefined) requireItem(context, T.subnet, subnetId, "InvalidSubnetID.NotFound", "subnet ID");
        const id = ec2Identifier("fl");
        const own = arnHere(context, "ec2", `vpc-flow-log/${id}`);
        const role = textOf(inputs, "iamRoleArn");
        const source = { accountId: place.accountId, arn: own };
        const denial = serviceDenial(view, now, "vpc-flow-logs.amazonaws.com", role, source);
        if (denial !== undefined) {
            throw new Error(`InvalidParameter: Unable to assume given IAM role ${role}: ${denial}`);
        }
        return { id, computed: { arn: own, logFormat: inputs["logFormat"] ?? DEFAULT_FORMAT } };
    },
};

/** https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html, version 2. */
const DEFAULT_FORMAT =
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
        .split(" ")
        .map((field) => `\${${field}}`)
        .join(" ");
