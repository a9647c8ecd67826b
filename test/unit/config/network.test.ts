import assert from "node:assert/strict";

import { hub, loadOwn, problemOf, problems, spoke, type Tree } from "./fixture.ts";

const existing = {
    vpcId: "vpc-0123456789abcdef0",
    cidr: "10.0.0.0/16",
    privateSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
};

function adopting(change: Tree = {}): Tree {
    return { ...spoke(), network: { existing: { ...existing, ...change } } };
}

function own(change: Tree): Tree {
    const raw = spoke();
    return { ...raw, network: { ...raw.network, ...change } };
}

const nothing = () => {};

describe("config: a network of one's own", () => {
    it("keeps flow logs for a month, and leaves the endpoints to nat, unless told otherwise", () => {
        const { network } = loadOwn("dev", own({ flowLogRetentionDays: 365, endpoints: true }));
        assert.deepEqual(network, {
            cidr: "10.0.0.0/16",
            availabilityZones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
            nat: "single",
            flowLogRetentionDays: 365,
            endpoints: true,
        });
    });

    it("E-CFG-002: a period that CloudWatch Logs does not have", () => {
        assert.match(
            problemOf(nothing, own({ flowLogRetentionDays: 31 })),
            /^E-CFG-002 fleet:network\.flowLogRetentionDays: Invalid option: expected one of 1\|3\|.*\|3653 \(got 31\)\.$/,
        );
    });

    it("E-NET-009: five zones, or one zone twice", () => {
        const five = ["a", "b", "c", "d", "e"].map((letter) => `eu-west-1${letter}`);
        assert.equal(
            problemOf(nothing, own({ availabilityZones: five })),
            `E-NET-009 fleet:network.availabilityZones: not 2 to 4 different zones (got ${JSON.stringify(five)}). ` +
                "Fix: remove some.",
        );
        const twice = ["eu-west-1a", "eu-west-1b", "eu-west-1a"];
        assert.equal(
            problemOf(nothing, own({ availabilityZones: twice })),
            `E-NET-009 fleet:network.availabilityZones: not 2 to 4 different zones (got ${JSON.stringify(twice)}). ` +
                "Fix: remove some.",
        );
    });
});

describe("config: an existing network", () => {
    it("is taken over as it is, with nothing more than VPC and private subnets", () => {
        assert.deepEqual(loadOwn("dev", adopting()).network, {
            existing: { ...existing, publicSubnetIds: [], privateRouteTableIds: [], natPublicIps: [] },
        });
    });

    it("E-CFG-001: a key of the other form says what it does not go with", () => {
        const raw = adopting();
        raw.network.nat = "single";
        assert.equal(
            problemOf(nothing, raw),
            "E-CFG-001 fleet:network.nat: does not go together with existing. " +
                "Fix: remove it, or what it does not go with.",
        );
        assert.equal(
            problemOf(nothing, own({ existing })),
            "E-CFG-001 fleet:network.existing: does not go together with cidr, availabilityZones. " +
                "Fix: remove it, or what it does not go with.",
        );
    });

    it("E-CFG-001: a typo of a key is recognised in either form", () => {
        assert.deepEqual(problems({ ...spoke(), network: { exsiting: existing } }), [
            "E-CFG-003 fleet:network.existing: missing (object). Fix: set it in the stack's file.",
            "E-CFG-001 fleet:network.exsiting: unknown key; did you mean existing?",
        ]);
        assert.equal(
            problemOf(nothing, adopting({ natPublicIp: [] })),
            "E-CFG-001 fleet:network.existing.natPublicIp: unknown key; did you mean natPublicIps?",
        );
    });

    it("E-NET-010: ids and addresses that are none", () => {
        assert.deepEqual(
            problems(
                adopting({
                    vpcId: "vpc-1",
                    privateRouteTableIds: ["subnet-0123456789abcdef0"],
                    natPublicIps: ["203.0.113.7/32"],
                }),
            ),
            [
                'E-NET-010 fleet:network.existing.vpcId: not an id (got "vpc-1"; allowed: vpc- and 8 or 17 hexadecimal ' +
                    "digits). Fix: write it like vpc-0123456789abcdef0.",
                'E-NET-010 fleet:network.existing.privateRouteTableIds[0]: not an id (got "subnet-0123456789abcdef0"; ' +
                    "allowed: rtb- and 8 or 17 hexadecimal digits). Fix: write it like rtb-0123456789abcdef0.",
                'E-NET-010 fleet:network.existing.natPublicIps[0]: not an IPv4 address (got "203.0.113.7/32"; allowed: ' +
                    "a.b.c.d). Fix: write one address, without a prefix length.",
            ],
        );
    });

    it("E-NET-011: one private subnet, or one twice, or one that is public too", () => {
        const [first = "", second = ""] = existing.privateSubnetIds;
        assert.equal(
            problemOf(nothing, adopting({ privateSubnetIds: [first, first] })),
            "E-NET-011 fleet:network.existing.privateSubnetIds: EKS needs 2 different private subnets or more, in " +
                `different zones (got ${JSON.stringify([first, first])}). Fix: list another.`,
        );
        for (const change of [{ privateSubnetIds: [first, second, second] }, { publicSubnetIds: [second] }]) {
            assert.equal(
                problemOf(nothing, adopting(change)),
                `E-NET-011 fleet:network.existing.privateSubnetIds: ${second} is listed twice, here or as public. ` +
                    "Fix: list each subnet once.",
            );
        }
    });

    it("E-NET-005: Services inside it", () => {
        assert.equal(
            problemOf((raw) => (raw.cluster.serviceCidr = "10.0.128.0/20"), adopting()),
            "E-NET-005 fleet:cluster.serviceCidr: 10.0.128.0/20 overlaps the VPC's 10.0.0.0/16. " +
                "Fix: choose disjoint ranges.",
        );
    });
});

