import assert from "node:assert/strict";

import { flowLogsPermissions, flowLogsTrust } from "../../../components/network/flow-logs.ts";
import { Network, type NetworkArgs } from "../../../components/network/network.ts";
import { place, runMocked } from "../../harness/pulumi.ts";

function network(nat: NetworkArgs["nat"], more: Partial<NetworkArgs> = {}) {
    return runMocked(() => {
        const { natPublicIps, privateSubnetIds } = new Network("net", {
            ...place,
            clusterName: "dev-01",
            cidr: "10.1.0.0/16",
            availabilityZones: ["eu-west-1a", "eu-west-1b"],
            nat,
            flowLogRetentionDays: 30,
            ...more,
        });
        return { natPublicIps, privateSubnetIds };
    });
}

const route = "aws:ec2/route:Route";

describe("components/network: Network", () => {
    it("is exactly these resources with one NAT gateway", async () => {
        const run = await network("single");
        assert.deepEqual(run.inventory(), [
            "aws:cloudwatch/logGroup:LogGroup net-flow-logs-group",
            "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup net-default",
            "aws:ec2/eip:Eip net-nat-eu-west-1a",
            "aws:ec2/flowLog:FlowLog net-flow-logs-log",
            "aws:ec2/internetGateway:InternetGateway net-internet",
            "aws:ec2/natGateway:NatGateway net-nat-eu-west-1a",
            "aws:ec2/route:Route net-private-eu-west-1a-default",
            "aws:ec2/route:Route net-private-eu-west-1b-default",
            "aws:ec2/route:Route net-public-default",
            "aws:ec2/routeTable:RouteTable net-private-eu-west-1a",
            "aws:ec2/routeTable:RouteTable net-private-eu-west-1b",
            "aws:ec2/routeTable:RouteTable net-public",
            "aws:ec2/routeTableAssociation:RouteTableAssociation net-private-eu-west-1a",
            "aws:ec2/routeTableAssociation:RouteTableAssociation net-private-eu-west-1b",
            "aws:ec2/routeTableAssociation:RouteTableAssociation net-public-eu-west-1a",
            "aws:ec2/routeTableAssociation:RouteTableAssociation net-public-eu-west-1b",
            "aws:ec2/subnet:Subnet net-private-eu-west-1a",
            "aws:ec2/subnet:Subnet net-private-eu-west-1b",
            "aws:ec2/subnet:Subnet net-public-eu-west-1a",
            "aws:ec2/subnet:Subnet net-public-eu-west-1b",
            "aws:ec2/vpc:Vpc net-vpc",
            "aws:iam/role:Role net-flow-logs-role",
            "aws:iam/rolePolicy:RolePolicy net-flow-logs-permissions",
            "fleet:network:FlowLogs net-flow-logs",
            "fleet:network:Network net",
        ]);
        assert.equal(run.value.natPublicIps.length, 1);
        assert.equal(run.value.privateSubnetIds.length, 2);
    });

    it("sends both zones out by the one gateway, or each by its own", async () => {
        const gatewaysOf = async (nat: NetworkArgs["nat"]) => {
            const run = await network(nat);
            return ["eu-west-1a", "eu-west-1b"].map(
                (zone) => run.only(route, `net-private-${zone}-default`).inputs.natGatewayId,
            );
        };
        const single = await gatewaysOf("single");
        assert.equal(single[0], single[1]);
        const perAz = await gatewaysOf("perAz");
        assert.notEqual(perAz[0], perAz[1]);
    });

    it("gives private subnets no way out without NAT", async () => {
        const run = await network("none");
        assert.deepEqual(
            run.inventory().filter((line) => /natGateway|Eip|private-.*-default/.test(line)),
            [],
        );
        assert.deepEqual(run.value.natPublicIps, []);
    });

    it("changes no subnet and no table when NAT changes", async () => {
        const stable = async (nat: NetworkArgs["nat"]) =>
            (await network(nat)).resources
                .filter(({ type }) => /subnet:|routeTable:|routeTableAssociation:/.test(type))
                .map(({ name, inputs }) => JSON.stringify([name, inputs]))
                .toSorted();
        assert.deepEqual(await stable("single"), await stable("perAz"));
    });

    it("never hands out public addresses by itself, and tags subnets for load balancers and Karpenter", async () => {
        const run = await network("single");
        const subnets = run.resources.filter(({ type }) => type === "aws:ec2/subnet:Subnet");
        assert.ok(subnets.every(({ inputs }) => inputs.mapPublicIpOnLaunch === false));
        assert.deepEqual(run.only("aws:ec2/subnet:Subnet", "net-public-eu-west-1a").inputs.tags, {
            Name: "dev-01-public-eu-west-1a",
            "kubernetes.io/role/elb": "1",
        });
        assert.deepEqual(run.only("aws:ec2/subnet:Subnet", "net-private-eu-west-1b").inputs.tags, {
            Name: "dev-01-private-eu-west-1b",
            "kubernetes.io/role/internal-elb": "1",
            "karpenter.sh/discovery": "dev-01",
        });
    });

    it("leaves the default security group without a rule", async () => {
        const { inputs } = (await network("single")).only("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
        assert.deepEqual(Object.keys(inputs), ["vpcId"]);
    });

    it("takes the public address off before the way to the internet", async () => {
        const run = await network("single");
        const gateway = run.only("aws:ec2/internetGateway:InternetGateway").urn;
        for (const type of ["aws:ec2/eip:Eip", "aws:ec2/natGateway:NatGateway"]) {
            assert.ok(run.only(type).dependencies.includes(gateway), type);
        }
    });
});

describe("components/network: flow log documents", () => {
    it("trust the service for this account only", () => {
        assert.deepEqual(flowLogsTrust("222222222222"), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "FlowLogService",
                    Effect: "Allow",
                    Principal: { Service: "vpc-flow-logs.amazonaws.com" },
                    Action: "sts:AssumeRole",
                    Condition: { StringEquals: { "aws:SourceAccount": "222222222222" } },
                },
            ],
        });
    });

    it("allow writing to one group", () => {
        assert.deepEqual(flowLogsPermissions("eu-west-1", "222222222222", "/aws/vpc/dev-01/flow-logs"), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "WriteFlowLogs",
                    Effect: "Allow",
                    Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                    Resource: [
                        "arn:aws:logs:eu-west-1:222222222222:log-group:/aws/vpc/dev-01/flow-logs",
                        "arn:aws:logs:eu-west-1:222222222222:log-group:/aws/vpc/dev-01/flow-logs:*",
                    ],
                },
            ],
        });
    });
});
