import { randomInt } from "node:crypto";
import type { Props } from "../../../engine/kit/types.ts";
import { ec2Identifier } from "../../identifiers.ts";
import { arnHere, itemsWith, requireItem } from "../../references.ts";
import { text } from "../../schema/field.ts";
import { ec2Id, oneOf } from "../../schema/formats.ts";
import { optionalText, textOf, type Context, type ResourceType, type Settled } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";

export const internetGateway: ResourceType = {
    token: T.internetGateway,
    tagged: true,
    inputs: { vpcId: text({ check: ec2Id("vpc") }) },
    computed: ["arn", "ownerId", "vpcId"],
    create: (context, inputs) => {
        const id = ec2Identifier("igw");
        const vpcId = attach(context, inputs);
        return {
            id,
            computed: {
                arn: arnHere(context, "ec2", `internet-gateway/${id}`),
                ownerId: context.place.accountId,
                vpcId,
            },
        };
    },
    update: (context, item, inputs, changed): Settled => {
        if (!changed.includes("vpcId")) return { computed: {} };
        requireDetachable(context, textOf(item.outputs, "vpcId"));
        return { computed: { vpcId: attach(context, inputs) } };
    },
    remove: (context, item) => requireDetachable(context, optionalText(item.outputs, "vpcId") ?? ""),
};

/** The VPC's id, or "" for a gateway that is attached to none. */
function attach(context: Context, inputs: Props): string {
    const vpcId = optionalText(inputs, "vpcId");
    if (vpcId === undefined) return "";
    requireItem(context, T.vpc, vpcId, "InvalidVpcID.NotFound", "vpc ID");
    const other = itemsWith(context, T.internetGateway, "vpcId", vpcId)[0];
    if (other !== undefined) {
        throw new Error(
            `InvalidParameterValue: Network ${vpcId} already has an internet gateway attached (${other.id})`,
        );
    }
    return vpcId;
}

function requireDetachable(context: Context, vpcId: string): void {
    const subnets = new Set(itemsWith(context, T.subnet, "vpcId", vpcId).map(({ id }) => id));
    const mapped = itemsWith(context, T.natGateway, "connectivityType", "public").find(({ outputs }) =>
        subnets.has(textOf(outputs, "subnetId")),
    );
    if (mapped === undefined) return;
    throw new Error(
        `DependencyViolation: Network ${vpcId} has some mapped public address(es) (${mapped.id}). Please unmap those ` +
            "public address(es) before detaching the gateway.",
    );
}

export const eip: ResourceType = {
    token: T.eip,
    tagged: true,
    inputs: { domain: text({ replaces: true, check: oneOf("vpc") }) },
    computed: ["allocationId", "arn", "domain", "publicDns", "publicIp", "publicIpv4Pool", "networkBorderGroup"],
    create: (context) => {
        const id = ec2Identifier("eipalloc");
        const publicIp = publicAddress(context);
        return {
            id,
            computed: {
                allocationId: id,
                arn: arnHere(context, "ec2", `elastic-ip/${id}`),
                domain: "vpc",
                publicIp,
                publicDns: `ec2-${publicIp.replaceAll(".", "-")}.${context.place.region}.compute.amazonaws.com`,
                publicIpv4Pool: "amazon",
                networkBorderGroup: context.place.region,
            },
        };
    },
    remove: (context, item) => {
        const user = itemsWith(context, T.natGateway, "allocationId", item.id)[0];
        if (user === undefined) return;
        throw new Error(`InvalidIPAddress.InUse: Address ${textOf(item.outputs, "publicIp")} is in use by ${user.id}.`);
    },
};

/** An address nobody has: 198.18.0.0/15 is set aside for benchmarks. RFC 2544. */
function publicAddress({ store }: Context): string {
    const used = new Set(store.all(T.eip).map(({ outputs }) => outputs["publicIp"]));
    for (;;) {
        const address = `198.${18 + randomInt(2)}.${randomInt(256)}.${1 + randomInt(254)}`;
        if (!used.has(address)) return address;
    }
}

export const natGateway: ResourceType = {
    token: T.natGateway,
    tagged: true,
    inputs: {
        allocationId: text({ replaces: true, check: ec2Id("eipalloc") }),
        connectivityType: text({ default: "public", replaces: true, check: oneOf("public", "private") }),
        subnetId: text({ required: true, replaces: true, check: ec2Id("subnet") }),
    },
    computed: ["associationId", "networkInterfaceId", "privateIp", "publicIp", "vpcId"],
    validate: ({ connectivityType, allocationId }) =>
        (connectivityType === "public") === (allocationId !== undefined)
            ? []
            : [{ property: "allocationId", reason: "belongs to connectivityType public, and only there" }],
    create: (context, inputs) => {
        const subnet = requireItem(
            context,
            T.subnet,
            textOf(inputs, "subnetId"),
            "InvalidSubnetID.NotFound",
            "subnet ID",
        );
        const vpcId = textOf(subnet.outputs, "vpcId");
        const id = ec2Identifier("nat");
        const network = textOf(subnet.outputs, "cidrBlock").replace(/\.\d+\/\d+$/, "");
        const computed = {
            networkInterfaceId: ec2Identifier("eni"),
            privateIp: `${network}.${4 + randomInt(10)}`,
            vpcId,
            ...(inputs["connectivityType"] === "public"
                ? publicSide(context, textOf(inputs, "allocationId"), vpcId)
                : {}),
        };
        return { id, computed };
    },
};

function publicSide(context: Context, allocationId: string, vpcId: string): Props {
    const address = requireItem(context, T.eip, allocationId, "InvalidAllocationID.NotFound", "allocation ID");
    const user = itemsWith(context, T.natGateway, "allocationId", allocationId)[0];
    if (user !== undefined) {
        throw new Error(
            `Resource.AlreadyAssociated: Elastic IP address [${allocationId}] is already associated (${user.id})`,
        );
    }
    if (itemsWith(context, T.internetGateway, "vpcId", vpcId).length === 0) {
        throw new Error(`Gateway.NotAttached: Network ${vpcId} has no Internet gateway attached`);
    }
    return { associationId: ec2Identifier("eipassoc"), publicIp: address.outputs["publicIp"] ?? "" };
}
