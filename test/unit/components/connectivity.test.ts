import * as aws from "@pulumi/aws";
import assert from "node:assert/strict";

import { hubAwsProvider } from "../../../components/aws-provider.ts";
import { clusterNetwork } from "../../../components/network/cluster-network.ts";
import { Connectivity } from "../../../components/network/connectivity.ts";
import {
    privateCallers,
    publicAllowList,
    type SpokeConnectivity,
} from "../../../components/network/connectivity-spec.ts";
import type { HubNetwork } from "../../../contract/hub-network.ts";
import { place, runMocked } from "../../harness/pulumi.ts";

const gateway = "tgw-0123456789abcdef0";
const byGateway = { mode: "transitGateway", transitGatewayId: gateway } as const;
const adopted = {
    vpcId: "vpc-0123456789abcdef0",
    cidr: "10.1.0.0/16",
    privateSubnetIds: ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"],
    publicSubnetIds: ["subnet-0cccccccccccccccc"],
    privateRouteTableIds: ["rtb-0aaaaaaaaaaaaaaaa", "rtb-0bbbbbbbbbbbbbbbb"],
    natPublicIps: ["198.51.100.9"],
};
const hub: HubNetwork = {
    accountId: "111111111111",
    deployRole: "hub-deployer",
    natPublicIps: ["198.51.100.1", "198.51.100.2"],
    privateRouteTableIds: ["rtb-01111111111111111", "rtb-02222222222222222"],
    region: "eu-central-1",
    transitGatewayCidrs: ["10.0.0.0/8"],
    transitGatewayId: gateway,
    vpcCidr: "10.0.0.0/16",
    vpcId: "vpc-0fffffffffffffff0",
};

function connect(connectivity: SpokeConnectivity, vaultCidrs: string[] = []) {
    return runMocked(() => {
        const provider = new aws.Provider("spoke-aws", { region: "eu-west-1" });
        const network = clusterNetwork(
            "net",
            { ...place, clusterName: "dev-01", network: { existing: adopted } },
            { provider },
        );
        new Connectivity(
            "way",
            {
                clusterName: "dev-01",
                connectivity,
                network,
                hub,
                hubClusterName: "hub-01",
                vaultCidrs,
                clusterSecurityGroupId: "sg-0123456789abcdef0",
                hubProvider: () =>
                    hubAwsProvider("hub-aws", { owner: "team", stack: "dev", hubNetwork: hub }, "hub-01", {}),
            },
            { provider },
        );
        return { vpcId: network.vpcId, subnets: network.privateSubnetIds, nat: network.natPublicIps };
    });
}

const base = ["fleet:network:Connectivity way", "fleet:network:ExistingNetwork net", "pulumi:providers:aws spoke-aws"];
const rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const route = "aws:ec2/route:Route";

describe("components/network: ExistingNetwork", () => {
    it("has no resource of its own, and gives what the configuration says", async () => {
        const run = await connect({ mode: "natAllowList" });
        assert.deepEqual(run.inventory(), base);
        assert.deepEqual(run.value, {
            vpcId: adopted.vpcId,
            subnets: adopted.privateSubnetIds,
            nat: adopted.natPublicIps,
        });
    });
});

