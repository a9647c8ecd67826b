import { ec2Identifier } from "../../identifiers.ts";
import { arnHere, itemsWith, refuseWhileUsed, requireItem } from "../../references.ts";
import { set, text } from "../../schema/field.ts";
import { ec2Id, oneOf } from "../../schema/formats.ts";
import { textOf, textsOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import type { Item } from "../../state/store.ts";
import { T } from "../../tokens.ts";
import { requireZoneSubnets } from "./zone-subnets.ts";

/** A Transit Gateway with its default route table. The twin shares none: other accounts cannot attach to it. */
export const transitGateway: ResourceType = {
    token: T.transitGateway,
    tagged: true,
    inputs: {
        autoAcceptSharedAttachments: text({ default: "disable", check: oneOf("disable", "enable") }),
        description: text(),
    },
    computed: ["arn", "associationDefaultRouteTableId", "ownerId", "propagationDefaultRouteTableId"],
    create: (context) => {
        const id = ec2Identifier("tgw");
        const table = ec2Identifier("tgw-rtb");
        return {
            id,
            computed: {
                arn: arnHere(context, "ec2", `transit-gateway/${id}`),
                associationDefaultRouteTableId: table,
                ownerId: context.place.accountId,
                propagationDefaultRouteTableId: table,
            },
        };
    },
    remove: (context, { id }) =>
        refuseWhileUsed(
            `transitGateway '${id}'`,
            itemsWith(context, T.transitGatewayAttachment, "transitGatewayId", id),
        ),
};

/** A VPC at a Transit Gateway, associated with its default route table and propagated to it. */
export const transitGatewayAttachment: ResourceType = {
    token: T.transitGatewayAttachment,
    tagged: true,
    inputs: {
        subnetIds: set(text({ check: ec2Id("subnet") }), { required: true, min: 1 }),
        transitGatewayId: text({ required: true, replaces: true, check: ec2Id("tgw") }),
        vpcId: text({ required: true, replaces: true, check: ec2Id("vpc") }),
    },
    computed: ["arn", "vpcOwnerId"],
    create: (context, inputs) => {
        const [gateway, vpcId] = [textOf(inputs, "transitGatewayId"), textOf(inputs, "vpcId")];
        requireItem(context, T.transitGateway, gateway, "InvalidTransitGatewayID.NotFound", "transitGateway ID");
        requireItem(context, T.vpc, vpcId, "InvalidVpcID.NotFound", "vpc ID");
        const other = findAttachment(context, gateway, vpcId);
        if (other !== undefined) {
            throw new Error(
                `DuplicateTransitGatewayAttachment: ${gateway} has non-deleted Transit Gateway Attachments with same ` +
                    `VPC ID (${other.id})`,
            );
        }
        requireZoneSubnets(context, vpcId, textsOf(inputs, "subnetIds"));
        const id = ec2Identifier("tgw-attach");
        const arn = arnHere(context, "ec2", `transit-gateway-attachment/${id}`);
        return { id, computed: { arn, vpcOwnerId: context.place.accountId } };
    },
    update: (context, { outputs }, inputs) => {
        requireZoneSubnets(context, textOf(outputs, "vpcId"), textsOf(inputs, "subnetIds"));
        return { computed: {} };
    },
};

/** The attachment of a VPC to a gateway. */
export function findAttachment(context: Context, gateway: string, vpcId: string): Item | undefined {
    return itemsWith(context, T.transitGatewayAttachment, "transitGatewayId", gateway).find(
        ({ outputs }) => outputs["vpcId"] === vpcId,
    );
}
