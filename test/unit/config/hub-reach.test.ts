import assert from "node:assert/strict";

import { hubReachProblems, requireHubReaches } from "../../../config/hub-reach.ts";
import { ConfigError } from "../../../config/problems.ts";
import type { SpokeConfig } from "../../../config/schema/index.ts";
import type { HubNetwork } from "../../../contract/hub-network.ts";
import { loadOwn, spoke, type Tree } from "./fixture.ts";

const gateway = "tgw-0123456789abcdef0";

const hub: HubNetwork = {
    accountId: "111111111111",
    deployRole: "fleet-deployer",
    natPublicIps: ["198.51.100.1", "198.51.100.2"],
    privateRouteTableIds: ["rtb-0123456789abcdef0"],
    region: "eu-west-1",
    transitGatewayCidrs: ["10.1.0.0/16"],
    transitGatewayId: gateway,
    vpcCidr: "10.0.0.0/16",
    vpcId: "vpc-0123456789abcdef0",
};

function config(connectivity: Tree, change: (raw: Tree) => void = () => {}): SpokeConfig {
    const raw: Tree = { ...spoke(), connectivity };
    raw.network.cidr = "10.1.0.0/16";
    if (connectivity.mode !== "natAllowList") {
        raw.cluster.endpoint = { public: false };
    }
    change(raw);
    const loaded = loadOwn("dev", raw);
    assert.equal(loaded.role, "spoke");
    return loaded;
}

function lines(connectivity: Tree, about: Partial<HubNetwork> = {}, change?: (raw: Tree) => void): string[] {
    return hubReachProblems(config(connectivity, change), { ...hub, ...about }).map(
        ({ code, key, text }) => `${code} ${key}: ${text}`,
    );
}

const allowList = { mode: "natAllowList" };
const peering = { mode: "peering" };
const byGateway = { mode: "transitGateway", transitGatewayId: gateway };

describe("config: a spoke against its hub as it is deployed", () => {
    it("finds nothing where hub and spoke agree", () => {
        for (const connectivity of [allowList, peering, byGateway]) {
            assert.deepEqual(lines(connectivity), []);
        }
    });

    it("throws all problems in one message that names the stack", () => {
        assert.throws(
            () => requireHubReaches("dev", config(allowList), { ...hub, natPublicIps: [] }),
            (error) => error instanceof ConfigError && error.message.startsWith("Pulumi.dev.yaml has 1 problem;"),
        );
    });

    it("E-NET-013: a hub without NAT addresses", () => {
        assert.deepEqual(lines(allowList, { natPublicIps: [] }), [
            "E-NET-013 fleet:connectivity: natAllowList, but the hub has no NAT addresses to admit. Fix: give the hub's " +
                "network NAT gateways, or use peering or transitGateway.",
        ]);
    });

    it("E-NET-013: a hub whose route tables are not known", () => {
        assert.deepEqual(lines(peering, { privateRouteTableIds: [] }), [
            "E-NET-013 fleet:connectivity: peering, but the hub names no private route tables. Fix: list them in the " +
                "hub's fleet:network.existing.privateRouteTableIds.",
        ]);
    });

    it("E-NET-013: a hub at another gateway, at none, or without a route back", () => {
        assert.deepEqual(lines(byGateway, { transitGatewayId: "tgw-0123456789abcdef9" }), [
            `E-NET-013 fleet:connectivity: transitGateway ${gateway}, but the hub is attached to tgw-0123456789abcdef9. ` +
                "Fix: name the same gateway in the hub's fleet:connectivity.",
        ]);
        assert.match(lines(byGateway, { transitGatewayId: "" }).join(), /but the hub is attached to none\./);
        assert.deepEqual(lines(byGateway, { transitGatewayCidrs: ["10.1.0.0/17", "10.2.0.0/16"] }), [
            'E-NET-013 fleet:connectivity: transitGateway, but the hub routes ["10.1.0.0/17","10.2.0.0/16"] to it, not ' +
                "10.1.0.0/16. Fix: add it to the hub's fleet:connectivity.spokeCidrs.",
        ]);
        assert.deepEqual(lines(byGateway, { transitGatewayCidrs: ["10.0.0.0/8"] }), []);
    });

    it("E-NET-014: a VPC, or Services, that overlap the hub's VPC; by the internet that is no harm", () => {
        const overlapping = (raw: Tree) => {
            raw.cluster.serviceCidr = "10.0.16.0/20";
        };
        assert.deepEqual(lines(allowList, { vpcCidr: "10.1.0.0/16" }), []);
        assert.deepEqual(lines(peering, { vpcCidr: "10.1.0.0/17" }), [
            "E-NET-014 fleet:network.cidr: 10.1.0.0/16 overlaps the hub's VPC (10.1.0.0/17); peering needs disjoint " +
                "ranges. Fix: choose another.",
        ]);
        assert.deepEqual(lines(byGateway, {}, overlapping), [
            "E-NET-014 fleet:cluster.serviceCidr: 10.0.16.0/20 overlaps the hub's VPC (10.0.0.0/16); transitGateway " +
                "needs disjoint ranges. Fix: choose another.",
        ]);
    });

    it("E-NET-016: a Vault beyond the hub, which peering does not reach", () => {
        const vault = (sourceCidrs: string[]) => (raw: Tree) => {
            raw.vault = { address: "https://vault.example.com", sourceCidrs };
        };
        assert.deepEqual(lines(peering, {}, vault(["10.0.7.0/24"])), []);
        assert.deepEqual(lines(peering, {}, vault(["10.9.0.0/24"])), [
            "E-NET-016 fleet:vault.sourceCidrs: 10.9.0.0/24 is outside the hub's VPC (10.0.0.0/16), and peering is not " +
                "transitive. Fix: use transitGateway, or run Vault in the hub's VPC.",
        ]);
    });

    it("E-NET-018: more ranges than EKS takes", () => {
        const many = (count: number) => (raw: Tree) => {
            raw.cluster.endpoint.publicCidrs = Array.from({ length: count }, (_, index) => `203.0.113.${index}/32`);
        };
        assert.deepEqual(lines(allowList, {}, many(38)), []);
        assert.deepEqual(lines(allowList, {}, many(39)), [
            "E-NET-018 fleet:cluster.endpoint.publicCidrs: 39 ranges, and 2 of the hub's and Vault's, are 41 > 40. " +
                "Fix: merge ranges.",
        ]);
    });
});
