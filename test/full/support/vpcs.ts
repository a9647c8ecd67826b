import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Accounts and ranges as the committed stacks have them. */
const vpcs = {
    hub: { account: "111111111111", cidr: "10.0.0.0/16", second: "10.0" },
    dev: { account: "222222222222", cidr: "10.1.0.0/16", second: "10.1" },
    staging: { account: "333333333333", cidr: "10.2.0.0/16", second: "10.2" },
    prod: { account: "444444444444", cidr: "10.3.0.0/16", second: "10.3" },
} as const;

const zones = ["eu-west-1a", "eu-west-1b"];

/** A plain VPC in each account: two private subnets behind one NAT gateway. */
export default function networks(): Record<string, pulumi.Output<unknown>> {
    return Object.fromEntries(Object.entries(vpcs).map(([stack, vpc]) => [stack, network(stack, vpc)]));
}

function network(stack: string, { account, cidr, second }: { account: string; cidr: string; second: string }) {
    const provider = new aws.Provider(stack, {
        region: "eu-west-1",
        allowedAccountIds: [account],
        assumeRoles: [{ roleArn: `arn:aws:iam::${account}:role/fleet-deployer` }],
    });
    const opts = { provider };
    const vpc = new aws.ec2.Vpc(
        stack,
        { cidrBlock: cidr, enableDnsHostnames: true, enableDnsSupport: true, tags: { Name: stack } },
        opts,
    );
    const internet = new aws.ec2.InternetGateway(stack, { vpcId: vpc.id }, opts);
    const open = new aws.ec2.Subnet(
        `${stack}-public`,
        { vpcId: vpc.id, cidrBlock: `${second}.200.0/24`, availabilityZone: "eu-west-1a" },
        opts,
    );
    const openTable = new aws.ec2.RouteTable(`${stack}-public`, { vpcId: vpc.id }, opts);
    new aws.ec2.Route(
        `${stack}-public`,
        { routeTableId: openTable.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: internet.id },
        opts,
    );
    new aws.ec2.RouteTableAssociation(`${stack}-public`, { subnetId: open.id, routeTableId: openTable.id }, opts);
    const address = new aws.ec2.Eip(stack, { domain: "vpc" }, { ...opts, dependsOn: [internet] });
    const nat = new aws.ec2.NatGateway(
        stack,
        { allocationId: address.allocationId, subnetId: open.id },
        { ...opts, dependsOn: [internet] },
    );
    const table = new aws.ec2.RouteTable(`${stack}-private`, { vpcId: vpc.id }, opts);
    new aws.ec2.Route(
        `${stack}-private`,
        { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: nat.id },
        opts,
    );
    const subnets = zones.map((zone, index) => {
        const name = `${stack}-${zone}`;
        const subnet = new aws.ec2.Subnet(
            name,
            { vpcId: vpc.id, cidrBlock: `${second}.${64 * index}.0/18`, availabilityZone: zone },
            opts,
        );
        new aws.ec2.RouteTableAssociation(name, { subnetId: subnet.id, routeTableId: table.id }, opts);
        return subnet.id;
    });
    return pulumi.output({
        vpcId: vpc.id,
        cidr,
        privateSubnetIds: subnets,
        publicSubnetIds: [open.id],
        privateRouteTableIds: [table.id],
        natPublicIps: [address.publicIp],
    });
}
