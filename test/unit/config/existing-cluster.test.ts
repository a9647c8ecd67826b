import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { loadConfig } from "../../../config/load.ts";
import { readSecretKeys, readStackConfig } from "../../../config/read.ts";
import { hub, problemOf, problems, spoke, type Tree } from "./fixture.ts";

const canary = "canary-credential-7f3a";

function kubeconfig(change: (document: Tree) => void = () => {}): string {
    const document: Tree = {
        apiVersion: "v1",
        kind: "Config",
        "current-context": "admin",
        clusters: [{ name: "c", cluster: { server: "https://10.9.0.1:6443", "certificate-authority-data": "Y2E=" } }],
        contexts: [
            { name: "admin", context: { cluster: "c", user: "u" } },
            { name: "half", context: { cluster: "c", user: "nobody" } },
        ],
        users: [{ name: "u", user: { token: canary } }],
    };
    change(document);
    return stringify(document);
}

/** The least a spoke needs whose cluster exists already. */
function existing(): Tree {
    const { account: _account, region: _region, network: _network, ...rest } = spoke();
    return {
        ...rest,
        cluster: { name: "onprem-01", kubernetesVersion: "1.31", existing: {} },
        kubeconfig: kubeconfig(),
        vault: { address: "https://vault.example.com" },
    };
}

const encrypted = new Set(["kubeconfig"]);

function load(raw: Tree): Tree {
    return loadConfig("dev", raw, undefined, encrypted);
}

