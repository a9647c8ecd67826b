import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { MakesRoles } from "../identity/role-settings.ts";
import type { ClusterNetwork } from "./cluster-network.ts";
import { FlowLogs } from "./flow-logs.ts";
import { planSubnets, type ZoneSubnets } from "./subnet-plan.ts";
import { subnetTags } from "./subnet-tags.ts";
import { VpcEndpoints } from "./vpc-endpoints.ts";

/** A VPC to make. */
export interface OwnNetworkSpec {
    /** IPv4 range of the VPC, /16 to /28. */
    cidr: string;
    /** Two to four zones. They decide which subnets exist, so they are named, not counted. */
    availabilityZones: readonly string[];
    /** `perAz` survives the loss of a zone; `single` costs a third; `none` if the VPC reaches out another way. */
    nat: "single" | "perAz" | "none";
    /** Days that flow logs are kept; one of the periods of CloudWatch Logs. */
    flowLogRetentionDays: number;
    /** Whether AWS services are reached by VPC endpoints. @default true exactly when `nat` is `none` */
    endpoints?: boolean | undefined;
}

/** Inputs of {@link Network}. */
export interface NetworkArgs extends OwnNetworkSpec, MakesRoles {
    /** Name shown in the AWS console and used for the flow logs: the cluster's. */
    clusterName: string;
    /** AWS account, for the flow-log role's trust. */
    accountId: string;
    region: string;
}

/**
 * A VPC for one EKS cluster: private subnets for nodes, public subnets for load balancers, flow logs, and a default
 * security group that admits nothing.
 */
export class Network extends pulumi.ComponentResource implements ClusterNetwork {
    readonly vpcId: pulumi.Output<string>;
    readonly vpcCidr: string;
    readonly privateSubnetIds: pulumi.Output<string>[];
    readonly privateRouteTableIds: pulumi.Output<string>[];
    /** Addresses the VPC calls out from, one per NAT gateway. */
    readonly natPublicIps: pulumi.Output<string[]>;

    constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:network:Network", name, {}, opts);
        const zones = planSubnets(args.cidr, args.availabilityZones);

        const vpc = new aws.ec2.Vpc(
            `${name}-vpc`,
            {
                cidrBlock: args.cidr,
                // EKS resolves its private endpoint through the VPC's DNS.
                enableDnsHostnames: true,
                enableDnsSupport: true,
                tags: { Name: args.clusterName },
            },
            { parent: this },
        );
        // Adopted without rules: what forgets to name a security group gets one that admits nothing.
        new aws.ec2.DefaultSecurityGroup(`${name}-default`, { vpcId: vpc.id }, { parent: this });
        new FlowLogs(
            `${name}-flow-logs`,
            {
                clusterName: args.clusterName,
                accountId: args.accountId,
                region: args.region,
                iam: args.iam,
                vpcId: vpc.id,
                retentionInDays: args.flowLogRetentionDays,
            },
            { parent: this },
        );

        const internet = new aws.ec2.InternetGateway(
            `${name}-internet`,
            { vpcId: vpc.id, tags: { Name: args.clusterName } },
            { parent: this },
        );
        const publicSubnets = this.publicSubnets(name, args, internet, zones);
        const natGateways = this.natGateways(name, args, internet, publicSubnets);
        const privateZones = this.privateZones(name, args, vpc, zones, natGateways);

