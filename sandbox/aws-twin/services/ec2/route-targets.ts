import type { Props } from "../../../engine/kit/types.ts";
import { findItem, requireItem } from "../../references.ts";
import { optionalText, textOf, type Context } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";
import { findAttachment } from "./transit-gateway.ts";
import { findConnection, isActive, requireConnection } from "./vpc-peering.ts";

/** Inputs of a route that say where it leads; exactly one is given. */
export const TARGETS = ["gatewayId", "natGatewayId", "transitGatewayId", "vpcPeeringConnectionId"] as const;

/** @throws Error when the target does not exist, or the route table's VPC does not reach it. */
export function requireTarget(context: Context, inputs: Props, vpcId: string): void {
    const gateway = optionalText(inputs, "gatewayId");
    if (gateway !== undefined) {
        const found = requireItem(
            context,
            T.internetGateway,
            gateway,
            "InvalidInternetGatewayID.NotFound",
            "internetGateway ID",
        );
        requireSameVpc(gateway, optionalText(found.outputs, "vpcId") ?? "", vpcId);
    }
    const nat = optionalText(inputs, "natGatewayId");
    if (nat !== undefined) {
        const found = requireItem(context, T.natGateway, nat, "InvalidNatGatewayID.NotFound", "natGateway ID");
        requireSameVpc(nat, textOf(found.outputs, "vpcId"), vpcId);
    }
    const transit = optionalText(inputs, "transitGatewayId");
    if (transit !== undefined && findAttachment(context, transit, vpcId) === undefined) {
        throw new Error(
            `InvalidTransitGatewayID.NotFound: The transitGateway ID '${transit}' does not exist, or ${vpcId} is not ` +
                "attached to it",
        );
    }
    const peering = optionalText(inputs, "vpcPeeringConnectionId");
    if (peering !== undefined) {
        const { outputs } = requireConnection(context, peering);
        const ends = [textOf(outputs, "vpcId"), textOf(outputs, "peerVpcId")];
        requireSameVpc(peering, ends.find((end) => end === vpcId) ?? ends.join(" and "), vpcId);
    }
}

function requireSameVpc(target: string, has: string, wanted: string): void {
    if (has === wanted) return;
    throw new Error(
        `InvalidParameterValue: route table and network gateway ${target} belong to different networks (${wanted}, ${has || "none"})`,
    );
}

/** Whether packets get through; AWS calls a route by which they do not a blackhole. */
export function reachesTarget(context: Context, outputs: Props, vpcId: string): boolean {
    const [gateway, nat, transit, peering] = TARGETS.map((property) => optionalText(outputs, property));
    if (nat !== undefined) return findItem(context, T.natGateway, nat) !== undefined;
    if (transit !== undefined) return findAttachment(context, transit, vpcId) !== undefined;
    if (peering !== undefined) {
        const connection = findConnection(context, peering);
        return connection !== undefined && isActive(connection);
    }
    return gateway === undefined || findItem(context, T.internetGateway, gateway) !== undefined;
}
