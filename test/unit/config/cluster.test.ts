import assert from "node:assert/strict";

import { loadConfig } from "../../../config/load.ts";
import { problemOf, problems, spoke, type Tree } from "./fixture.ts";

const role = "arn:aws:iam::111111111111:role/developers";
const group = (raw: Tree): Tree => raw.cluster.compute.nodeGroups.general;
const access =
    (...entries: Tree[]) =>
    (raw: Tree) =>
        (raw.cluster.access = entries);
const auto = (raw: Tree) => (raw.cluster.compute = { auto: {} });

/** The cluster of a stack that makes one. */
function made(raw: Tree) {
    const { cluster } = loadConfig("dev", raw);
    assert.ok(!("existing" in cluster));
    return cluster;
}

/** One mistake each: what to change, and the whole line that answers it. */
const cases: [title: string, change: (raw: Tree) => void, line: string][] = [
    [
        "E-NOD-001: an x86 instance with an arm64 image",
        (raw) => (group(raw).instanceTypes = ["m7g.large", "m7i.large"]),
        "E-NOD-001 fleet:cluster.compute.nodeGroups.general.instanceTypes: the image AL2023_ARM_64_STANDARD is arm64 " +
            "(got m7i.large, which is not). Fix: use instance types of one architecture and an amiType of the same.",
    ],
    [
        "E-NOD-001: arm64 instances with an x86 image",
        (raw) =>
            Object.assign(group(raw), { amiType: "BOTTLEROCKET_x86_64", instanceTypes: ["c8g.xlarge", "a1.large"] }),
        "E-NOD-001 fleet:cluster.compute.nodeGroups.general.instanceTypes: the image BOTTLEROCKET_x86_64 is x86_64 " +
            "(got c8g.xlarge, a1.large, which are not). Fix: use instance types of one architecture and an amiType of " +
            "the same.",
    ],
    [
        "E-NOD-003: no compute",
        (raw) => (raw.cluster.compute = {}),
        "E-NOD-003 fleet:cluster.compute: neither of nodeGroups and auto. Fix: set exactly one of them.",
    ],
    [
        "E-NOD-003: two computes",
        (raw) => (raw.cluster.compute.auto = {}),
        "E-NOD-003 fleet:cluster.compute: both of nodeGroups and auto. Fix: set exactly one of them.",
    ],
    [
        "E-NOD-004: node groups without a group",
        (raw) => (raw.cluster.compute.nodeGroups = {}),
        "E-NOD-004 fleet:cluster.compute.nodeGroups: no group: nothing could run, not even DNS. Fix: add a node group.",
    ],
    [
        "E-K8S-001: nodes of a version that EKS does not have",
        (raw) => (group(raw).kubernetesVersion = "1.20"),
        'E-K8S-001 fleet:cluster.compute.nodeGroups.general.kubernetesVersion: not supported (got "1.20"; supported ' +
            "for nodes: 1.32, 1.33, 1.34, 1.35, 1.36). Fix: use a supported minor version.",
    ],
    [
        "E-K8S-002: a version of nodes as a number",
        (raw) => (group(raw).kubernetesVersion = 1.34),
        "E-K8S-002 fleet:cluster.compute.nodeGroups.general.kubernetesVersion: a number (got 1.34; YAML reads 1.30 as " +
            '1.3). Fix: quote it, for example "1.35".',
    ],
    [
        "E-K8S-005: nodes newer than the control plane",
        (raw) => (group(raw).kubernetesVersion = "1.36"),
        "E-K8S-005 fleet:cluster.compute.nodeGroups.general.kubernetesVersion: nodes at 1.36 are newer than the control " +
            "plane at 1.35 (allowed: as new, or up to 3 minors older). Fix: upgrade the control plane first.",
    ],
    [
        "E-K8S-005: nodes four minors behind",
        (raw) => {
            raw.cluster.kubernetesVersion = "1.36";
            group(raw).kubernetesVersion = "1.32";
        },
        "E-K8S-005 fleet:cluster.compute.nodeGroups.general.kubernetesVersion: nodes at 1.32 are 4 minors behind the " +
            "control plane at 1.36 (allowed: as new, or up to 3 minors older). Fix: upgrade the nodes first.",
    ],
    [
        "E-ADD-004: an add-on version of another Kubernetes version",
        (raw) => (raw.cluster.addons = { "kube-proxy": "v1.34.1-eksbuild.2" }),
        "E-ADD-004 fleet:cluster.addons.kube-proxy: not known to fit Kubernetes 1.35 " +
            '(got "v1.34.1-eksbuild.2"; fitting: v1.35.0-eksbuild.2). Fix: use one of these, or leave the key out.',
    ],
    [
        "E-ADD-005: an add-on where Auto Mode has it built in",
        (raw) => {
            auto(raw);
            raw.cluster.addons = { coredns: "v1.13.2-eksbuild.1" };
        },
        "E-ADD-005 fleet:cluster.addons.coredns: EKS Auto Mode has this add-on built in. Fix: remove the key.",
    ],
    [
        "E-IAM-001: a wildcard",
        access({ principalArn: "arn:aws:iam::111111111111:role/*", access: "view" }),
        "E-IAM-001 fleet:cluster.access[0].principalArn: a wildcard, an access entry takes one role (got " +
            '"arn:aws:iam::111111111111:role/*"; allowed: arn:aws:iam::<account>:role/<path and name>). ' +
            "Fix: name one role of the cluster's account.",
    ],
    [
        "E-IAM-001: another partition",
        access({ principalArn: "arn:aws-cn:iam::111111111111:role/developers", access: "view" }),
        "E-IAM-001 fleet:cluster.access[0].principalArn: another partition than aws (got " +
            '"arn:aws-cn:iam::111111111111:role/developers"; allowed: arn:aws:iam::<account>:role/<path and name>). ' +
            "Fix: name one role of the cluster's account.",
    ],
    [
        "E-IAM-001: a user",
        access({ principalArn: "arn:aws:iam::111111111111:user/jane", access: "view" }),
        "E-IAM-001 fleet:cluster.access[0].principalArn: not a role's ARN (got " +
            '"arn:aws:iam::111111111111:user/jane"; allowed: arn:aws:iam::<account>:role/<path and name>). ' +
            "Fix: name one role of the cluster's account.",
    ],
    [
        "E-IAM-001: a role's session",
        access({ principalArn: "arn:aws:sts::111111111111:assumed-role/developers/jane", access: "view" }),
        "E-IAM-001 fleet:cluster.access[0].principalArn: not a role's ARN (got " +
            '"arn:aws:sts::111111111111:assumed-role/developers/jane"; allowed: ' +
            "arn:aws:iam::<account>:role/<path and name>). Fix: name one role of the cluster's account.",
    ],
    [
        "E-IAM-001: a role of another account",
        access({ principalArn: "arn:aws:iam::999999999999:role/developers", access: "view" }),
        "E-IAM-001 fleet:cluster.access[0].principalArn: a role of another account (got " +
            '"arn:aws:iam::999999999999:role/developers"; the cluster\'s account is 111111111111). Fix: name a role of ' +
            "the cluster's account, which the other one may be allowed to assume.",
    ],
    [
        "E-IAM-005: the same role at the same level twice",
        access(
            { principalArn: role, access: "edit", namespaces: ["shop"] },
            { principalArn: role, access: "view" },
            { principalArn: role, access: "edit", namespaces: ["jobs"] },
        ),
        "E-IAM-005 fleet:cluster.access[2].principalArn: access[0] lets this role in as edit already. " +
            "Fix: list all its namespaces there.",
    ],
    [
        "E-IAM-005: the deployer, who is in already",
        access({ principalArn: "arn:aws:iam::111111111111:role/fleet-deployer", access: "view" }),
        "E-IAM-005 fleet:cluster.access[0].principalArn: this stack lets the role in by itself (got " +
            '"arn:aws:iam::111111111111:role/fleet-deployer"). Fix: remove the entry.',
    ],
    [
        "E-IAM-005: Argo CD's own door",
        access({ principalArn: "arn:aws:iam::111111111111:role/fleet/c-01-argocd-spoke", access: "view" }),
        "E-IAM-005 fleet:cluster.access[0].principalArn: this stack lets the role in by itself (got " +
            '"arn:aws:iam::111111111111:role/fleet/c-01-argocd-spoke"). Fix: remove the entry.',
    ],
    [
        "E-LBL-001: a namespace that is none",
        access({ principalArn: role, access: "view", namespaces: ["team-*"] }),
        'E-LBL-001 fleet:cluster.access[0].namespaces[0]: not a label (got "team-*"; allowed: up to 63 lower-case ' +
            "letters, digits, hyphens). Fix: shorten or rename it.",
    ],
    [
        "E-LBL-001: a key of a taint that is none",
        (raw) => (group(raw).taints = [{ key: "a b", effect: "NoSchedule" }]),
        'E-LBL-001 fleet:cluster.compute.nodeGroups.general.taints[0].key: not a key of a label or taint (got "a b"; ' +
            "allowed: [prefix/]name of up to 63 characters). Fix: rename it.",
    ],
    [
        "E-LBL-001: a value of a taint that is none",
        (raw) => (group(raw).taints = [{ key: "a", value: "x y", effect: "NoSchedule" }]),
        'E-LBL-001 fleet:cluster.compute.nodeGroups.general.taints[0].value: not a value of a label or taint (got "x y"; ' +
            "allowed: up to 63 letters, digits, - _ .). Fix: shorten or rename it.",
    ],
    [
        "E-LBL-002: a taint with a prefix of Kubernetes",
        (raw) => (group(raw).taints = [{ key: "node.kubernetes.io/x", effect: "NoSchedule" }]),
        "E-LBL-002 fleet:cluster.compute.nodeGroups.general.taints[0].key: a reserved prefix (got " +
            '"node.kubernetes.io/x"). Fix: use a prefix of your own, for example example.com/.',
    ],
];