        this.vpcId = vpc.id;
        this.vpcCidr = args.cidr;
        this.privateSubnetIds = privateZones.map(({ subnet }) => subnet.id);
        this.privateRouteTableIds = privateZones.map(({ table }) => table.id);
        this.natPublicIps = pulumi.all(natGateways.map((gateway) => gateway.publicIp));
        if (args.endpoints ?? args.nat === "none") {
            new VpcEndpoints(
                `${name}-endpoints`,
                {
                    clusterName: args.clusterName,
                    region: args.region,
                    vpcId: vpc.id,
                    vpcCidr: args.cidr,
                    subnetIds: this.privateSubnetIds,
                    routeTableIds: this.privateRouteTableIds,
                },
                { parent: this },
            );
        }
        this.registerOutputs({
            vpcId: this.vpcId,
            privateSubnetIds: this.privateSubnetIds,
            natPublicIps: this.natPublicIps,
        });
    }

    private publicSubnets(
        name: string,
        args: NetworkArgs,
        internet: aws.ec2.InternetGateway,
        zones: readonly ZoneSubnets[],
    ): aws.ec2.Subnet[] {
        const table = this.routeTable(`${name}-public`, internet.vpcId, `${args.clusterName}-public`);
        new aws.ec2.Route(
            `${name}-public-default`,
            { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: internet.id },
            { parent: this },
        );
        return zones.map(({ availabilityZone, publicCidr }) =>
            this.subnet(`${name}-public-${availabilityZone}`, table, {
                vpcId: internet.vpcId,
                cidrBlock: publicCidr,
                availabilityZone,
                tags: {
                    Name: `${args.clusterName}-public-${availabilityZone}`,
                    ...subnetTags("public", args.clusterName),
                },
            }),
        );
    }

    private natGateways(
        name: string,
        args: NetworkArgs,
        internet: aws.ec2.InternetGateway,
        publicSubnets: readonly aws.ec2.Subnet[],
    ): aws.ec2.NatGateway[] {
        const count = { none: 0, single: 1, perAz: publicSubnets.length }[args.nat];
        return publicSubnets.slice(0, count).map((subnet, index) => {
            const zone = args.availabilityZones[index];
            const tags = { Name: `${args.clusterName}-nat-${zone}` };
            const address = new aws.ec2.Eip(
                `${name}-nat-${zone}`,
                { domain: "vpc", tags },
                // AWS refuses to detach an internet gateway while the VPC holds a mapped public address.
                { parent: this, dependsOn: [internet] },
            );
            return new aws.ec2.NatGateway(
                `${name}-nat-${zone}`,
                { allocationId: address.allocationId, subnetId: subnet.id, tags },
                { parent: this, dependsOn: [internet] },
            );
        });
    }

    private privateZones(
        name: string,
        args: NetworkArgs,
        vpc: aws.ec2.Vpc,
        zones: readonly ZoneSubnets[],
        natGateways: readonly aws.ec2.NatGateway[],
    ): { subnet: aws.ec2.Subnet; table: aws.ec2.RouteTable }[] {
        return zones.map(({ availabilityZone, privateCidr }, index) => {
            const label = `private-${availabilityZone}`;
            // A table per zone even with one NAT gateway, so that changing `nat` moves routes and replaces no subnet.
            const table = this.routeTable(`${name}-${label}`, vpc.id, `${args.clusterName}-${label}`);
            const nat = natGateways[index] ?? natGateways[0];
            if (nat !== undefined) {
                new aws.ec2.Route(
                    `${name}-${label}-default`,
                    { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: nat.id },
                    { parent: this },
                );
            }
            const subnet = this.subnet(`${name}-${label}`, table, {
                vpcId: vpc.id,
                cidrBlock: privateCidr,
                availabilityZone,
                tags: { Name: `${args.clusterName}-${label}`, ...subnetTags("private", args.clusterName) },
            });
            return { subnet, table };
        });
    }

    private subnet(name: string, table: aws.ec2.RouteTable, args: aws.ec2.SubnetArgs): aws.ec2.Subnet {
        const subnet = new aws.ec2.Subnet(name, { ...args, mapPublicIpOnLaunch: false }, { parent: this });
        new aws.ec2.RouteTableAssociation(name, { subnetId: subnet.id, routeTableId: table.id }, { parent: this });
        return subnet;
    }

    private routeTable(name: string, vpcId: pulumi.Input<string>, displayName: string): aws.ec2.RouteTable {
        return new aws.ec2.RouteTable(name, { vpcId, tags: { Name: displayName } }, { parent: this });
    }
}
