import assert from "node:assert/strict";

import { Network, type NetworkArgs } from "../../../components/network/network.ts";
import { interfaceServices } from "../../../components/network/vpc-endpoints.ts";
import { place, runMocked } from "../../harness/pulumi.ts";

const endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint";

function network(more: Partial<NetworkArgs>) {
    return runMocked(() => {
        const { privateSubnetIds, privateRouteTableIds } = new Network("net", {
            ...place,
            clusterName: "dev-01",
            cidr: "10.1.0.0/16",
            availabilityZones: ["eu-west-1a", "eu-west-1b"],
            nat: "none",
            flowLogRetentionDays: 30,
            ...more,
        });
        return { privateSubnetIds, privateRouteTableIds };
    });
}

async function has(more: Partial<NetworkArgs>): Promise<boolean> {
    return (await network(more)).resources.some(({ type }) => type === endpoint);
}

describe("components/network: VpcEndpoints", () => {
    it("are there exactly when there is no NAT gateway, unless told otherwise", async () => {
        assert.deepEqual(
            [await has({}), await has({ nat: "single" }), await has({ nat: "perAz" })],
            [true, false, false],
        );
        assert.deepEqual(
            [await has({ endpoints: false }), await has({ nat: "single", endpoints: true })],
            [false, true],
        );
    });

    it("are S3 by route, and what EKS documents for private clusters by address", async () => {
        const run = await network({});
        assert.deepEqual(
            run.inventory().filter((line) => line.includes("net-endpoints")),
            [
                ...[
                    "autoscaling",
                    "ec2",
                    "ecr-api",
                    "ecr-dkr",
                    "eks",
                    "eks-auth",
                    "elasticloadbalancing",
                    "kms",
                    "logs",
                    "s3",
                    "secretsmanager",
                    "ssm",
                    "sts",
                ].map((name) => `${endpoint} net-endpoints-${name}`),
                "aws:ec2/securityGroup:SecurityGroup net-endpoints-callers",
                "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule net-endpoints-https",
                "fleet:network:VpcEndpoints net-endpoints",
            ].toSorted(),
        );
        const services = run.resources.filter(({ type }) => type === endpoint).map(({ inputs }) => inputs.serviceName);
        assert.deepEqual(
            services.map(String).toSorted(),
            ["s3", ...interfaceServices].map((service) => `com.amazonaws.eu-west-1.${service}`).toSorted(),
        );
    });

    it("reach every private subnet, and answer to the services' own names", async () => {
        const run = await network({});
        const [group] = run.resources.filter(({ type }) => type === "aws:ec2/securityGroup:SecurityGroup");
        const { vpcId, tags, ...sts } = run.only(endpoint, "net-endpoints-sts").inputs;
        assert.deepEqual(tags, { Name: "dev-01-endpoints-sts" });
        assert.equal(group?.inputs.vpcId, vpcId);
        const { securityGroupIds, ...rest } = sts;
        assert.deepEqual(rest, {
            serviceName: "com.amazonaws.eu-west-1.sts",
            vpcEndpointType: "Interface",
            privateDnsEnabled: true,
            subnetIds: run.value.privateSubnetIds,
        });
        assert.equal((securityGroupIds as string[]).length, 1);
        assert.deepEqual(run.only(endpoint, "net-endpoints-s3").inputs.routeTableIds, run.value.privateRouteTableIds);
    });

    it("admit HTTPS from the VPC and nothing else, and send nothing", async () => {
        const run = await network({});
        const rules = run.resources.filter(({ type }) => /securityGroup\w*Rule:/i.test(type));
        const { securityGroupId, ...inputs } = rules[0]?.inputs ?? {};
        assert.equal(rules.length, 1);
        assert.match(String(securityGroupId), /^sg-/);
        assert.deepEqual(inputs, {
            description: "HTTPS from the VPC",
            ipProtocol: "tcp",
            fromPort: 443,
            toPort: 443,
            cidrIpv4: "10.1.0.0/16",
        });
        const group = run.only("aws:ec2/securityGroup:SecurityGroup");
        assert.deepEqual(
            Object.keys(group.inputs).filter((key) => ["ingress", "egress"].includes(key)),
            [],
        );
    });
});