describe("config: the cluster", () => {
    for (const [title, change, line] of cases) {
        it(title, () => assert.equal(problemOf(change), line));
    }

    it("refuses what is not listed: images, levels, retention, support, effects, pools", () => {
        const raw: Tree = spoke();
        Object.assign(group(raw), { amiType: "AL2_x86_64", taints: [{ key: "a", effect: "NO_SCHEDULE" }] });
        Object.assign(raw.cluster, { logRetentionDays: 91, supportType: "PREMIUM" });
        access({ principalArn: role, access: "root" }, { principalArn: role, access: "view", namespaces: [] })(raw);
        assert.deepEqual(
            problems(raw).map((line) => line.split(" ").slice(0, 2).join(" ")),
            [
                "E-CFG-002 fleet:cluster.compute.nodeGroups.general.amiType:",
                "E-CFG-002 fleet:cluster.compute.nodeGroups.general.taints[0].effect:",
                "E-CFG-002 fleet:cluster.access[0].access:",
                "E-CFG-002 fleet:cluster.access[1].namespaces:",
                "E-CFG-002 fleet:cluster.logRetentionDays:",
                "E-CFG-002 fleet:cluster.supportType:",
            ],
        );
        assert.match(
            problemOf((other) => (other.cluster.compute = { auto: { nodePools: ["spot"] } })),
            /^E-CFG-002 fleet:cluster\.compute\.auto\.nodePools\[0\]/,
        );
        assert.match(
            problemOf((other) => (other.cluster.addons = { corends: "v1" })),
            /^E-CFG-001 fleet:cluster\.addons\.corends: unknown key; did you mean coredns\?/,
        );
    });

    it("takes every architecture with an image of its own", () => {
        for (const [instanceType, amiType] of [
            ["m7g.large", "AL2023_ARM_64_STANDARD"],
            ["c7gn.16xlarge", "BOTTLEROCKET_ARM_64"],
            ["g5g.metal", "AL2023_ARM_64_NVIDIA"],
            ["p6e-gb200.36xlarge", "AL2023_ARM_64_NVIDIA"],
            ["g6.xlarge", "BOTTLEROCKET_x86_64_NVIDIA"],
            ["x2iedn.metal", "AL2023_x86_64_STANDARD"],
            ["u7i-12tb.224xlarge", "AL2023_x86_64_STANDARD"],
            ["m7i-flex.large", "AL2023_x86_64_STANDARD"],
        ]) {
            const raw: Tree = spoke();
            Object.assign(group(raw), { instanceTypes: [instanceType], amiType });
            assert.doesNotThrow(() => loadConfig("dev", raw), `${instanceType} ${amiType}`);
        }
    });

    it("takes nodes up to three minors behind, and add-ons that fit", () => {
        const raw: Tree = spoke();
        raw.cluster.kubernetesVersion = "1.36";
        group(raw).kubernetesVersion = "1.33";
        raw.cluster.addons = { coredns: "v1.14.3-eksbuild.3" };
        assert.equal(made(raw).compute.nodeGroups?.general?.kubernetesVersion, "1.33");
    });

    it("has both built-in pools of Auto Mode, or none if Git brings its own", () => {
        const raw: Tree = spoke();
        auto(raw);
        assert.deepEqual(made(raw).compute.auto, { nodePools: ["general-purpose", "system"] });
        raw.cluster.compute = { auto: { nodePools: [] } };
        assert.deepEqual(made(raw).compute, { auto: { nodePools: [] } });
    });

    it("fills in what was left out", () => {
        const { access: nobody, addons, logRetentionDays, supportType } = made(spoke());
        assert.deepEqual(
            { nobody, addons, logRetentionDays, supportType },
            { nobody: [], addons: {}, logRetentionDays: 90, supportType: "STANDARD" },
        );
    });

    it("lets one role have several levels", () => {
        const raw: Tree = spoke();
        access(
            { principalArn: role, access: "view" },
            { principalArn: role, access: "edit", namespaces: ["shop"] },
        )(raw);
        assert.equal(made(raw).access.length, 2);
    });
});
