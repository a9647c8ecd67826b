import type { Props } from "../../../engine/kit/types.ts";
import { arnHere, findItem, requireItem } from "../../references.ts";
import { flag, text } from "../../schema/field.ts";
import { ec2Id } from "../../schema/formats.ts";
import { textOf, type ResourceType } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";
import { requireRuleGroups, rules } from "./inline-rules.ts";

/** Adopts the default security group of a VPC; it is never made nor deleted, as by the aws provider. */
export const defaultSecurityGroup: ResourceType = {
    token: T.defaultSecurityGroup,
    tagged: true,
    inputs: {
        egress: rules,
        ingress: rules,
        revokeRulesOnDelete: flag({ default: false }),
        // The twin has no default VPC.
        vpcId: text({ required: true, replaces: true, check: ec2Id("vpc") }),
    },
    computed: ["arn", "description", "name", "ownerId"],
    create: (context, inputs) => {
        const vpc = requireItem(context, T.vpc, textOf(inputs, "vpcId"), "InvalidVpcID.NotFound", "vpc ID");
        requireRuleGroups(context, inputs);
        const id = textOf(vpc.outputs, "defaultSecurityGroupId");
        if (findItem(context, T.defaultSecurityGroup, id) !== undefined) {
            throw new Error(`the default security group ${id} of ${vpc.id} is managed by another resource already`);
        }
        const computed: Props = {
            arn: arnHere(context, "ec2", `security-group/${id}`),
            description: "default VPC security group",
            name: "default",
            ownerId: context.place.accountId,
        };
        return { id, computed };
    },
    update: (context, _item, inputs) => {
        requireRuleGroups(context, inputs);
        return { computed: {} };
    },
};
