import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { ClusterNetwork } from "./cluster-network.ts";

/** Inputs of {@link TransitGatewayAttachment}. */
export interface TransitGatewayAttachmentArgs {
    clusterName: string;
    /** A gateway of the VPC's region that its owner shares with this account and lets accept attachments by itself. */
    transitGatewayId: string;
    network: Pick<ClusterNetwork, "vpcId" | "privateSubnetIds" | "privateRouteTableIds">;
    /** Ranges behind the gateway that the VPC talks to. */
    remoteCidrs: readonly string[];
}

/**
 * A VPC's connection to a Transit Gateway, with routes to what is behind it in every private route table. Which
 * attachment may talk to which is decided by the gateway's own route tables, which belong to its owner.
 */
export class TransitGatewayAttachment extends pulumi.ComponentResource {
    constructor(name: string, args: TransitGatewayAttachmentArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:network:TransitGatewayAttachment", name, {}, opts);
        const { transitGatewayId, network } = args;
        const attachment = new aws.ec2transitgateway.VpcAttachment(
            `${name}-vpc`,
            {
                transitGatewayId,
                vpcId: network.vpcId,
                // One in each zone: the gateway reaches no zone in which it has no subnet.
                subnetIds: network.privateSubnetIds,
                tags: { Name: args.clusterName },
            },
            { parent: this },
        );
        for (const [index, routeTableId] of network.privateRouteTableIds.entries()) {
            for (const cidr of args.remoteCidrs) {
                new aws.ec2.Route(
                    `${name}-${index}-${cidr.replace("/", "-")}`,
                    { routeTableId, destinationCidrBlock: cidr, transitGatewayId },
                    // AWS takes no route to a gateway that the VPC is not attached to.
                    { parent: this, dependsOn: [attachment] },
                );
            }
        }
        this.registerOutputs({});
    }
}
