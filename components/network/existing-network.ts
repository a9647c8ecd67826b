import * as pulumi from "@pulumi/pulumi";

import type { ClusterNetwork } from "./cluster-network.ts";

/** A VPC that somebody else made and keeps. */
export interface ExistingNetworkSpec {
    vpcId: string;
    /** IPv4 range of the VPC. */
    cidr: string;
    /** Two or more, in different zones. Their owner tags them for load balancers and Karpenter. */
    privateSubnetIds: readonly string[];
    /** Where public load balancers go. Their owner tags them. */
    publicSubnetIds: readonly string[];
    /** Tables of the private subnets. VPC peering and Transit Gateway add a route to each. */
    privateRouteTableIds: readonly string[];
    /** Addresses the VPC calls out from; a hub's are on its spokes' allow-lists. */
    natPublicIps: readonly string[];
}

/**
 * An adopted VPC. It has no children: subnets, routes, flow logs, endpoints and the default security group stay their
 * owner's. Everything comes from the configuration, so that a plan depends on nothing but the stack's file.
 */
export class ExistingNetwork extends pulumi.ComponentResource implements ClusterNetwork {
    readonly vpcId: pulumi.Output<string>;
    readonly vpcCidr: string;
    readonly privateSubnetIds: pulumi.Output<string>[];
    readonly privateRouteTableIds: pulumi.Output<string>[];
    readonly natPublicIps: pulumi.Output<string[]>;

    constructor(name: string, args: ExistingNetworkSpec, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:network:ExistingNetwork", name, {}, opts);
        this.vpcId = pulumi.output(args.vpcId);
        this.vpcCidr = args.cidr;
        this.privateSubnetIds = args.privateSubnetIds.map((id) => pulumi.output(id));
        this.privateRouteTableIds = args.privateRouteTableIds.map((id) => pulumi.output(id));
        this.natPublicIps = pulumi.output([...args.natPublicIps]);
        this.registerOutputs({
            vpcId: this.vpcId,
            privateSubnetIds: this.privateSubnetIds,
            natPublicIps: this.natPublicIps,
        });
    }
}