const gateway = "tgw-0123456789abcdef0";

describe("config: connectivity", () => {
    const connected = (connectivity: Tree, change: Tree = {}): Tree => {
        const raw: Tree = { ...spoke(), connectivity, ...change };
        return { ...raw, cluster: { ...raw.cluster, endpoint: { public: connectivity.mode === "natAllowList" } } };
    };
    const offering = (connectivity: Tree, change: Tree = {}): Tree => ({ ...hub(), connectivity, ...change });
    const peering = connected({ mode: "peering" });
    const byGateway = connected({ mode: "transitGateway", transitGatewayId: gateway });

    it("takes every mode", () => {
        for (const raw of [peering, byGateway]) {
            assert.deepEqual(loadOwn("dev", raw).connectivity, raw.connectivity);
        }
        const offers = [
            { mode: "natAllowList" },
            { mode: "peering" },
            { mode: "transitGateway", transitGatewayId: gateway, spokeCidrs: ["10.0.0.0/8"] },
        ];
        for (const connectivity of offers) {
            assert.deepEqual(loadOwn("hub", offering(connectivity)).connectivity, connectivity);
        }
    });

    it("E-CFG-002 and E-CFG-003: a mode that is none, and none", () => {
        assert.equal(
            problemOf(nothing, { ...spoke(), connectivity: { mode: "peerign" } }),
            "E-CFG-002 fleet:connectivity.mode: not one of natAllowList, peering, transitGateway " +
                '(got "peerign"). Fix: did you mean peering?',
        );
        assert.equal(
            problemOf(nothing, { ...spoke(), connectivity: {} }),
            "E-CFG-003 fleet:connectivity.mode: missing (one of natAllowList, peering, transitGateway). " +
                "Fix: set it in the stack's file.",
        );
    });

    it("E-CFG-001: a key of another mode, and one of the hub's", () => {
        assert.equal(
            problemOf(nothing, connected({ mode: "peering", transitGatewayId: gateway })),
            "E-CFG-001 fleet:connectivity.transitGatewayId: does not go together with mode. " +
                "Fix: remove it, or what it does not go with.",
        );
        assert.match(
            problemOf(nothing, connected({ ...byGateway.connectivity, spokeCidrs: ["10.0.0.0/8"] })),
            /^E-CFG-001 fleet:connectivity\.spokeCidrs: unknown key/,
        );
    });

    it("E-NET-012: a public endpoint under a private connection, and the other way round", () => {
        const open = { ...spoke(), connectivity: { mode: "peering" } };
        assert.equal(
            problemOf(nothing, open),
            "E-NET-012 fleet:cluster.endpoint.public: true, but by peering the hub needs a name that resolves to " +
                "private addresses. Fix: set it to false.",
        );
        assert.equal(
            problemOf((raw) => (raw.cluster.endpoint = { public: false })),
            "E-NET-012 fleet:cluster.endpoint.public: false, but by natAllowList the hub comes from the internet. " +
                "Fix: set it to true, or set fleet:connectivity to peering or transitGateway.",
        );
    });

    it("lets a hub's own endpoint be private whatever it offers", () => {
        const raw = hub();
        raw.cluster.endpoint = { public: false };
        assert.equal(loadOwn("hub", raw).cluster.endpoint.public, false);
    });

    it("E-NET-013: a hub without NAT that offers its NAT addresses", () => {
        const raw = hub();
        assert.equal(
            problemOf(nothing, { ...raw, network: { ...raw.network, nat: "none" } }),
            "E-NET-013 fleet:connectivity.mode: natAllowList, but this hub's network has no NAT addresses for its " +
                "spokes to admit. Fix: set fleet:network.nat to perAz, or use peering or transitGateway.",
        );
        assert.match(
            problemOf(nothing, { ...raw, network: { existing } }),
            /Fix: list them in fleet:network\.existing\.natPublicIps, or use peering/,
        );
    });

    it("E-NET-014: a hub that routes its own range away", () => {
        const connectivity = { mode: "transitGateway", transitGatewayId: gateway };
        assert.equal(
            problemOf(nothing, offering({ ...connectivity, spokeCidrs: ["10.1.0.0/16", "10.0.128.0/17"] })),
            "E-NET-014 fleet:connectivity.spokeCidrs: 10.0.128.0/17 is inside this hub's own VPC. " +
                "Fix: list the spokes' ranges.",
        );
    });

    it("E-NET-015: an existing network whose route tables are not known", () => {
        assert.equal(
            problemOf(nothing, { ...peering, network: { existing } }),
            "E-NET-015 fleet:network.existing.privateRouteTableIds: empty, but peering adds a route to each private " +
                "route table. Fix: list them.",
        );
    });
});

