import assert from "node:assert/strict";

import { T } from "../../sandbox/aws-twin/tokens.ts";
import { DEV, type Made, World } from "./support/world.ts";

describe("The AWS twin's network", () => {
    let world: World;
    let vpc: Made;
    let gateway: Made;
    let subnet: Made;
    beforeEach(async () => {
        world = new World();
        vpc = await world.create(T.vpc, "vpc", { cidrBlock: "10.0.0.0/16" });
        gateway = await world.create(T.internetGateway, "gateway", { vpcId: vpc.id });
        subnet = await world.create(T.subnet, "a", { vpcId: vpc.id, cidrBlock: "10.0.0.0/20" });
    });

    const makeSubnet = (cidrBlock: string, more = {}) =>
        world.create(T.subnet, cidrBlock, { vpcId: vpc.id, cidrBlock, ...more });

    it("keeps subnets inside their VPC, apart, and in zones that exist", async () => {
        await assert.rejects(makeSubnet("10.1.0.0/20"), /InvalidSubnet\.Range: The CIDR '10\.1\.0\.0\/20' is invalid/);
        await assert.rejects(makeSubnet("10.0.8.0/24"), /InvalidSubnet\.Conflict: .*conflicts with another subnet/);
        await assert.rejects(makeSubnet("10.0.0.1/24"), /did you mean "10\.0\.0\.0\/24"/);
        await assert.rejects(makeSubnet("10.0.16.0/29"), /between \/16 and \/28/);
        await assert.rejects(makeSubnet("10.0.16.0/20", { availabilityZone: "eu-west-1d" }), /eu-west-1a \(euw1-az1\)/);
        assert.equal(
            (await makeSubnet("10.0.16.0/20", { availabilityZone: "eu-west-1b" })).outputs["availabilityZoneId"],
            "euw1-az2",
        );
    });

    it("knows a VPC in its own account and region only, and says where there is one", async () => {
        const inputs = { vpcId: vpc.id, cidrBlock: "10.0.16.0/20" };
        const elsewhere =
            /InvalidVpcID\.NotFound: The vpc ID 'vpc-\w+' does not exist in 222222222222 eu-west-1; there is one in 111111111111 eu-west-1/;
        await assert.rejects(world.in(DEV).create(T.subnet, "x", inputs), elsewhere);
        await assert.rejects(
            world.create(T.subnet, "x", { ...inputs, region: "us-east-1" }),
            /does not exist in 111111111111 us-east-1/,
        );
    });

    it("refuses to delete what is in use, in AWS's words", async () => {
        await assert.rejects(world.delete(vpc), /DependencyViolation: The vpc 'vpc-\w+' has dependencies/);
        const address = await world.create(T.eip, "nat", { domain: "vpc" });
        const nat = await world.create(T.natGateway, "nat", { allocationId: address.id, subnetId: subnet.id });
        await assert.rejects(world.delete(subnet), /DependencyViolation: The subnet/);
        await assert.rejects(world.delete(gateway), /has some mapped public address\(es\)/);
        await assert.rejects(world.delete(address), /InvalidIPAddress\.InUse/);
        for (const made of [nat, address, subnet, gateway, vpc]) await world.delete(made);
        assert.deepEqual(world.twin.inventory(), []);
    });

    it("gives each NAT gateway an address of its own, behind an internet gateway", async () => {
        const address = await world.create(T.eip, "nat", {});
        const inputs = { allocationId: address.id, subnetId: subnet.id };
        const nat = await world.create(T.natGateway, "one", inputs);
        assert.equal(nat.outputs["publicIp"], address.outputs["publicIp"]);
        await assert.rejects(world.create(T.natGateway, "two", inputs), /Resource\.AlreadyAssociated/);
        const other = await world.create(T.vpc, "other", { cidrBlock: "10.9.0.0/16" });
        const closed = await world.create(T.subnet, "closed", { vpcId: other.id, cidrBlock: "10.9.0.0/24" });
        const free = await world.create(T.eip, "free", {});
        await assert.rejects(
            world.create(T.natGateway, "three", { allocationId: free.id, subnetId: closed.id }),
            /Gateway\.NotAttached/,
        );
    });

    it("routes inside one VPC, one route for a destination, and shows a route without target as blackhole", async () => {
        const table = await world.create(T.routeTable, "table", { vpcId: vpc.id });
        const to = (target: object) => ({ routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", ...target });
        const other = await world.create(T.vpc, "other", { cidrBlock: "10.9.0.0/16" });
        const foreign = await world.create(T.internetGateway, "foreign", { vpcId: other.id });
        await assert.rejects(world.create(T.route, "x", to({ gatewayId: foreign.id })), /belong to different networks/);
        await assert.rejects(world.create(T.route, "x", to({})), /exactly one of gatewayId, natGatewayId/);
        const route = await world.create(T.route, "route", to({ gatewayId: gateway.id }));
        assert.equal(route.id, `r-${table.id}1080289494`);
        await assert.rejects(world.create(T.route, "again", to({ gatewayId: gateway.id })), /RouteAlreadyExists/);
        assert.equal((await world.read(T.route, `${table.id}_0.0.0.0/0`))?.id, route.id);
        await world.delete(gateway);
        assert.equal((await world.read(T.route, route.id))?.outputs["state"], "blackhole");
    });

    it("associates a subnet with one route table", async () => {
        const table = await world.create(T.routeTable, "table", { vpcId: vpc.id });
        const association = await world.create(T.routeTableAssociation, "one", {
            routeTableId: table.id,
            subnetId: subnet.id,
        });
        await assert.rejects(
            world.create(T.routeTableAssociation, "two", { routeTableId: table.id, subnetId: subnet.id }),
            /Resource\.AlreadyAssociated/,
        );
        await assert.rejects(world.delete(table), /DependencyViolation: The routeTable/);
        assert.equal((await world.read(T.routeTableAssociation, `${subnet.id}/${table.id}`))?.id, association.id);
    });

    it("finds security groups of stacks and of VPCs, and none twice under one name", async () => {
        const group = await world.create(T.securityGroup, "group", { vpcId: vpc.id, name: "endpoints" });
        const rule = { securityGroupId: group.id, ipProtocol: "tcp", fromPort: 443, toPort: 443 };
        const peer = (vpc.outputs["defaultSecurityGroupId"] as string | undefined) ?? "";
        await world.create(T.ingressRule, "one", { ...rule, referencedSecurityGroupId: peer });
        await assert.rejects(
            world.create(T.ingressRule, "two", { ...rule, referencedSecurityGroupId: peer }),
            /InvalidPermission\.Duplicate/,
        );
        await assert.rejects(
            world.create(T.ingressRule, "three", { ...rule, referencedSecurityGroupId: "sg-00000000000000000" }),
            /InvalidGroup\.NotFound/,
        );
        await assert.rejects(
            world.create(T.securityGroup, "again", { vpcId: vpc.id, name: "endpoints" }),
            /InvalidGroup\.Duplicate/,
        );
    });

    it("makes a new version of a launch template when its content changes, not when its tags do", async () => {
        const inputs = { namePrefix: "nodes-", updateDefaultVersion: true };
        const template = await world.create(T.launchTemplate, "template", inputs);
        const tagged = await world.update(template, { ...inputs, tags: { a: "b" } });
        assert.equal(tagged.outputs["latestVersion"], 1);
        const changed = await world.update(tagged, { ...inputs, tags: { a: "b" }, description: "new" });
        assert.deepEqual([changed.outputs["latestVersion"], changed.outputs["defaultVersion"]], [2, 2]);
    });
});
