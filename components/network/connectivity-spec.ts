import type { HubNetwork } from "../../contract/hub-network.ts";

/** How a hub's Argo CD reaches a spoke's Kubernetes API. */
export type SpokeConnectivity =
    | { mode: "natAllowList" }
    | { mode: "peering" }
    | { mode: "transitGateway"; transitGatewayId: string };

/** What a hub offers to its spokes. */
export type HubConnectivity =
    | { mode: "natAllowList" }
    | { mode: "peering" }
    | { mode: "transitGateway"; transitGatewayId: string; spokeCidrs: readonly string[] };

/**
 * Who may reach a spoke's public endpoint: the configured ranges, and by `natAllowList` the hub's NAT addresses and
 * Vault's. The other modes leave the public endpoint off.
 */
export function publicAllowList(
    publicCidrs: readonly string[],
    { mode }: SpokeConnectivity,
    hub: Pick<HubNetwork, "natPublicIps">,
    vaultCidrs: readonly string[],
): string[] {
    const callers = mode === "natAllowList" ? [...hub.natPublicIps.map((ip) => `${ip}/32`), ...vaultCidrs] : [];
    return [...new Set([...publicCidrs, ...callers])];
}

/**
 * Ranges outside a spoke's VPC that call its private endpoint, and that its answers are routed to. Peering is not
 * transitive: behind it there is the hub's VPC and nothing else.
 */
export function privateCallers(
    { mode }: SpokeConnectivity,
    hub: Pick<HubNetwork, "vpcCidr">,
    vaultCidrs: readonly string[],
): string[] {
    const callers = {
        natAllowList: [],
        peering: [hub.vpcCidr],
        transitGateway: [hub.vpcCidr, ...vaultCidrs],
    };
    return [...new Set(callers[mode])];
}
