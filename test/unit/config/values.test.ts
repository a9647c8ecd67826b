import assert from "node:assert/strict";

import { smallestSubnetPrefix, subnetPrefixes } from "../../../components/network/subnet-plan.ts";
import { loadConfig } from "../../../config/load.ts";
import { hub, problemOf, spoke, type Tree } from "./fixture.ts";

/** One bad value each: what to change, and the whole line that answers it. */
const cases: [title: string, change: (raw: Tree) => void, line: string][] = [
    [
        "E-NET-001: no CIDR",
        (raw) => (raw.network.cidr = "10.0.0.0/33"),
        'E-NET-001 fleet:network.cidr: not a CIDR (got "10.0.0.0/33"; allowed: a.b.c.d/16 to /28). ' +
            "Fix: write it like 10.0.0.0/16.",
    ],
    [
        "E-NET-001: no CIDR in an allow-list",
        (raw) => (raw.cluster.endpoint.publicCidrs = ["203.0.113.7"]),
        'E-NET-001 fleet:cluster.endpoint.publicCidrs[0]: not a CIDR (got "203.0.113.7"; allowed: a.b.c.d/n). ' +
            "Fix: a single address ends in /32.",
    ],
    [
        "E-NET-002: host bits",
        (raw) => (raw.network.cidr = "10.0.0.5/16"),
        'E-NET-002 fleet:network.cidr: host bits set (got "10.0.0.5/16"). Fix: did you mean 10.0.0.0/16?',
    ],
    [
        "E-NET-003: a range AWS does not take",
        (raw) => (raw.network.cidr = "10.0.0.0/12"),
        'E-NET-003 fleet:network.cidr: AWS allows /16 to /28 (got "10.0.0.0/12"). Fix: use a prefix in that range.',
    ],
    [
        "E-NET-005: Services inside the VPC",
        (raw) => (raw.cluster.serviceCidr = "10.0.128.0/20"),
        "E-NET-005 fleet:cluster.serviceCidr: 10.0.128.0/20 overlaps the VPC's 10.0.0.0/16. " +
            "Fix: choose disjoint ranges.",
    ],
    [
        "E-NET-006: more zones than fit",
        (raw) => (raw.network.cidr = "10.0.0.0/25"),
        "E-NET-006 fleet:network.cidr: 3 availability zones do not fit in 10.0.0.0/25: public subnets would be /29, " +
            "AWS takes none smaller than /28. Fix: use a larger range or fewer zones.",
    ],
    [
        "E-NET-007: one zone",
        (raw) => (raw.network.availabilityZones = ["eu-west-1a", "eu-west-1a"]),
        'E-NET-007 fleet:network.availabilityZones: EKS needs 2 different zones or more (got ["eu-west-1a","eu-west-1a"]). ' +
            "Fix: add a zone.",
    ],
    [
        "E-NET-008: zones of another region",
        (raw) => (raw.network.availabilityZones = ["eu-west-1a", "eu-west-2b"]),
        "E-NET-008 fleet:network.availabilityZones: not in region eu-west-1 (got eu-west-2b). " +
            "Fix: use zones such as eu-west-1a.",
    ],
    [
        "E-SEC-001: everybody",
        (raw) => (raw.cluster.endpoint.publicCidrs = ["0.0.0.0/0"]),
        'E-SEC-001 fleet:cluster.endpoint.publicCidrs: ["0.0.0.0/0"] covers the internet. ' +
            "Fix: list office or VPN ranges, or set public to false.",
    ],
    [
        "E-SEC-001: everybody, in two halves",
        (raw) => (raw.cluster.endpoint.publicCidrs = ["0.0.0.0/1", "128.0.0.0/1"]),
        'E-SEC-001 fleet:cluster.endpoint.publicCidrs: ["0.0.0.0/1","128.0.0.0/1"] covers the internet. ' +
            "Fix: list office or VPN ranges, or set public to false.",
    ],
    [
        "E-SEC-001: nobody listed, which AWS reads as everybody",
        (raw) => (raw.cluster.endpoint.publicCidrs = []),
        "E-SEC-001 fleet:cluster.endpoint.publicCidrs: an empty list admits the whole internet. " +
            "Fix: list office or VPN ranges, or set public to false.",
    ],
    [
        "E-ACC-001: too few digits",
        (raw) => (raw.account.id = "12345"),
        'E-ACC-001 fleet:account.id: not an account id (got "12345"; allowed: 12 digits as a quoted string). ' +
            "Fix: quote it; YAML drops leading zeros of a number.",
    ],
    [
        "E-ACC-001: a number",
        (raw) => (raw.account.id = 11111111111),
        "E-ACC-001 fleet:account.id: not an account id (got 11111111111; allowed: 12 digits as a quoted string). " +
            "Fix: quote it; YAML drops leading zeros of a number.",
    ],
    [
        "E-REG-001: a misspelled region",
        (raw) => {
            raw.region = "us-esat-1";
        },
        'E-REG-001 fleet:region: unknown region (got "us-esat-1"). Fix: did you mean us-east-1?',
    ],
    [
        "E-K8S-001: a version EKS has left behind",
        (raw) => (raw.cluster.kubernetesVersion = "1.20"),
        'E-K8S-001 fleet:cluster.kubernetesVersion: not supported (got "1.20"; supported: 1.34, 1.35, 1.36). ' +
            "Fix: use a supported minor version.",
    ],
    [
        "E-K8S-002: a version that YAML read as a number",
        (raw) => (raw.cluster.kubernetesVersion = 1.3),
        "E-K8S-002 fleet:cluster.kubernetesVersion: a number (got 1.3; YAML reads 1.30 as 1.3). " +
            'Fix: quote it, for example "1.35".',
    ],
    [
        "E-NAME-001: a name that leaves no room for the role's",
        (raw) => (raw.cluster.name = "a".repeat(52)),
        `E-NAME-001 fleet:cluster.name: "${"a".repeat(52)}" (52): IAM role "${"a".repeat(52)}-argocd-spoke" ` +
            "would be 65 > 64. Fix: use at most 50 characters.",
    ],
    [
        "E-NAME-002: a name with bad characters",
        (raw) => (raw.cluster.name = "Prod_EU"),
        'E-NAME-002 fleet:cluster.name: bad characters (got "Prod_EU"; must match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$). ' +
            "Fix: use lower-case letters, digits and inner hyphens.",
    ],
    [
        "E-LBL-001: a tenant that is no label",
        (raw) => (raw.tenant = "Platform Team"),
        'E-LBL-001 fleet:tenant: not a label (got "Platform Team"; allowed: up to 63 lower-case letters, digits, ' +
            "hyphens). Fix: shorten or rename it.",
    ],
    [
        "E-REF-001: no hub",
        (raw) => delete raw.hub,
        "E-REF-001 fleet:hub.stack: not set. " +
            "Fix: set stack to <organization>/<project>/<stack>, for example organization/fleet/hub.",
    ],
    [
        "E-REF-001: a hub without its organization",
        (raw) => (raw.hub.stack = "hub"),
        'E-REF-001 fleet:hub.stack: not a stack (got "hub"). ' +
            "Fix: set <organization>/<project>/<stack>, for example organization/fleet/hub.",
    ],
    [
        "E-GIT-001: an address without a scheme",
        (raw) => (raw.git.url = "github.com/example-org/gitops-fleet"),
        'E-GIT-001 fleet:git.url: not a repository address (got "github.com/example-org/gitops-fleet"). ' +
            "Fix: use https:// or git@.",
    ],
    [
        "E-GIT-004: a path out of the repository",
        (raw) => (raw.git.path = "../gitops"),
        'E-GIT-004 fleet:git.path: not a folder of the repository (got "../gitops"). ' +
            'Fix: write it relative to its root, without "..".',
    ],
    [
        "E-VLT-001: Vault without TLS",
        (raw) => (raw.vault = { address: "http://vault.example.com" }),
        'E-VLT-001 fleet:vault.address: not a safe address (got "http://vault.example.com"). ' +
            "Fix: use https://; tokens travel on this connection.",
    ],
    [
        "E-CHT-002: a mirror without TLS",
        (raw) => (raw.chartMirror = "http://charts.example.com"),
        'E-CHT-002 fleet:chartMirror: not a chart repository (got "http://charts.example.com"). ' +
            "Fix: use https:// or oci://.",
    ],
    [
        "E-NOD-002: sizes out of order",
        (raw) => (raw.cluster.compute.nodeGroups.general.desiredSize = 9),
        "E-NOD-002 fleet:cluster.compute.nodeGroups.general: sizes out of order (got minSize 1, desiredSize 9, " +
            "maxSize 3). Fix: minSize ≤ desiredSize ≤ maxSize.",
    ],
];

