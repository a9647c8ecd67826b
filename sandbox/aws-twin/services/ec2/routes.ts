import { crc32 } from "node:zlib";
import type { Props } from "../../../engine/kit/types.ts";
import { ec2Identifier } from "../../identifiers.ts";
import { arnHere, findItem, itemsWith, refuseWhileUsed, requireItem } from "../../references.ts";
import { text } from "../../schema/field.ts";
import { ec2Id, ipv4Network } from "../../schema/formats.ts";
import { optionalText, textOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import type { Item } from "../../state/store.ts";
import { T } from "../../tokens.ts";
import { reachesTarget, requireTarget, TARGETS } from "./route-targets.ts";

/** Routes are resources of their own here: the twin does not know the `routes` property. */
export const routeTable: ResourceType = {
    token: T.routeTable,
    tagged: true,
    inputs: { vpcId: text({ required: true, replaces: true, check: ec2Id("vpc") }) },
    computed: ["arn", "ownerId"],
    create: (context, inputs) => {
        requireItem(context, T.vpc, textOf(inputs, "vpcId"), "InvalidVpcID.NotFound", "vpc ID");
        const id = ec2Identifier("rtb");
        const arn = arnHere(context, "ec2", `route-table/${id}`);
        return { id, computed: { arn, ownerId: context.place.accountId } };
    },
    remove: (context, item) => {
        refuseWhileUsed(
            `routeTable '${item.id}'`,
            itemsWith(context, T.routeTableAssociation, "routeTableId", item.id),
        );
        for (const route of itemsWith(context, T.route, "routeTableId", item.id)) context.store.remove(route);
    },
};

export const route: ResourceType = {
    token: T.route,
    inputs: {
        destinationCidrBlock: text({ required: true, replaces: true, check: ipv4Network() }),
        gatewayId: text({ check: ec2Id("igw") }),
        natGatewayId: text({ check: ec2Id("nat") }),
        routeTableId: text({ required: true, replaces: true, check: ec2Id("rtb") }),
        transitGatewayId: text({ check: ec2Id("tgw") }),
        vpcPeeringConnectionId: text({ check: ec2Id("pcx") }),
    },
    computed: ["origin", "state"],
    validate: (inputs) =>
        TARGETS.filter((property) => inputs[property] !== undefined).length === 1
            ? []
            : [{ property: "gatewayId", reason: `give exactly one of ${TARGETS.join(", ")}` }],
    create: (context, inputs) => {
        const [table, destination] = [textOf(inputs, "routeTableId"), textOf(inputs, "destinationCidrBlock")];
        const vpcId = vpcOf(context, table);
        requireTarget(context, inputs, vpcId);
        // The aws provider's id: CRC-32 of the destination behind the table's id.
        const id = `r-${table}${crc32(destination)}`;
        if (findItem(context, T.route, id) !== undefined) {
            throw new Error(
                `RouteAlreadyExists: Route in Route Table (${table}) with destination (${destination}) already exists`,
            );
        }
        return { id, computed: { origin: "CreateRoute", state: stateOf(context, inputs, vpcId) } };
    },
    update: (context, _item, inputs) => {
        const vpcId = vpcOf(context, textOf(inputs, "routeTableId"));
        requireTarget(context, inputs, vpcId);
        return { computed: { origin: "CreateRoute", state: stateOf(context, inputs, vpcId) } };
    },
    refresh: (context, { outputs }) => ({
        state: stateOf(context, outputs, vpcOf(context, textOf(outputs, "routeTableId"))),
    }),
    importId: ({ outputs }) => `${textOf(outputs, "routeTableId")}_${textOf(outputs, "destinationCidrBlock")}`,
};

function stateOf(context: Context, properties: Props, vpcId: string): string {
    return reachesTarget(context, properties, vpcId) ? "active" : "blackhole";
}

export const routeTableAssociation: ResourceType = {
    token: T.routeTableAssociation,
    inputs: {
        routeTableId: text({ required: true, check: ec2Id("rtb") }),
        subnetId: text({ required: true, replaces: true, check: ec2Id("subnet") }),
    },
    computed: [],
    create: (context, inputs) => {
        const subnetId = textOf(inputs, "subnetId");
        requireSameVpc(context, inputs);
        const other = itemsWith(context, T.routeTableAssociation, "subnetId", subnetId)[0];
        if (other !== undefined) {
            throw new Error(
                `Resource.AlreadyAssociated: the specified association for subnet ${subnetId} conflicts with an ` +
                    `existing association (${other.id})`,
            );
        }
        return { id: ec2Identifier("rtbassoc"), computed: {} };
    },
    update: (context, _item, inputs) => {
        requireSameVpc(context, inputs);
        return { computed: {} };
    },
    importId: ({ outputs }: Item) => `${textOf(outputs, "subnetId")}/${textOf(outputs, "routeTableId")}`,
};

function vpcOf(context: Context, table: string): string {
    const found = requireItem(context, T.routeTable, table, "InvalidRouteTableID.NotFound", "routeTable ID");
    return textOf(found.outputs, "vpcId");
}

function requireSameVpc(context: Context, inputs: Props): void {
    const [subnetId, table] = [optionalText(inputs, "subnetId") ?? "", textOf(inputs, "routeTableId")];
    const subnet = requireItem(context, T.subnet, subnetId, "InvalidSubnetID.NotFound", "subnet ID");
    if (textOf(subnet.outputs, "vpcId") === vpcOf(context, table)) return;
    throw new Error(`InvalidParameterValue: route table ${table} and subnet ${subnetId} belong to different networks`);
}
