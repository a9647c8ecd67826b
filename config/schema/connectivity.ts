import { z } from "zod";

import * as field from "../fields.ts";

const natAllowList = z.strictObject({
    mode: z
        .literal("natAllowList")
        .describe("The hub calls spokes' public endpoints, whose allow-lists admit its NAT addresses."),
});

const peering = z.strictObject({
    mode: z.literal("peering").describe("The hub calls private endpoints over a VPC peering connection per spoke."),
});

const transitGateway = z.strictObject({
    mode: z.literal("transitGateway").describe("The hub calls private endpoints over a shared Transit Gateway."),
    transitGatewayId: field
        .ec2Id("tgw")
        .describe("A Transit Gateway of the region, shared with the account, that accepts attachments by itself."),
});

/** How the hub reaches a spoke. */
export const spokeConnectivity = z
    .discriminatedUnion("mode", [natAllowList, peering, transitGateway])
    .default({ mode: "natAllowList" })
    .describe(
        "How the hub reaches this cluster's Kubernetes API; the hub's NAT addresses on the allow-list by default.",
    );

/** What a hub offers its spokes. */
export const hubConnectivity = z
    .discriminatedUnion("mode", [
        natAllowList,
        peering,
        transitGateway.extend({
            spokeCidrs: z
                .array(field.routedCidr)
                .min(1)
                .describe("Ranges routed to the Transit Gateway: every spoke's VPC, one by one or as a larger range."),
        }),
    ])
    .default({ mode: "natAllowList" })
    .describe("What this hub's network offers its spokes; NAT addresses for their allow-lists by default.");