describe("config: Vault's way to a cluster and back", () => {
    const address = "https://vault.example.com";
    const reaching = (sourceCidrs: string[], more: Tree = {}): Tree => ({
        ...spoke(),
        vault: { address, sourceCidrs },
        ...more,
    });
    const privately = (connectivity: Tree): Tree => {
        const { cluster } = spoke();
        return { connectivity, cluster: { ...cluster, endpoint: { public: false } } };
    };

    it("E-NET-016: private addresses that come from the internet", () => {
        assert.equal(
            problemOf(nothing, reaching(["192.0.2.10/32", "10.9.0.0/24"])),
            "E-NET-016 fleet:vault.sourceCidrs: 10.9.0.0/24 is private, but by natAllowList Vault comes from the " +
                "internet. Fix: list its public addresses, or use transitGateway.",
        );
        const byGateway = privately({ mode: "transitGateway", transitGatewayId: gateway });
        assert.deepEqual(loadOwn("dev", reaching(["10.9.0.0/24"], byGateway)).vault?.sourceCidrs, ["10.9.0.0/24"]);
    });

    it("E-NET-016: a hub that Vault does not call", () => {
        assert.equal(
            problemOf(nothing, { ...hub(), vault: { address, sourceCidrs: ["192.0.2.10/32"] } }),
            "E-NET-016 fleet:vault.sourceCidrs: Vault calls spokes, not a hub. Fix: remove it.",
        );
    });

    it("E-NET-014: addresses of the cluster's own VPC", () => {
        const byGateway = privately({ mode: "transitGateway", transitGatewayId: gateway });
        assert.equal(
            problemOf(nothing, reaching(["10.0.7.0/24"], byGateway)),
            "E-NET-014 fleet:vault.sourceCidrs: 10.0.7.0/24 overlaps the VPC. Fix: choose disjoint ranges.",
        );
    });

    it("E-SEC-001: everybody", () => {
        assert.equal(
            problemOf(nothing, reaching(["0.0.0.0/1", "128.0.0.0/1"])),
            'E-SEC-001 fleet:vault.sourceCidrs: ["0.0.0.0/1","128.0.0.0/1"] covers the internet. ' +
                "Fix: list Vault's addresses.",
        );
    });

    it("E-NET-002: host bits, which AWS would refuse", () => {
        assert.equal(
            problemOf(nothing, reaching(["192.0.2.10/24"])),
            'E-NET-002 fleet:vault.sourceCidrs[0]: host bits set (got "192.0.2.10/24"). ' +
                "Fix: did you mean 192.0.2.0/24?",
        );
    });

    it("E-NET-017: no NAT and no other way to Vault", () => {
        const closed = { network: { ...spoke().network, nat: "none" } };
        const line =
            "E-NET-017 fleet:network.nat: none, which leaves External Secrets no way to fleet:vault. Fix: set it to " +
            "single or perAz, or use transitGateway with Vault's ranges in fleet:vault.sourceCidrs.";
        assert.equal(problemOf(nothing, reaching([], closed)), line);
        const byGateway = privately({ mode: "transitGateway", transitGatewayId: gateway });
        assert.equal(problemOf(nothing, reaching([], { ...closed, ...byGateway })), line);
        loadOwn("dev", reaching(["10.9.0.0/24"], { ...closed, ...byGateway }));
        loadOwn("dev", reaching([], { ...closed, ...privately({ mode: "peering" }) }));
    });
});
