import { ec2Identifier } from "../../identifiers.ts";
import { arnHere, itemsWith, refuseWhileUsed } from "../../references.ts";
import { flag, text } from "../../schema/field.ts";
import { ipv4Network, oneOf } from "../../schema/formats.ts";
import type { Context, ResourceType } from "../../schema/resource-type.ts";
import type { Item } from "../../state/store.ts";
import { T } from "../../tokens.ts";

export const vpc: ResourceType = {
    token: T.vpc,
    tagged: true,
    inputs: {
        // The twin has no IPAM: without a range there is no VPC.
        cidrBlock: text({ required: true, replaces: true, check: ipv4Network(16, 28) }),
        enableDnsHostnames: flag(),
        enableDnsSupport: flag({ default: true }),
        enableNetworkAddressUsageMetrics: flag(),
        instanceTenancy: text({ default: "default", replaces: true, check: oneOf("default", "dedicated") }),
    },
    computed: [
        "arn",
        "defaultNetworkAclId",
        "defaultRouteTableId",
        "defaultSecurityGroupId",
        "dhcpOptionsId",
        "enableDnsHostnames",
        "enableNetworkAddressUsageMetrics",
        "mainRouteTableId",
        "ownerId",
    ],
    create: (context, inputs) => {
        const id = ec2Identifier("vpc");
        const table = ec2Identifier("rtb");
        return {
            id,
            computed: {
                arn: arnHere(context, "ec2", `vpc/${id}`),
                ownerId: context.place.accountId,
                defaultNetworkAclId: ec2Identifier("acl"),
                defaultRouteTableId: table,
                mainRouteTableId: table,
                defaultSecurityGroupId: ec2Identifier("sg"),
                dhcpOptionsId: ec2Identifier("dopt"),
                enableDnsHostnames: inputs["enableDnsHostnames"] ?? false,
                enableNetworkAddressUsageMetrics: inputs["enableNetworkAddressUsageMetrics"] ?? false,
            },
        };
    },
    remove: (context, item) => refuseWhileUsed(`vpc '${item.id}'`, usersOf(context, item)),
};

function usersOf(context: Context, { id }: Item): Item[] {
    const types = [
        T.subnet,
        T.internetGateway,
        T.routeTable,
        T.securityGroup,
        T.vpcEndpoint,
        T.transitGatewayAttachment,
    ];
    return types.flatMap((type) => itemsWith(context, type, "vpcId", id));
}