describe("components/network: Connectivity", () => {
    it("by peering is a connection, its acceptance by the hub's account, a route per table, and one rule", async () => {
        const run = await connect({ mode: "peering" });
        assert.deepEqual(
            run.inventory(),
            [
                ...base,
                "aws:ec2/vpcPeeringConnection:VpcPeeringConnection way-peering-connection",
                "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter way-peering-accepter",
                `${route} way-peering-to-hub-0`,
                `${route} way-peering-to-hub-1`,
                `${route} way-peering-to-spoke-rtb-01111111111111111`,
                `${route} way-peering-to-spoke-rtb-02222222222222222`,
                `${rule} way-api-10.0.0.0-16`,
                "fleet:network:VpcPeering way-peering",
                "pulumi:providers:aws hub-aws",
            ].toSorted(),
        );
        const { inputs } = run.only("aws:ec2/vpcPeeringConnection:VpcPeeringConnection");
        assert.deepEqual(inputs, {
            vpcId: adopted.vpcId,
            peerVpcId: hub.vpcId,
            peerOwnerId: "111111111111",
            peerRegion: "eu-central-1",
            tags: { Name: "hub-01-dev-01" },
        });
    });

    it("acts in the hub's account as its deployer, and only there where it must", async () => {
        const run = await connect({ mode: "peering" });
        const provider = run.only("pulumi:providers:aws", "hub-aws");
        assert.equal(provider.inputs.region, "eu-central-1");
        assert.deepEqual(JSON.parse(String(provider.inputs.allowedAccountIds)), ["111111111111"]);
        assert.deepEqual(JSON.parse(String(provider.inputs.assumeRoles)), [
            { roleArn: "arn:aws:iam::111111111111:role/hub-deployer" },
        ]);
        assert.deepEqual(JSON.parse(String(provider.inputs.defaultTags)), {
            tags: { fleet: "hub-01", stack: "dev", owner: "team", "managed-by": "pulumi" },
        });
        const inHub = run.resources.filter((each) => each.provider === provider.urn).map(({ name }) => name);
        assert.deepEqual(inHub.toSorted(), [
            "way-peering-accepter",
            "way-peering-to-spoke-rtb-01111111111111111",
            "way-peering-to-spoke-rtb-02222222222222222",
        ]);
    });

    it("makes no route before the connection is accepted", async () => {
        const run = await connect({ mode: "peering" });
        const accepter = run.only("aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter").urn;
        for (const each of run.resources.filter(({ type }) => type === route)) {
            assert.ok(each.dependencies.includes(accepter), each.name);
        }
    });

    it("by Transit Gateway is an attachment, and a route and a rule for the hub and for Vault", async () => {
        const run = await connect(byGateway, ["10.9.0.0/24"]);
        assert.deepEqual(
            run.inventory(),
            [
                ...base,
                "aws:ec2transitgateway/vpcAttachment:VpcAttachment way-transit-gateway-vpc",
                ...["0-10.0.0.0-16", "0-10.9.0.0-24", "1-10.0.0.0-16", "1-10.9.0.0-24"].map(
                    (name) => `${route} way-transit-gateway-${name}`,
                ),
                `${rule} way-api-10.0.0.0-16`,
                `${rule} way-api-10.9.0.0-24`,
                "fleet:network:TransitGatewayAttachment way-transit-gateway",
            ].toSorted(),
        );
        const attachment = run.only("aws:ec2transitgateway/vpcAttachment:VpcAttachment");
        assert.deepEqual(attachment.inputs, {
            transitGatewayId: gateway,
            vpcId: adopted.vpcId,
            subnetIds: adopted.privateSubnetIds,
            tags: { Name: "dev-01" },
        });
        for (const each of run.resources.filter(({ type }) => type === route)) {
            assert.ok(each.dependencies.includes(attachment.urn), each.name);
            assert.equal(each.inputs.transitGatewayId, gateway);
        }
    });

    it("admits port 443 of the cluster's own group, and says whom", async () => {
        const run = await connect(byGateway, ["10.9.0.0/24"]);
        const common = { securityGroupId: "sg-0123456789abcdef0", ipProtocol: "tcp", fromPort: 443, toPort: 443 };
        assert.deepEqual(run.only(rule, "way-api-10.0.0.0-16").inputs, {
            ...common,
            description: "Kubernetes API from the hub's VPC",
            cidrIpv4: "10.0.0.0/16",
        });
        assert.deepEqual(run.only(rule, "way-api-10.9.0.0-24").inputs, {
            ...common,
            description: "Kubernetes API from Vault",
            cidrIpv4: "10.9.0.0/24",
        });
    });
});

describe("components/network: who may call", () => {
    const vault = ["192.0.2.10/32"];

    it("the public endpoint: who is listed, and by natAllowList hub and Vault, each once", () => {
        const office = ["203.0.113.0/24", "198.51.100.2/32"];
        assert.deepEqual(publicAllowList(office, { mode: "natAllowList" }, hub, vault), [
            "203.0.113.0/24",
            "198.51.100.2/32",
            "198.51.100.1/32",
            "192.0.2.10/32",
        ]);
        assert.deepEqual(publicAllowList(office, { mode: "peering" }, hub, vault), office);
        assert.deepEqual(publicAllowList(office, byGateway, hub, vault), office);
    });

    it("the private endpoint: the hub's VPC, and Vault where packets can come from it", () => {
        assert.deepEqual(privateCallers({ mode: "natAllowList" }, hub, vault), []);
        assert.deepEqual(privateCallers({ mode: "peering" }, hub, ["10.0.7.0/24"]), ["10.0.0.0/16"]);
        assert.deepEqual(privateCallers(byGateway, hub, ["10.9.0.0/24", "10.0.0.0/16"]), [
            "10.0.0.0/16",
            "10.9.0.0/24",
        ]);
    });
});
