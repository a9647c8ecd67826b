import assert from "node:assert/strict";

import { loadConfig } from "../../../config/load.ts";
import { hub, loadOwn, problemOf, problems, spoke, type Tree } from "./fixture.ts";

describe("config: keys and types", () => {
    it("E-CFG-001: an unknown key comes with the one that was meant", () => {
        assert.equal(
            problemOf((raw) => {
                raw.regoin = "eu-west-1";
            }),
            "E-CFG-001 fleet:regoin: unknown key; did you mean region?",
        );
        assert.equal(
            problemOf((raw) => {
                raw.cluster.endpoint.publicCird = [];
            }),
            "E-CFG-001 fleet:cluster.endpoint.publicCird: unknown key; did you mean publicCidrs?",
        );
        assert.equal(
            problemOf((raw) => {
                raw.cluster.compute.nodeGroups.general.maxsize = 4;
            }),
            "E-CFG-001 fleet:cluster.compute.nodeGroups.general.maxsize: unknown key; did you mean maxSize?",
        );
    });

    it("E-CFG-001: an unknown key that resembles none comes with all there are", () => {
        assert.equal(
            problemOf((raw) => {
                raw.hub.organization = "me";
            }),
            "E-CFG-001 fleet:hub.organization: unknown key; allowed: stack, access.",
        );
    });

    it("E-CFG-001: a key of the other role says so", () => {
        assert.equal(
            problemOf((raw) => {
                raw.spokeAccounts = ["222222222222"];
            }),
            "E-CFG-001 fleet:spokeAccounts: a key of role hub; this stack is a spoke. Fix: remove it.",
        );
    });

    it("E-CFG-002: a value of the wrong type", () => {
        assert.equal(
            problemOf((raw) => {
                raw.cluster.endpoint.publicCidrs = "203.0.113.0/24";
            }),
            "E-CFG-002 fleet:cluster.endpoint.publicCidrs: Invalid input: expected array, received string " +
                '(got "203.0.113.0/24").',
        );
    });

    it("E-CFG-002: an empty word", () => {
        assert.equal(
            problemOf((raw) => {
                raw.owner = " ";
            }),
            "E-CFG-002 fleet:owner: empty. Fix: give it a value.",
        );
    });

    it("E-CFG-003: every missing key, in one message", () => {
        const raw = spoke();
        delete raw.owner;
        delete raw.network.cidr;
        assert.deepEqual(problems(raw), [
            "E-CFG-003 fleet:owner: missing (string). Fix: set it in the stack's file.",
            "E-CFG-003 fleet:network.cidr: missing (string). Fix: set it in the stack's file.",
        ]);
    });

    it("E-CFG-005: a role that is none", () => {
        assert.equal(
            problemOf((raw) => {
                raw.role = "spook";
            }),
            'E-CFG-005 fleet:role: neither hub nor spoke (got "spook"). Fix: set hub or spoke.',
        );
    });

    it("E-CFG-005: no role hides no other problem", () => {
        const raw = spoke();
        delete raw.role;
        raw.account.id = 12345;
        assert.deepEqual(
            problems(raw).map((line) => line.split(":")[0]),
            ["E-CFG-005 fleet", "E-ACC-001 fleet"],
        );
    });

    it("E-CFG-005: a cluster's name as environment", () => {
        assert.equal(
            problemOf((raw) => {
                raw.environment = "c-01";
            }),
            'E-CFG-005 fleet:environment: "c-01" is a cluster name; environments are dev, staging, prod. ' +
                "Fix: use one of them.",
        );
    });

    it("E-CFG-005: an environment that is not listed, and one that is", () => {
        assert.equal(
            problemOf((raw) => {
                raw.environment = "qa";
            }),
            'E-CFG-005 fleet:environment: not an environment (got "qa"; environments are dev, staging, prod). ' +
                "Fix: use one of them, or list it in fleet:environments.",
        );
        const config = loadConfig("dev", { ...spoke(), environment: "qa", environments: ["qa"] });
        assert.equal(config.environment, "qa");
    });

    it("reports everything at once, whatever is wrong", () => {
        const raw: Tree = {
            ...spoke(),
            regoin: "x",
            region: "us-esat-1",
            network: { cidr: "10.0.0.5/16", availabilityZones: [] },
        };
        raw.cluster.serviceCidr = "172.20.0.0/12";
        raw.git.url = "github.com/x";
        assert.deepEqual(
            problems(raw)
                .map((line) => line.slice(0, 9))
                .toSorted(),
            ["E-CFG-001", "E-GIT-001", "E-NET-002", "E-NET-003", "E-REG-001"],
        );
    });

    it("fills in what was left out", () => {
        const config = loadConfig("hub", hub());
        assert.equal(config.role, "hub");
        assert.deepEqual(
            {
                deployRole: config.account.deployRole,
                environments: config.environments,
                network: config.network,
                connectivity: config.connectivity,
                serviceCidr: config.cluster.serviceCidr,
                path: config.git.path,
                protect: config.protect,
                deletionProtection: config.cluster.deletionProtection,
                nodeGroups: config.cluster.compute.nodeGroups,
            },
            {
                deployRole: "fleet-deployer",
                environments: ["dev", "staging", "prod"],
                network: {
                    cidr: "10.0.0.0/16",
                    availabilityZones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
                    nat: "single",
                    flowLogRetentionDays: 30,
                },
                connectivity: { mode: "natAllowList" },
                serviceCidr: "172.20.0.0/16",
                path: "gitops",
                protect: false,
                deletionProtection: false,
                nodeGroups: {
                    general: {
                        instanceTypes: ["m7g.large"],
                        amiType: "AL2023_ARM_64_STANDARD",
                        capacityType: "ON_DEMAND",
                        diskSizeGiB: 50,
                        minSize: 1,
                        desiredSize: 2,
                        maxSize: 3,
                        labels: {},
                        taints: [],
                    },
                },
            },
        );
    });

    it("protects production, and lets it be taken down on purpose", () => {
        const prod = loadOwn("prod", { ...spoke(), environment: "prod" });
        assert.deepEqual([prod.protect, prod.cluster.deletionProtection], [true, true]);
        const raw: Tree = { ...spoke(), environment: "prod" };
        raw.cluster.deletionProtection = false;
        assert.equal(loadOwn("prod", raw).cluster.deletionProtection, false);
    });
});
