import type { FleetStack } from "./fleet-stack.ts";
import type { HubOutputs } from "./stack-outputs.ts";

const names = [
    "accountId",
    "deployRole",
    "natPublicIps",
    "privateRouteTableIds",
    "region",
    "transitGatewayCidrs",
    "transitGatewayId",
    "vpcCidr",
    "vpcId",
] as const;

/** What a spoke has to know of its hub's network, as plain values: they decide which resources the spoke has. */
export type HubNetwork = Pick<HubOutputs, (typeof names)[number]>;

/** Reads a hub's outputs before anything that depends on them is registered. */
export async function readHubNetwork(hub: FleetStack): Promise<HubNetwork> {
    const entries = await Promise.all(names.map(async (name) => [name, await hub.value(name)] as const));
    return Object.fromEntries(entries) as HubNetwork;
}
