import type * as pulumi from "@pulumi/pulumi";

import type { ClusterNetwork } from "./cluster-network.ts";
import type { HubConnectivity } from "./connectivity-spec.ts";
import { TransitGatewayAttachment } from "./transit-gateway-attachment.ts";

/** What a hub's network offers its spokes, as its outputs say it; a Transit Gateway is attached to for that. */
export function hubConnectivity(
    name: string,
    args: { clusterName: string; connectivity: HubConnectivity; network: ClusterNetwork },
    opts: pulumi.ComponentResourceOptions,
): { transitGatewayId: string; transitGatewayCidrs: string[] } {
    const { clusterName, connectivity, network } = args;
    if (connectivity.mode !== "transitGateway") {
        return { transitGatewayId: "", transitGatewayCidrs: [] };
    }
    const { transitGatewayId, spokeCidrs } = connectivity;
    new TransitGatewayAttachment(name, { clusterName, transitGatewayId, network, remoteCidrs: spokeCidrs }, opts);
    return { transitGatewayId, transitGatewayCidrs: [...spokeCidrs] };
}
