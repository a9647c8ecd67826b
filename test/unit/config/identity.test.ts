import assert from "node:assert/strict";

import { hub, loadOwn, problemOf, spoke, type Tree } from "./fixture.ts";

/** One bad value each: what to change, and the line that answers it. */
const cases: [title: string, change: (raw: Tree) => void, line: string][] = [
    [
        "E-IAM-001: a boundary with a wildcard",
        (raw) => (raw.iam = { permissionsBoundary: "arn:aws:iam::111111111111:policy/*" }),
        'E-IAM-001 fleet:iam.permissionsBoundary: not the ARN of a managed policy (got "arn:aws:iam::111111111111:policy/*"; ' +
            "allowed: partition aws, no wildcard). Fix: write it like arn:aws:iam::111111111111:policy/fleet-boundary.",
    ],
    [
        "E-IAM-001: a boundary of another partition",
        (raw) => (raw.iam = { permissionsBoundary: "arn:aws-cn:iam::111111111111:policy/b" }),
        'E-IAM-001 fleet:iam.permissionsBoundary: not the ARN of a managed policy (got "arn:aws-cn:iam::111111111111:policy/b"; ' +
            "allowed: partition aws, no wildcard). Fix: write it like arn:aws:iam::111111111111:policy/fleet-boundary.",
    ],
    [
        "E-IAM-001: a boundary that is a role",
        (raw) => (raw.iam = { permissionsBoundary: "arn:aws:iam::111111111111:role/b" }),
        'E-IAM-001 fleet:iam.permissionsBoundary: not the ARN of a managed policy (got "arn:aws:iam::111111111111:role/b"; ' +
            "allowed: partition aws, no wildcard). Fix: write it like arn:aws:iam::111111111111:policy/fleet-boundary.",
    ],
    [
        "E-IAM-001: a boundary of another account",
        (raw) => (raw.iam = { permissionsBoundary: "arn:aws:iam::222222222222:policy/b" }),
        'E-IAM-001 fleet:iam.permissionsBoundary: a policy of another account (got "arn:aws:iam::222222222222:policy/b"; ' +
            "allowed: of 111111111111). Fix: name a policy that exists in the stack's account.",
    ],
    ...["fleet", "/fleet", "/", "//", "/fleet/*/", `/${"a".repeat(63)}/`].map((path): (typeof cases)[number] => [
        `E-IAM-002: the path ${path}`,
        (raw) => (raw.iam = { path }),
        `E-IAM-002 fleet:iam.path: not a folder in IAM (got "${path}"; allowed: up to 64 characters with / at both ends). ` +
            "Fix: write it like /fleet/; without a folder of its own the hub's permission would match other roles.",
    ]),
    ...["/hostedzone/Z0123456789", "example.com", "Z*"].map((id): (typeof cases)[number] => [
        `E-IAM-004: the zone ${id}`,
        (raw) => (raw.addonRoles = { externalDns: { hostedZoneIds: [id] } }),
        `E-IAM-004 fleet:addonRoles.externalDns.hostedZoneIds[0]: not the id of a hosted zone (got "${id}"). ` +
            "Fix: write it like Z0123456789ABCDEFGHIJ, without /hostedzone/.",
    ]),
    ...["*", "team/*", "1.dkr.ecr.eu-west-1.amazonaws.com/app:v1"].map((name): (typeof cases)[number] => [
        `E-IAM-004: the repository ${name}`,
        (raw) => (raw.addonRoles = { imageUpdater: { repositories: [name] } }),
        `E-IAM-004 fleet:addonRoles.imageUpdater.repositories[0]: not the name of an ECR repository (got "${name}"). ` +
            "Fix: write it like team/app, without registry, tag or wildcard.",
    ]),
    ...["shop", "*/", "/shop/", ""].map((prefix): (typeof cases)[number] => [
        `E-IAM-004: the prefix "${prefix}"`,
        (raw) => (raw.addonRoles = { externalSecrets: { prefixes: [prefix] } }),
        `E-IAM-004 fleet:addonRoles.externalSecrets.prefixes[0]: not the beginning of secret names (got "${prefix}"). ` +
            "Fix: write it like shop/, with a slash at the end and no wildcard.",
    ]),
    [
        "E-IAM-006: an Argo CD of the spoke's own without a role for its External Secrets",
        (raw) => (raw.distributed = true),
        "E-IAM-006 fleet:distributed: the spoke's own Argo CD gets its secrets from External Secrets, which has no role " +
            "here. Fix: list the prefixes of its secrets, Git's credentials included, in fleet:addonRoles.externalSecrets.",
    ],
    [
        "E-IAM-007: Karpenter beside EKS Auto Mode",
        (raw) => {
            raw.cluster.compute = { auto: { nodePools: ["general-purpose", "system"] } };
            raw.addonRoles = { karpenter: true };
        },
        "E-IAM-007 fleet:addonRoles.karpenter: EKS Auto Mode runs Karpenter itself, and two of them would start nodes " +
            "for the same pods. Fix: remove the key, or use fleet:cluster.compute.nodeGroups.",
    ],
    [
        "E-NAME-001: a name that leaves no room for the name of the role of Karpenter's nodes",
        (raw) => {
            raw.cluster.name = "a".repeat(50);
            raw.addonRoles = { karpenter: true };
        },
        `E-NAME-001 fleet:cluster.name: "${"a".repeat(50)}" (50): IAM role "${"a".repeat(50)}-karpenter-node" ` +
            "would be 65 > 64. Fix: use at most 49 characters.",
    ],
    [
        "E-CFG-001: an add-on that has no role",
        (raw) => (raw.addonRoles = { loadBalancerControler: true }),
        "E-CFG-001 fleet:addonRoles.loadBalancerControler: unknown key; did you mean loadBalancerController?",
    ],
    [
        "E-NAME-001: a name that leaves no room for the name of an add-on's role",
        (raw) => {
            raw.cluster.name = "a".repeat(48);
            raw.addonRoles = { externalSecrets: { prefixes: ["shop/"] } };
        },
        `E-NAME-001 fleet:cluster.name: "${"a".repeat(48)}" (48): IAM role "${"a".repeat(48)}-external-secrets" ` +
            "would be 65 > 64. Fix: use at most 47 characters.",
    ],
    ...[1, 6, 31, 365].map((days): (typeof cases)[number] => [
        `E-SEC-002: a window of ${days} days`,
        (raw) => (raw.registration = { recoveryWindowInDays: days }),
        `E-SEC-002 fleet:registration.recoveryWindowInDays: AWS takes no such window (got ${days}; allowed: 7 to 30, ` +
            "or 0 to delete at once). Fix: use 30; 0 only for clusters that come and go.",
    ]),
    [
        "E-SEC-002: no window in prod",
        (raw) => {
            raw.environment = "prod";
            raw.registration = { recoveryWindowInDays: 0 };
        },
        "E-SEC-002 fleet:registration.recoveryWindowInDays: in prod a deleted registration must be recoverable " +
            "(got 0; allowed: 7 to 30). Fix: use 30.",
    ],
    [
        "E-REG-001: a copy in a region that is none",
        (raw) => (raw.registration = { replicaRegions: ["eu-wets-2"] }),
        'E-REG-001 fleet:registration.replicaRegions[0]: unknown region (got "eu-wets-2"). Fix: did you mean eu-west-2?',
    ],
    [
        "E-REG-003: a copy in the secret's own region",
        (raw) => (raw.registration = { replicaRegions: ["eu-west-1"] }),
        'E-REG-003 fleet:registration.replicaRegions: eu-west-1 has the secret already (got ["eu-west-1"]; ' +
            "region eu-west-1). Fix: list each other region once.",
    ],
    [
        "E-REG-003: two copies in one region",
        (raw) => (raw.registration = { replicaRegions: ["eu-west-2", "eu-west-2"] }),
        'E-REG-003 fleet:registration.replicaRegions: eu-west-2 has the secret already (got ["eu-west-2","eu-west-2"]; ' +
            "region eu-west-1). Fix: list each other region once.",
    ],
];

