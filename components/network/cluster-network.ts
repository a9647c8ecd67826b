import * as pulumi from "@pulumi/pulumi";

import { ExistingNetwork, type ExistingNetworkSpec } from "./existing-network.ts";
import { Network, type OwnNetworkSpec } from "./network.ts";

/** A VPC of the stack's own, or one that somebody else made. */
export type NetworkSpec = OwnNetworkSpec | { existing: ExistingNetworkSpec };

/** What a cluster and its connections need of a VPC, whoever made it. */
export interface ClusterNetwork extends pulumi.Resource {
    readonly vpcId: pulumi.Output<string>;
    /** IPv4 range of the VPC. */
    readonly vpcCidr: string;
    /** Two or more, in different zones: control plane and nodes. */
    readonly privateSubnetIds: pulumi.Output<string>[];
    /** Tables of those subnets; empty when an existing VPC's are not known. */
    readonly privateRouteTableIds: pulumi.Output<string>[];
    /** Addresses the VPC calls out from. */
    readonly natPublicIps: pulumi.Output<string[]>;
}

/** The VPC that a stack describes, made or adopted. */
export function clusterNetwork(
    name: string,
    args: { clusterName: string; accountId: string; region: string; network: NetworkSpec },
    opts: pulumi.ComponentResourceOptions,
): ClusterNetwork {
    const { network, ...here } = args;
    return "existing" in network
        ? new ExistingNetwork(name, network.existing, opts)
        : new Network(name, { ...here, ...network }, opts);
}

/** IPv4 range of the VPC that a stack describes. */
export function networkCidr(network: NetworkSpec): string {
    return "existing" in network ? network.existing.cidr : network.cidr;
}
