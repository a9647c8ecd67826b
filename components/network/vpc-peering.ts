import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { HubNetwork } from "../../contract/hub-network.ts";
import type { ClusterNetwork } from "./cluster-network.ts";

/** Inputs of {@link VpcPeering}. */
export interface VpcPeeringArgs {
    /** The spoke's. */
    clusterName: string;
    /** The spoke's VPC, which requests the connection. */
    network: Pick<ClusterNetwork, "vpcId" | "vpcCidr" | "privateRouteTableIds">;
    /** The hub's VPC, which accepts it. */
    hub: Pick<HubNetwork, "accountId" | "region" | "vpcId" | "vpcCidr" | "privateRouteTableIds">;
    hubClusterName: pulumi.Input<string>;
    /** AWS in the hub's account and region. */
    hubProvider: aws.Provider;
}

/**
 * A peering connection between a spoke's VPC and its hub's, with routes in every private route table of both. The
 * spoke's stack owns both ends, so that a spoke that goes takes its routes in the hub's tables along.
 */
export class VpcPeering extends pulumi.ComponentResource {
    constructor(name: string, args: VpcPeeringArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:network:VpcPeering", name, {}, opts);
        const { network, hub } = args;
        const inHub = { parent: this, provider: args.hubProvider };
        const tags = { Name: pulumi.interpolate`${args.hubClusterName}-${args.clusterName}` };
        const connection = new aws.ec2.VpcPeeringConnection(
            `${name}-connection`,
            {
                vpcId: network.vpcId,
                peerVpcId: hub.vpcId,
                peerOwnerId: hub.accountId,
                peerRegion: hub.region,
                tags,
            },
            { parent: this },
        );
        const accepter = new aws.ec2.VpcPeeringConnectionAccepter(
            `${name}-accepter`,
            { vpcPeeringConnectionId: connection.id, autoAccept: true, tags },
            inHub,
        );
        // Until the connection is accepted a route through it leads nowhere.
        const accepted = { dependsOn: [accepter] };
        for (const [index, routeTableId] of network.privateRouteTableIds.entries()) {
            new aws.ec2.Route(
                `${name}-to-hub-${index}`,
                { routeTableId, destinationCidrBlock: hub.vpcCidr, vpcPeeringConnectionId: connection.id },
                { parent: this, ...accepted },
            );
        }
        // By id: another hub table moves no other route.
        for (const routeTableId of hub.privateRouteTableIds) {
            new aws.ec2.Route(
                `${name}-to-spoke-${routeTableId}`,
                { routeTableId, destinationCidrBlock: network.vpcCidr, vpcPeeringConnectionId: connection.id },
                { ...inHub, ...accepted },
            );
        }
        this.registerOutputs({});
    }
}