describe("config: identity and registration", () => {
    it("keeps a chart registry on a hub that names charts, each once, and on no spoke", () => {
        const on = (charts: unknown, raw = hub()) => problemOf((tree) => (tree.chartRegistry = { charts }), raw);
        assert.match(on([]), /^E-CFG-\d+ fleet:chartRegistry\.charts: /);
        assert.match(on(["fleet", "fleet"]), /^E-CFG-006 fleet:chartRegistry\.charts: listed twice/);
        assert.match(on(["Fleet"]), /^E-[A-Z]+-\d+ fleet:chartRegistry\.charts\[0\]: /);
        assert.match(on(["fleet"], spoke()), /^E-CFG-001 fleet:chartRegistry: /);
        const config = loadOwn("dev", { ...hub(), chartRegistry: { charts: ["fleet"] } });
        assert.ok(config.role === "hub");
        assert.deepEqual(config.chartRegistry, { charts: ["fleet"] });
    });

    for (const [title, change, line] of cases) {
        it(title, () => assert.equal(problemOf(change), line));
    }

    it("fills in what a careful team would write", () => {
        for (const raw of [hub(), spoke()]) {
            const { iam, addonRoles, registration } = loadOwn("dev", raw);
            assert.deepEqual(iam, { path: "/fleet/" });
            assert.deepEqual(addonRoles, { loadBalancerController: false, karpenter: false });
            assert.deepEqual(registration, { recoveryWindowInDays: 30, replicaRegions: [] });
        }
    });

    it("takes a boundary of the account, or of AWS, and a window of none outside prod", () => {
        for (const owner of ["111111111111", "aws"]) {
            const raw: Tree = spoke();
            raw.iam = { permissionsBoundary: `arn:aws:iam::${owner}:policy/some/folder/boundary` };
            raw.registration = { recoveryWindowInDays: 0, replicaRegions: ["eu-central-1"] };
            assert.deepEqual(loadOwn("dev", raw).iam, { path: "/fleet/", ...raw.iam });
            assert.deepEqual(loadOwn("dev", raw).registration, raw.registration);
        }
    });
});
