import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { HubNetwork } from "../../contract/hub-network.ts";
import type { ClusterNetwork } from "./cluster-network.ts";
import { privateCallers, type SpokeConnectivity } from "./connectivity-spec.ts";
import { TransitGatewayAttachment } from "./transit-gateway-attachment.ts";
import { VpcPeering } from "./vpc-peering.ts";

/** Inputs of {@link Connectivity}. */
export interface ConnectivityArgs {
    /** The spoke's. */
    clusterName: string;
    connectivity: SpokeConnectivity;
    network: Pick<ClusterNetwork, "vpcId" | "vpcCidr" | "privateSubnetIds" | "privateRouteTableIds">;
    hub: HubNetwork;
    hubClusterName: pulumi.Input<string>;
    /** Ranges Vault calls from. */
    vaultCidrs: readonly string[];
    /** Security group that EKS made for the control plane. */
    clusterSecurityGroupId: pulumi.Input<string>;
    /** AWS in the hub's account and region. */
    hubProvider: () => aws.Provider;
}

/**
 * The private way from a hub to a spoke's Kubernetes API: a connection between the two VPCs, routes both ways, and a
 * security-group rule that admits the hub. By `natAllowList` there is nothing to connect: the hub comes from the
 * internet and the cluster's own allow-list admits it.
 */
export class Connectivity extends pulumi.ComponentResource {
    constructor(name: string, args: ConnectivityArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:network:Connectivity", name, {}, opts);
        const { connectivity, network, hub } = args;
        const callers = privateCallers(connectivity, hub, args.vaultCidrs);

        if (connectivity.mode === "peering") {
            new VpcPeering(
                `${name}-peering`,
                {
                    clusterName: args.clusterName,
                    network,
                    hub,
                    hubClusterName: args.hubClusterName,
                    hubProvider: args.hubProvider(),
                },
                { parent: this },
            );
        }
        if (connectivity.mode === "transitGateway") {
            new TransitGatewayAttachment(
                `${name}-transit-gateway`,
                {
                    clusterName: args.clusterName,
                    transitGatewayId: connectivity.transitGatewayId,
                    network,
                    remoteCidrs: callers,
                },
                { parent: this },
            );
        }
        // EKS resolves the name of a private-only endpoint to its private addresses, for everybody.
        for (const cidr of callers) {
            new aws.vpc.SecurityGroupIngressRule(
                `${name}-api-${cidr.replace("/", "-")}`,
                {
                    securityGroupId: args.clusterSecurityGroupId,
                    description:
                        cidr === hub.vpcCidr ? "Kubernetes API from the hub's VPC" : "Kubernetes API from Vault",
                    ipProtocol: "tcp",
                    fromPort: 443,
                    toPort: 443,
                    cidrIpv4: cidr,
                },
                { parent: this },
            );
        }
        this.registerOutputs({});
    }
}