describe("config: values", () => {
    for (const [title, change, line] of cases) {
        it(title, () => {
            assert.equal(problemOf(change), line);
        });
    }

    it("E-CHT-001: a range of chart versions", () => {
        for (const version of ["^10.0.0", "latest", "10.9", "*"]) {
            assert.equal(
                problemOf((raw) => (raw.argocd.chart.version = version), hub()),
                `E-CHT-001 fleet:argocd.chart.version: not an exact version (got "${version}"). ` +
                    'Fix: pin one, for example 10.9.0; no range, no "latest".',
            );
        }
    });

    it("E-GIT-002: credentials in the address are refused and not repeated", () => {
        for (const url of ["https://me:hunter2@github.com/x/y.git", "https://hunter2@github.com/x/y.git"]) {
            const line = problemOf((raw) => (raw.git.url = url));
            assert.match(line, /^E-GIT-002 fleet:git\.url: credentials in the URL\. Fix: remove them/);
            assert.doesNotMatch(line, /hunter2/);
        }
        const line = problemOf((raw) => (raw.git.url = "ftp://me:hunter2@example.com/x"));
        assert.match(line, /^E-GIT-001/);
        assert.doesNotMatch(line, /hunter2/);
    });

    it("E-GIT-003: HEAD in production only", () => {
        assert.match(
            problemOf((raw) => {
                raw.environment = "prod";
                raw.git.revision = "HEAD";
            }),
            /^E-GIT-003 fleet:git\.revision: HEAD follows/,
        );
        const dev: Tree = spoke();
        dev.git.revision = "HEAD";
        assert.equal(loadConfig("dev", dev).git.revision, "HEAD");
    });

    it("takes every form of address that is safe", () => {
        for (const url of [
            "git@github.com:x/y.git",
            "ssh://git@github.com/x/y.git",
            "http://127.0.0.1:3000/fleet.git",
        ]) {
            const raw: Tree = spoke();
            raw.git.url = url;
            assert.equal(loadConfig("dev", raw).git.url, url);
        }
    });

    it("leaves a hub's name more room to complain than a spoke's: its longest role name is longer", () => {
        assert.match(
            problemOf((raw) => (raw.cluster.name = "a".repeat(48)), hub()),
            /E-NAME-001 .* Fix: use at most 47 characters\./,
        );
    });

    it("draws the line for small ranges where the subnet plan does", () => {
        for (const zones of [2, 3, 4]) {
            for (let prefix = 16; prefix <= 28; prefix++) {
                const raw: Tree = spoke();
                raw.network.cidr = `10.0.0.0/${prefix}`;
                raw.network.availabilityZones = ["a", "b", "c", "d"]
                    .slice(0, zones)
                    .map((letter) => `eu-west-1${letter}`);
                const fits = subnetPrefixes(prefix, zones).public <= smallestSubnetPrefix;
                const load = () => loadConfig("dev", raw);
                if (fits) {
                    assert.doesNotThrow(load, `${zones} zones in /${prefix}`);
                } else {
                    assert.throws(load, /E-NET-006/, `${zones} zones in /${prefix}`);
                }
            }
        }
    });
});
