import assert from "node:assert/strict";
import { KubernetesClient } from "../../sandbox/engine/kubernetes/client.ts";
import { readKubeconfig } from "../../sandbox/engine/kubernetes/kubeconfig.ts";
import { at } from "../../sandbox/engine/kubernetes/object.ts";
import { ENGINE_SETUP_TIMEOUT_MS, Engine } from "../engine/support/engine.ts";
import { writeChart } from "./support/chart.ts";
import { testCluster } from "./support/cluster.ts";
import { startVault } from "./support/vault.ts";
import type { TestVault } from "./support/vault.ts";

const SECRET = "hunter2-in-plain-text";

describe("The stand-ins under the real engine and the official SDKs", function () {
    this.timeout(180_000);
    let engine: Engine;
    let vault: TestVault;
    let kubeconfig: string;
    let chart: string;

    before(async function () {
        this.timeout(ENGINE_SETUP_TIMEOUT_MS);
        const cluster = await testCluster();
        ({ kubeconfig } = cluster);
        chart = writeChart(cluster.folder);
        [engine, vault] = await Promise.all([Engine.start(), startVault()]);
    });
    after(async () => {
        vault.stop();
        await engine.close();
    });

    /** What a hub does: a namespace, a secret, a custom resource, a chart, a Vault with a secret. */
    const program = (color: string): string => `
        import * as pulumi from "@pulumi/pulumi";
        import * as k8s from "@pulumi/kubernetes";
        import * as vault from "@pulumi/vault";
        const provider = new k8s.Provider("cluster", {
            kubeconfig: ${JSON.stringify(kubeconfig)}, clusterIdentifier: "arn:aws:eks:eu-west-1:111111111111:cluster/c",
            enableServerSideApply: true, deleteUnreachable: true,
        });
        const opts = { provider };
        const password = pulumi.secret("${SECRET}");
        const ns = new k8s.core.v1.Namespace("engine", { metadata: { name: "engine" } }, opts);
        const namespace = ns.metadata.name;
        new k8s.core.v1.Secret("credentials", { metadata: { name: "credentials", namespace }, stringData: { password } }, opts);
        const crd = new k8s.apiextensions.v1.CustomResourceDefinition("crd", {
            metadata: { name: "gadgets.example.org" },
            spec: {
                group: "example.org", scope: "Namespaced", names: { kind: "Gadget", plural: "gadgets" },
                versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: {
                    type: "object", properties: { spec: { type: "object", properties: { color: { type: "string" } } } },
                } } }],
            },
        }, opts);
        new k8s.apiextensions.CustomResource("gadget", {
            apiVersion: "example.org/v1", kind: "Gadget", metadata: { name: "gadget", namespace }, spec: { color: "${color}" },
        }, { provider, dependsOn: crd });
        new k8s.core.v1.ConfigMap("settings", { metadata: { namespace }, data: { uid: ns.metadata.uid } }, opts);
        const release = new k8s.helm.v3.Release("web", {
            chart: ${JSON.stringify(chart)}, name: "web", namespace, values: { replicas: 1, password },
        }, opts);
        export const status = release.status.status;
        const vaultProvider = new vault.Provider("vault", { address: "${vault.address}", token: pulumi.secret("${vault.token}") });
        const mount = new vault.Mount("kv", { path: "fleet", type: "kv", options: { version: "2" } }, { provider: vaultProvider });
        new vault.kv.SecretV2("registration", {
            mount: mount.path, name: "clusters/dev-01", dataJson: pulumi.jsonStringify({ password }),
        }, { provider: vaultProvider });
        const auth = new vault.AuthBackend("auth", { type: "kubernetes", path: "kubernetes-dev-01" }, { provider: vaultProvider });
        new vault.kubernetes.AuthBackendRole("shop", {
            backend: auth.path, roleName: "shop", boundServiceAccountNames: ["web"], boundServiceAccountNamespaces: ["shop"],
            audience: "vault", tokenPolicies: ["shop"], tokenTtl: 3600,
        }, { provider: vaultProvider });`;

    it("run a stack from up to destroy, without a change on a second up and without a secret in state or output", async () => {
        const project = await engine.project(program("red"));
        const created = await project.up();
        assert.equal(created.ok, true, created.output);
        assert.match(created.output, /status\s*: "deployed"/);
        const again = await project.up("--expect-no-changes", "--refresh");
        assert.equal(again.ok, true, again.output);

        const state = await project.stateText();
        assert.doesNotMatch(state, new RegExp(SECRET));
        assert.doesNotMatch(state, new RegExp(Buffer.from(SECRET).toString("base64")));
        assert.doesNotMatch(created.output, new RegExp(SECRET));

        await project.write(program("blue"));
        const recolored = await project.up();
        assert.match(recolored.output, /~ 1 updated/);
        const client = new KubernetesClient(readKubeconfig(kubeconfig));
        const gadget = await client.find("/apis/example.org/v1/namespaces/engine/gadgets/gadget");
        assert.equal(at(gadget, "spec", "color"), "blue");

        const destroyed = await project.run("destroy", "--stack=dev", "--yes", "--skip-preview");
        assert.equal(destroyed.ok, true, destroyed.output);
        assert.equal(await client.find("/api/v1/namespaces/engine"), undefined);
        assert.equal((await vault.api("GET", "sys/mounts")).data["fleet/"], undefined);
    });
});