describe("config: a cluster that exists already", () => {
    it("needs a name, a version, a kubeconfig and a Vault; the rest has defaults", () => {
        const { kubeconfig: given, ...config } = load(existing());
        assert.equal(given, kubeconfig());
        assert.deepEqual(config, {
            role: "spoke",
            environment: "dev",
            environments: ["dev", "staging", "prod"],
            owner: "platform-team",
            tenant: "platform",
            hub: { stack: "organization/fleet/hub" },
            cluster: { name: "onprem-01", kubernetesVersion: "1.31", existing: { tokenSerial: 1 } },
            git: { url: "https://github.com/example-org/gitops-fleet.git", revision: "main", path: "gitops" },
            vault: { address: "https://vault.example.com" },
            protect: false,
            api: { server: "https://10.9.0.1:6443", caData: "Y2E=" },
        });
    });

    it("takes the context and the address that the file names", () => {
        const raw = existing();
        raw.kubeconfig = kubeconfig((document) => (document["current-context"] = "other"));
        raw.cluster.existing = { context: "admin", server: "https://k8s.example.com" };
        assert.deepEqual(load(raw).api, {
            server: "https://k8s.example.com",
            caData: "Y2E=",
        });
    });

    it("protects production", () => {
        assert.equal(load({ ...existing(), environment: "prod" }).protect, true);
    });

    const remove = "Fix: remove it.";
    const refused: [string, (raw: Tree) => void, string][] = [
        [
            "no kubeconfig",
            (raw) => delete raw.kubeconfig,
            "E-CFG-003 fleet:kubeconfig: missing (string). Fix: set it in the stack's file.",
        ],
        [
            "no Vault",
            (raw) => delete raw.vault,
            "E-CFG-003 fleet:vault: missing (object). Fix: set it in the stack's file.",
        ],
        [
            "a kubeconfig that is none",
            (raw) => (raw.kubeconfig = canary),
            "E-KCF-001 fleet:kubeconfig: not a kubeconfig (allowed: YAML or JSON with clusters, contexts and users). " +
                "Fix: store the output of `kubectl config view --raw --flatten --minify`.",
        ],
        [
            "a kubeconfig that is no YAML",
            (raw) => (raw.kubeconfig = `{${canary}: [`),
            "E-KCF-001 fleet:kubeconfig: not a kubeconfig (allowed: YAML or JSON with clusters, contexts and users). " +
                "Fix: store the output of `kubectl config view --raw --flatten --minify`.",
        ],
        [
            "a name that is no label's value",
            (raw) => (raw.cluster.name = "a".repeat(64)),
            `E-NAME-001 fleet:cluster.name: "${"a".repeat(64)}" (64): a label's value would be longer than 63. ` +
                "Fix: use at most 63 characters.",
        ],
        [
            "a context that is not there",
            (raw) => (raw.cluster.existing = { context: "prod" }),
            "E-KCF-002 fleet:kubeconfig: no complete context (got prod; contexts: admin, half). Fix: set " +
                "fleet:cluster.existing.context to one with a cluster and a user.",
        ],
        [
            "a context without a user",
            (raw) => (raw.cluster.existing = { context: "half" }),
            "E-KCF-002 fleet:kubeconfig: no complete context (got half; contexts: admin, half). Fix: set " +
                "fleet:cluster.existing.context to one with a cluster and a user.",
        ],
        [
            "a credential in a file of one machine",
            (raw) => (raw.kubeconfig = kubeconfig(({ users }) => (users[0].user = { "client-key": "/home/a/key" }))),
            "E-KCF-003 fleet:kubeconfig: names a file of one machine (client-key). Fix: store the output of " +
                "`kubectl config view --raw --flatten --minify`.",
        ],
        [
            "a server that nobody checks",
            (raw) =>
                (raw.kubeconfig = kubeconfig(
                    ({ clusters }) => (clusters[0].cluster["insecure-skip-tls-verify"] = true),
                )),
            "E-KCF-004 fleet:kubeconfig: trusts any server (insecure-skip-tls-verify). Fix: replace it by " +
                "certificate-authority-data; anybody on the way could take the credential.",
        ],
        [
            "a server without TLS",
            (raw) => (raw.kubeconfig = kubeconfig(({ clusters }) => (clusters[0].cluster.server = "http://10.9.0.1"))),
            "E-KCF-005 fleet:kubeconfig: its server is not https://. Fix: use the API server's TLS address.",
        ],
        [
            "a server by which nobody knows its certificate",
            (raw) =>
                (raw.kubeconfig = kubeconfig(
                    ({ clusters }) => delete clusters[0].cluster["certificate-authority-data"],
                )),
            "E-KCF-006 fleet:kubeconfig: no certificate-authority-data, by which the hub would know the server. Fix: " +
                "store the output of `kubectl config view --raw --flatten --minify`.",
        ],
        [
            "an address for the hub with a credential in it, which it does not repeat",
            (raw) => (raw.cluster.existing.server = `https://admin:${canary}@k8s.example.com`),
            "E-KCF-005 fleet:cluster.existing.server: not the https:// address of an API server. Fix: write it like " +
                "https://k8s.example.com:6443.",
        ],
        [
            "a version that YAML made a number of",
            (raw) => (raw.cluster.kubernetesVersion = 1.3),
            'E-K8S-002 fleet:cluster.kubernetesVersion: a number (got 1.3; YAML reads 1.30 as 1.3). Fix: quote it, for example "1.35".',
        ],
        [
            "a patch version",
            (raw) => (raw.cluster.kubernetesVersion = "1.35.2"),
            'E-K8S-001 fleet:cluster.kubernetesVersion: not a minor version (got "1.35.2"; allowed: 1.nn). Fix: write it like "1.35".',
        ],
        [
            "a network",
            (raw) => (raw.network = spoke().network),
            "E-CFG-001 fleet:network: a key of clusters that their stack makes; this stack's exists already " +
                `(fleet:cluster.existing). ${remove}`,
        ],
        [
            "node groups",
            (raw) => (raw.cluster.compute = spoke().cluster.compute),
            "E-CFG-001 fleet:cluster.compute: a key of clusters that their stack makes; this stack's exists already " +
                `(fleet:cluster.existing). ${remove}`,
        ],
        [
            "what only a hub has",
            (raw) => (raw.spokeAccounts = []),
            `E-CFG-001 fleet:spokeAccounts: a key of role hub; this stack is a spoke. ${remove}`,
        ],
        [
            "a key with a typing error",
            (raw) => (raw.cluster.existing.contxt = "admin"),
            "E-CFG-001 fleet:cluster.existing.contxt: unknown key; did you mean context?",
        ],
        [
            "a cluster's name as environment, as in any stack",
            (raw) => (raw.environment = "onprem"),
            'E-CFG-005 fleet:environment: not an environment (got "onprem"; environments are dev, staging, prod). ' +
                "Fix: use one of them, or list it in fleet:environments.",
        ],
    ];
    for (const [title, change, message] of refused) {
        it(`refuses ${title}`, () => {
            const line = problemOf(change, existing(), encrypted);
            assert.equal(line, message);
            assert.ok(!line.includes(canary));
        });
    }

    for (const [title, value] of Object.entries({
        "in plain text": kubeconfig(),
        "written out as a map": { users: [{ user: { token: canary } }] },
    })) {
        it(`refuses a kubeconfig ${title}, and does not repeat it`, () => {
            const lines = problems({ ...existing(), kubeconfig: value });
            assert.ok(
                lines.includes(
                    "E-CFG-004 fleet:kubeconfig: a secret given as plain text. Fix: `pulumi config set --secret --path " +
                        "'fleet:kubeconfig'`, and replace the credential: whoever can read the file's history has the " +
                        "exposed one.",
                ),
            );
            assert.doesNotMatch(lines.join(), /canary/);
        });
    }

    it("names every problem at once, in the kubeconfig too", () => {
        const raw = existing();
        raw.kubeconfig = canary;
        raw.account = { id: "111111111111" };
        raw.cluster.name = "On Prem";
        raw.environment = "qa";
        assert.deepEqual(
            problems(raw, encrypted).map((line) => line.split(" ").slice(0, 2).join(" ")),
            [
                "E-NAME-002 fleet:cluster.name:",
                "E-KCF-001 fleet:kubeconfig:",
                "E-CFG-001 fleet:account:",
                "E-CFG-005 fleet:environment:",
            ],
        );
    });

    it("is not for a hub, nor half of it for a cluster that the stack makes", () => {
        assert.equal(
            problemOf((raw) => (raw.cluster.existing = {}), hub()),
            "E-CFG-001 fleet:cluster.existing: a key of clusters that exist already (a spoke with " +
                `fleet:cluster.existing); the hub's cluster is made by its stack. ${remove}`,
        );
        assert.equal(
            problemOf((raw) => (raw.kubeconfig = kubeconfig())),
            "E-CFG-001 fleet:kubeconfig: a key of clusters that exist already (a spoke with fleet:cluster.existing); " +
                `this one is made here. ${remove}`,
        );
    });
});

describe("config: reading a kubeconfig", () => {
    afterEach(() => pulumi.runtime.setAllConfig({}));

    it("leaves it as text, be it JSON, and knows that it is encrypted", () => {
        const json = JSON.stringify({ users: [] });
        pulumi.runtime.setAllConfig({ "fleet:kubeconfig": json }, ["fleet:kubeconfig"]);
        assert.deepEqual([readStackConfig(), readSecretKeys()], [{ kubeconfig: json }, encrypted]);
    });
});
