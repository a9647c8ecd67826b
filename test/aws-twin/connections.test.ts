import assert from "node:assert/strict";

import { textOf } from "../../sandbox/aws-twin/schema/resource-type.ts";
import { T } from "../../sandbox/aws-twin/tokens.ts";
import type { Props } from "../../sandbox/engine/kit/types.ts";
import { DEV, HUB, type Made, World } from "./support/world.ts";

const destinationCidrBlock = "10.1.0.0/16";

describe("The AWS twin's connections between VPCs", () => {
    let hub: World;
    let dev: World;
    let hubVpc: Made;
    let devVpc: Made;
    beforeEach(async () => {
        hub = new World();
        dev = hub.in(DEV);
        hubVpc = await hub.create(T.vpc, "hub", { cidrBlock: "10.0.0.0/16" });
        devVpc = await dev.create(T.vpc, "dev", { cidrBlock: "10.1.0.0/16" });
    });

    const request = (more: Props = {}, name = "peering") =>
        dev.create(T.vpcPeeringConnection, name, {
            vpcId: devVpc.id,
            peerVpcId: hubVpc.id,
            peerOwnerId: HUB,
            peerRegion: "eu-west-1",
            ...more,
        });
    const accept = (world: World, { id }: Made) =>
        world.create(T.vpcPeeringConnectionAccepter, "accepter", { vpcPeeringConnectionId: id, autoAccept: true });
    const table = (world: World, { id }: Made) => world.create(T.routeTable, `table-${id}`, { vpcId: id });

    it("peers VPCs of two accounts once the other one has accepted", async () => {
        const peering = await request();
        assert.equal(peering.outputs["acceptStatus"], "pending-acceptance");
        const accepter = await accept(hub, peering);
        assert.equal(accepter.id, peering.id);
        const { acceptStatus, peerOwnerId, peerVpcId, vpcId } = accepter.outputs;
        assert.deepEqual(
            { acceptStatus, peerOwnerId, peerVpcId, vpcId },
            { acceptStatus: "active", peerOwnerId: DEV, peerVpcId: devVpc.id, vpcId: hubVpc.id },
        );
        assert.equal((await dev.read(T.vpcPeeringConnection, peering.id))?.outputs["acceptStatus"], "active");
    });

    it("lets nobody accept but the owner of the other VPC", async () => {
        const peering = await request();
        await assert.rejects(accept(dev, peering), /OperationNotPermitted: User 222222222222 cannot accept peering/);
        await assert.rejects(
            accept(hub.in("333333333333"), peering),
            /InvalidVpcPeeringConnectionID\.NotFound: .* does not exist in 333333333333 eu-west-1/,
        );
        await dev.delete(peering);
        await assert.rejects(
            dev.create(T.vpcPeeringConnection, "own", {
                vpcId: devVpc.id,
                peerVpcId: hubVpc.id,
                peerOwnerId: HUB,
                autoAccept: true,
            }),
            /OperationNotPermitted: .* must accept; use a VpcPeeringConnectionAccepter/,
        );
    });

    it("fails a request that names no VPC, overlaps, or repeats another", async () => {
        const failed = /Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range/;
        await assert.rejects(request({ peerOwnerId: "333333333333" }), failed);
        await assert.rejects(request({ peerRegion: "us-east-1" }), failed);
        const same = await hub.create(T.vpc, "same", { cidrBlock: "10.1.128.0/17" });
        await assert.rejects(request({ peerVpcId: same.id }), failed);
        await request();
        await assert.rejects(request({}, "another"), /VpcPeeringConnectionAlreadyExists/);
        await assert.rejects(request({ autoAccept: true }), /cannot be set whilst autoAccept is true/);
    });

    it("routes over a connection from its two VPCs, and into a black hole before it is accepted", async () => {
        const peering = await request();
        const to = async (world: World, vpc: Made, cidr: string) =>
            world.create(T.route, `to-${cidr}`, {
                routeTableId: (await table(world, vpc)).id,
                destinationCidrBlock: cidr,
                vpcPeeringConnectionId: peering.id,
            });
        const early = await to(dev, devVpc, "10.0.0.0/16");
        assert.equal(early.outputs["state"], "blackhole");
        await accept(hub, peering);
        assert.equal((await dev.read(T.route, early.id))?.outputs["state"], "active");
        assert.equal((await to(hub, hubVpc, destinationCidrBlock)).outputs["state"], "active");
        const stranger = await hub.create(T.vpc, "stranger", { cidrBlock: "10.9.0.0/16" });
        await assert.rejects(to(hub, stranger, destinationCidrBlock), /belong to different networks/);
        await dev.delete(peering);
        assert.equal((await dev.read(T.route, early.id))?.outputs["state"], "blackhole");
    });

    it("admits the peer's range at a security group of its own account only", async () => {
        const group = textOf(devVpc.outputs, "defaultSecurityGroupId");
        const rule = { securityGroupId: group, ipProtocol: "tcp", fromPort: 443, toPort: 443 };
        await dev.create(T.ingressRule, "hub", { ...rule, cidrIpv4: "10.0.0.0/16" });
        await assert.rejects(
            hub.create(T.ingressRule, "hub", { ...rule, cidrIpv4: "10.0.0.0/16" }),
            /InvalidGroup\.NotFound: .* does not exist in 111111111111/,
        );
    });

    it("attaches a VPC to a Transit Gateway once, by one subnet in each zone", async () => {
        const gateway = await hub.create(T.transitGateway, "gateway", {});
        const subnet = (cidrBlock: string, zone: string, vpc = hubVpc) =>
            hub.create(T.subnet, cidrBlock, { vpcId: vpc.id, cidrBlock, availabilityZone: `eu-west-1${zone}` });
        const [a, b, again] = [
            await subnet("10.0.0.0/24", "a"),
            await subnet("10.0.1.0/24", "b"),
            await subnet("10.0.2.0/24", "a"),
        ];
        const attach = (subnetIds: string[]) =>
            hub.create(T.transitGatewayAttachment, subnetIds.join(), {
                transitGatewayId: gateway.id,
                vpcId: hubVpc.id,
                subnetIds,
            });
        await assert.rejects(attach([a.id, again.id]), /DuplicateSubnetsInSameZone: .* \(eu-west-1a/);
        const other = await hub.create(T.vpc, "other", { cidrBlock: "10.9.0.0/16" });
        const foreign = await subnet("10.9.0.0/24", "b", other);
        await assert.rejects(attach([a.id, foreign.id]), /InvalidParameterValue: subnet .* is in vpc-/);
        const attachment = await attach([a.id, b.id]);
        await assert.rejects(attach([a.id]), /DuplicateTransitGatewayAttachment/);
        await assert.rejects(hub.delete(gateway), /DependencyViolation: The transitGateway/);
        await assert.rejects(hub.delete(a), /DependencyViolation: The subnet/);
        await hub.update(attachment, { ...attachment.inputs, subnetIds: [b.id] });
        await hub.delete(a);
    });

    it("routes to a Transit Gateway from VPCs that are attached to it only", async () => {
        const gateway = await hub.create(T.transitGateway, "gateway", {});
        const inputs = {
            routeTableId: (await table(hub, hubVpc)).id,
            destinationCidrBlock,
            transitGatewayId: gateway.id,
        };
        await assert.rejects(hub.create(T.route, "route", inputs), /InvalidTransitGatewayID\.NotFound: .*not attached/);
        const subnet = await hub.create(T.subnet, "a", { vpcId: hubVpc.id, cidrBlock: "10.0.0.0/24" });
        const attachment = await hub.create(T.transitGatewayAttachment, "attachment", {
            transitGatewayId: gateway.id,
            vpcId: hubVpc.id,
            subnetIds: [subnet.id],
        });
        const route = await hub.create(T.route, "route", inputs);
        assert.equal(route.outputs["state"], "active");
        await hub.delete(attachment);
        assert.equal((await hub.read(T.route, route.id))?.outputs["state"], "blackhole");
    });

    it("shares no Transit Gateway, and says where there is one", async () => {
        const gateway = await hub.create(T.transitGateway, "gateway", { autoAcceptSharedAttachments: "enable" });
        const subnet = await dev.create(T.subnet, "a", { vpcId: devVpc.id, cidrBlock: "10.1.0.0/24" });
        await assert.rejects(
            dev.create(T.transitGatewayAttachment, "attachment", {
                transitGatewayId: gateway.id,
                vpcId: devVpc.id,
                subnetIds: [subnet.id],
            }),
            /InvalidTransitGatewayID\.NotFound: .* does not exist in 222222222222 eu-west-1; there is one in 111111111111/,
        );
    });
});

describe("The AWS twin's VPC endpoints", () => {
    const service = "com.amazonaws.eu-west-1.sts";

    it("answer private names only in a VPC with DNS, from one subnet in each zone and its own groups", async () => {
        const world = new World();
        const silent = await world.create(T.vpc, "silent", { cidrBlock: "10.1.0.0/16" });
        const vpc = await world.create(T.vpc, "vpc", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
        const subnetIn = async (vpcId: string, cidrBlock: string) =>
            (await world.create(T.subnet, cidrBlock, { vpcId, cidrBlock })).id;
        const [one, two] = [await subnetIn(vpc.id, "10.0.0.0/24"), await subnetIn(vpc.id, "10.0.1.0/24")];
        const make = (vpcId: string, more: Props) =>
            world.create(T.vpcEndpoint, `sts-${JSON.stringify(more)}`, {
                vpcId,
                serviceName: service,
                vpcEndpointType: "Interface",
                privateDnsEnabled: true,
                ...more,
            });
        await assert.rejects(make(silent.id, {}), /requires both enableDnsSupport and enableDnsHostnames/);
        await assert.rejects(make(vpc.id, { subnetIds: [one, two] }), /DuplicateSubnetsInSameZone/);
        const foreign = textOf(silent.outputs, "defaultSecurityGroupId");
        await assert.rejects(
            make(vpc.id, { securityGroupIds: [foreign] }),
            /InvalidParameterValue: security group sg-\w+ is in vpc-\w+, not in vpc-/,
        );
        await make(vpc.id, { subnetIds: [one] });
        await assert.rejects(make(vpc.id, { subnetIds: [two] }), /has an endpoint for com\.amazonaws\.eu-west-1\.sts/);
    });
});
