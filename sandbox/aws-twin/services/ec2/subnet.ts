import { cidrsOverlap, networkOf, parseCidr, type Cidr } from "../../../../contract/cidr.ts";
import { ec2Identifier } from "../../identifiers.ts";
import { arnHere, itemsWith, refuseWhileUsed, requireItem } from "../../references.ts";
import { flag, text } from "../../schema/field.ts";
import { ec2Id, ipv4Network, oneOf } from "../../schema/formats.ts";
import { zones } from "../../schema/regions.ts";
import { optionalText, textOf, textsOf, propsOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import type { Item } from "../../state/store.ts";
import { T } from "../../tokens.ts";

export const subnet: ResourceType = {
    token: T.subnet,
    tagged: true,
    inputs: {
        assignIpv6AddressOnCreation: flag({ default: false }),
        availabilityZone: text({ replaces: true }),
        availabilityZoneId: text({ replaces: true }),
        cidrBlock: text({ required: true, replaces: true, check: ipv4Network(16, 28) }),
        enableDns64: flag({ default: false }),
        enableResourceNameDnsARecordOnLaunch: flag({ default: false }),
        mapPublicIpOnLaunch: flag({ default: false }),
        privateDnsHostnameTypeOnLaunch: text({ check: oneOf("ip-name", "resource-name") }),
        vpcId: text({ required: true, replaces: true, check: ec2Id("vpc") }),
    },
    computed: ["arn", "availabilityZone", "availabilityZoneId", "ownerId", "privateDnsHostnameTypeOnLaunch"],
    validate: ({ availabilityZone, availabilityZoneId }) =>
        availabilityZone !== undefined && availabilityZoneId !== undefined
            ? [{ property: "availabilityZone", reason: "conflicts with availabilityZoneId: give one of them" }]
            : [],
    create: (context, inputs) => {
        const vpc = requireItem(context, T.vpc, textOf(inputs, "vpcId"), "InvalidVpcID.NotFound", "vpc ID");
        requireFreeRange(context, vpc, textOf(inputs, "cidrBlock"));
        const zone = requireZone(
            context,
            optionalText(inputs, "availabilityZone"),
            optionalText(inputs, "availabilityZoneId"),
        );
        const id = ec2Identifier("subnet");
        return {
            id,
            computed: {
                arn: arnHere(context, "ec2", `subnet/${id}`),
                ownerId: context.place.accountId,
                availabilityZone: zone.name,
                availabilityZoneId: zone.id,
                privateDnsHostnameTypeOnLaunch: inputs["privateDnsHostnameTypeOnLaunch"] ?? "ip-name",
            },
        };
    },
    remove: (context, item) => refuseWhileUsed(`subnet '${item.id}'`, usersOf(context, item)),
};

/** Clusters, endpoints and Transit Gateways keep network interfaces in their subnets, NAT gateways and nodes live there. */
function usersOf(context: Context, { id }: Item): Item[] {
    const { store, place } = context;
    const where = { accountId: place.accountId, region: place.region };
    const listing = (type: string) =>
        store.all(type, where).filter(({ outputs }) => textsOf(outputs, "subnetIds").includes(id));
    const clusters = store
        .all(T.cluster, where)
        .filter(({ outputs }) => textsOf(propsOf(outputs["vpcConfig"]), "subnetIds").includes(id));
    return [
        ...itemsWith(context, T.natGateway, "subnetId", id),
        ...clusters,
        ...listing(T.nodeGroup),
        ...listing(T.vpcEndpoint),
        ...listing(T.transitGatewayAttachment),
    ];
}

function requireFreeRange(context: Context, vpc: Item, block: string): void {
    const wanted = rangeOf(block);
    const whole = rangeOf(textOf(vpc.outputs, "cidrBlock"));
    const network = networkOf(wanted);
    if (wanted.prefix < whole.prefix || !cidrsOverlap(whole, network)) {
        throw new Error(`InvalidSubnet.Range: The CIDR '${block}' is invalid: it is not inside ${vpc.id}'s range`);
    }
    const other = itemsWith(context, T.subnet, "vpcId", vpc.id).find(({ outputs }) =>
        cidrsOverlap(wanted, rangeOf(textOf(outputs, "cidrBlock"))),
    );
    if (other === undefined) return;
    throw new Error(
        `InvalidSubnet.Conflict: The CIDR '${block}' conflicts with another subnet (${other.id}, ` +
            `${textOf(other.outputs, "cidrBlock")})`,
    );
}

function rangeOf(block: string): Cidr {
    const range = parseCidr(block);
    if (range === undefined) throw new Error(`${block} is not an IPv4 CIDR`);
    return range;
}

function requireZone(
    { place }: Context,
    name: string | undefined,
    id: string | undefined,
): { name: string; id: string } {
    const known = zones(place.region);
    const [first] = known;
    if (name === undefined && id === undefined && first !== undefined) return first;
    const zone = known.find((each) => each.name === name || each.id === id);
    if (zone !== undefined) return zone;
    const names = known.map((each) => `${each.name} (${each.id})`).join(", ");
    throw new Error(
        `InvalidParameterValue: Value (${name ?? id}) for parameter availabilityZone is invalid. Subnets can currently ` +
            `only be created in the following availability zones: ${names}.`,
    );
}
