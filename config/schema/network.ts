import { z } from "zod";

import * as field from "../fields.ts";

const own = z.strictObject({
    cidr: field.vpcCidr.describe("IPv4 range of the VPC, /16 to /28, disjoint from every other stack's."),
    availabilityZones: z
        .array(field.word.meta({ examples: ["eu-west-1a"] }))
        .describe("Two to four zones by name, so that a zone AWS adds later changes nothing."),
    nat: z
        .enum(["single", "perAz", "none"])
        .default("single")
        .describe(
            "NAT gateways: `perAz` survives the loss of a zone, `single` costs a third, `none` leaves no way out.",
        ),
    flowLogRetentionDays: field.logRetentionDays
        .default(30)
        .describe("Days that flow logs are kept in CloudWatch Logs."),
    endpoints: z
        .boolean()
        .optional()
        .describe(
            "Whether the VPC reaches AWS services by VPC endpoints; by default exactly when `nat` is `none`. They are billed by the hour and zone.",
        ),
});

const existing = z.strictObject({
    existing: z
        .strictObject({
            vpcId: field.ec2Id("vpc").describe("The VPC, with DNS support and DNS hostnames switched on."),
            cidr: field.vpcCidr.describe("IPv4 range of that VPC."),
            privateSubnetIds: z
                .array(field.ec2Id("subnet"))
                .describe("Two private subnets or more, in different zones, for control plane and nodes."),
            publicSubnetIds: z
                .array(field.ec2Id("subnet"))
                .default([])
                .describe("Public subnets, for load balancers that face the internet."),
            privateRouteTableIds: z
                .array(field.ec2Id("rtb"))
                .default([])
                .describe("Route tables of the private subnets; VPC peering and Transit Gateway add routes to them."),
            natPublicIps: z
                .array(field.ipv4Address)
                .default([])
                .describe("Addresses the VPC calls out from; a hub's join its spokes' allow-lists."),
        })
        .describe("A VPC that somebody else made; nothing in it is changed but routes for `connectivity`."),
});

/** The VPC of the cluster: made by the stack, or adopted. */
export const network = z
    .union([own, existing])
    .describe("The VPC of the cluster: one to make, or an existing one to use.");
