import type { Props } from "../../../engine/kit/types.ts";
import { ec2Identifier } from "../../identifiers.ts";
import { arnHere, itemsWith, requireItem } from "../../references.ts";
import { flag, set, text } from "../../schema/field.ts";
import { ec2Id, json, matching, oneOf } from "../../schema/formats.ts";
import { textOf, textsOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";
import type { Item } from "../../state/store.ts";
import { requireSecurityGroup } from "./inline-rules.ts";
import { requireInVpc, requireZoneSubnets } from "./zone-subnets.ts";

const GATEWAY_SERVICES = ["s3", "dynamodb"];

export const vpcEndpoint: ResourceType = {
    token: T.vpcEndpoint,
    tagged: true,
    inputs: {
        policy: text({ json: true, check: json }),
        privateDnsEnabled: flag(),
        routeTableIds: set(text({ check: ec2Id("rtb") })),
        securityGroupIds: set(text({ check: ec2Id("sg") })),
        serviceName: text({
            required: true,
            replaces: true,
            check: matching(/^com\.amazonaws\.[a-z0-9-]+\.[a-z0-9.-]+$/, "com.amazonaws.<region>.<service>"),
        }),
        subnetIds: set(text({ check: ec2Id("subnet") })),
        vpcEndpointType: text({ default: "Gateway", replaces: true, check: oneOf("Gateway", "Interface") }),
        vpcId: text({ required: true, replaces: true, check: ec2Id("vpc") }),
    },
    computed: [
        "arn",
        "dnsEntries",
        "networkInterfaceIds",
        "ownerId",
        "policy",
        "privateDnsEnabled",
        "requesterManaged",
        "state",
    ],
    volatile: (changed) => (changed.includes("subnetIds") ? ["networkInterfaceIds"] : []),
    validate: (inputs) => {
        const gateway = inputs["vpcEndpointType"] === "Gateway";
        const foreign = gateway ? ["subnetIds", "securityGroupIds", "privateDnsEnabled"] : ["routeTableIds"];
        return foreign
            .filter((property) => inputs[property] !== undefined)
            .map((property) => ({
                property,
                reason: `does not belong to a ${gateway ? "Gateway" : "Interface"} endpoint`,
            }));
    },
    create: (context, inputs) => {
        const { place } = context;
        const [vpcId, service, type] = [
            textOf(inputs, "vpcId"),
            textOf(inputs, "serviceName"),
            textOf(inputs, "vpcEndpointType"),
        ];
        const vpc = requireItem(context, T.vpc, vpcId, "InvalidVpcID.NotFound", "vpc ID");
        requireDns(inputs, vpc);
        const name = service.slice(`com.amazonaws.${place.region}.`.length);
        const here = service.startsWith(`com.amazonaws.${place.region}.`);
        if (!here || (type === "Gateway" && !GATEWAY_SERVICES.includes(name))) {
            throw new Error(
                `InvalidServiceName: The Vpc Endpoint Service '${service}' does not exist as ${type} in ${place.region}`,
            );
        }
        requireFree(context, inputs, vpcId, service, type);
        const id = ec2Identifier("vpce");
        return {
            id,
            computed: {
                ...settled(context, inputs),
                arn: arnHere(context, "ec2", `vpc-endpoint/${id}`),
                dnsEntries: type === "Gateway" ? [] : [{ dnsName: `${id}.${name}.${place.region}.vpce.amazonaws.com` }],
                ownerId: place.accountId,
            },
        };
    },
    update: (context, _item, inputs, changed) => {
        const { networkInterfaceIds, ...computed } = settled(context, inputs);
        return { computed: changed.includes("subnetIds") ? { ...computed, networkInterfaceIds } : computed };
    },
};

/** Private names are answered by the VPC's own DNS. */
function requireDns(inputs: Props, { id, outputs }: Item): void {
    const works = outputs["enableDnsSupport"] !== false && outputs["enableDnsHostnames"] === true;
    if (inputs["privateDnsEnabled"] !== true || works) return;
    throw new Error(
        `InvalidParameter: Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes ` +
            `set to true for ${id}`,
    );
}

function settled(context: Context, inputs: Props): Props & { networkInterfaceIds: string[] } {
    const vpcId = textOf(inputs, "vpcId");
    const subnets = textsOf(inputs, "subnetIds");
    requireZoneSubnets(context, vpcId, subnets);
    for (const id of textsOf(inputs, "securityGroupIds")) {
        requireInVpc(`security group ${id}`, requireSecurityGroup(context, id), vpcId);
    }
    for (const id of textsOf(inputs, "routeTableIds")) {
        const table = requireItem(context, T.routeTable, id, "InvalidRouteTableId.NotFound", "routeTable ID");
        requireInVpc(`route table ${id}`, textOf(table.outputs, "vpcId"), vpcId);
    }
    return {
        networkInterfaceIds: subnets.map(() => ec2Identifier("eni")),
        policy: inputs["policy"] ?? OPEN,
        privateDnsEnabled: inputs["privateDnsEnabled"] ?? false,
        requesterManaged: false,
        state: "available",
    };
}

/** What an endpoint has that is created without a policy. */
const OPEN = JSON.stringify({
    Version: "2008-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
});

/** One private DNS name, or one route per table, leads to one endpoint. */
function requireFree(context: Context, inputs: Props, vpcId: string, service: string, type: string): void {
    const other = itemsWith(context, T.vpcEndpoint, "vpcId", vpcId).find(
        ({ outputs }) =>
            outputs["serviceName"] === service &&
            outputs["vpcEndpointType"] === type &&
            (type === "Gateway"
                ? textsOf(outputs, "routeTableIds").some((id) => textsOf(inputs, "routeTableIds").includes(id))
                : outputs["privateDnsEnabled"] === true && inputs["privateDnsEnabled"] === true),
    );
    if (other === undefined) return;
    const code = type === "Gateway" ? "RouteAlreadyExists" : "InvalidParameter";
    throw new Error(`${code}: ${vpcId} has an endpoint for ${service} already (${other.id})`);
}
