import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { UNKNOWN } from "../../sandbox/engine/kit/types.ts";
import type { Props } from "../../sandbox/engine/kit/types.ts";
import { kubernetes } from "../../sandbox/engine/kubernetes/definition.ts";
import { asList, at, textAt } from "../../sandbox/engine/kubernetes/object.ts";
import { testCluster } from "./support/cluster.ts";
import { Resource, configure } from "./support/resource.ts";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const TOKEN = "kubeconfig-token-nobody-may-see";

/** A kubeconfig of a cluster that nobody runs: port 1 answers on no machine. */
function kubeconfigOf(user: Props, cluster: Props = {}): string {
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1", ...cluster } }],
        users: [{ name: "u", user }],
        contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
        "current-context": "x",
    });
}

const reasons = (config: Props): string =>
    kubernetes
        .checkConfig(config)
        .map(({ property, reason }) => `${property}: ${reason}`)
        .join("\n");

describe("The configuration of the kubernetes stand-in", function () {
    const good = kubeconfigOf({ token: TOKEN });
    const map: Props = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m", namespace: "default" } };

    it("takes what the program sets, and a kubeconfig that is still unknown", () => {
        const config = { kubeconfig: good, namespace: "a", clusterIdentifier: "arn:x", deleteUnreachable: "true" };
        assert.equal(reasons({ ...config, enableServerSideApply: "true", suppressDeprecationWarnings: "true" }), "");
        assert.equal(reasons({ kubeconfig: UNKNOWN }), "");
        assert.equal(reasons({ kubeconfig: JSON.parse(good) as Props }), "");
    });

    it("names every input that it does not know or follow", () => {
        const text = reasons({
            kubeconfig: good,
            kubeconfg: "x",
            renderYamlToDirectory: "/x",
            enableServerSideApply: "false",
        });
        assert.match(text, /kubeconfg: "kubeconfg" is not an input of the kubernetes provider; supported: /);
        assert.match(text, /renderYamlToDirectory: .* not supported/);
        assert.match(text, /enableServerSideApply: .* always uses server-side apply/);
        assert.match(
            reasons({ kubeconfig: good, deleteUnreachable: "yes" }),
            /deleteUnreachable: .* must be true or false/,
        );
        assert.match(reasons({}), /kubeconfig: a kubeconfig is needed/);
    });

    it("says what is wrong with a kubeconfig without repeating it", () => {
        const broken = `kind: Config\nusers: [{token: ${TOKEN}\n`;
        assert.equal(reasons({ kubeconfig: broken }), "kubeconfig: kubeconfig: not valid YAML or JSON");
        assert.match(reasons({ kubeconfig: good, context: "other" }), /no entry "other" with a "context" in contexts/);
        const proxied = kubeconfigOf({ token: TOKEN }, { "proxy-url": "http://proxy" });
        assert.match(reasons({ kubeconfig: proxied }), /"proxy-url" of a cluster is not supported/);
    });

    it("replaces what runs on a cluster when its identifier changes, not when its kubeconfig does", () => {
        assert.deepEqual(kubernetes.replaceOnConfigChange, ["clusterIdentifier"]);
    });

    it("refuses by name what is not one object of a cluster", async () => {
        const provider = await configure(kubernetes, { kubeconfig: good });
        const check = (type: string, inputs: Props): Promise<Props> => new Resource(provider, type, "n").check(inputs);
        await assert.rejects(
            check("kubernetes:helm.sh/v4:Chart", {}),
            /kubernetes:helm\.sh\/v4:Chart is not supported/,
        );
        await assert.rejects(check("kubernetes:yaml/v2:ConfigFile", {}), /yaml\/v2:ConfigFile is not supported/);
        await assert.rejects(check("kubernetes:yaml:ConfigFile", {}), /yaml:ConfigFile is not supported/);
        await assert.rejects(
            check("kubernetes:kustomize/v2:Directory", {}),
            /kustomize\/v2:Directory is not supported/,
        );
        await assert.rejects(
            check("kubernetes:core/v1:NamespacePatch", { apiVersion: "v1", kind: "Namespace" }),
            /kind must be "NamespacePatch".*Patch resources are not supported/,
        );
        await assert.rejects(check(CONFIG_MAP, { ...map, metadata: { generateName: "a-" } }), /metadata\.generateName/);
        const ingress = { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "i" } };
        await assert.rejects(
            check("kubernetes:networking.k8s.io/v1:Ingress", ingress),
            /cannot wait until an object of kind Ingress is ready; .*skipAwait/,
        );
        await assert.rejects(provider.invoke("kubernetes:helm:template", {}), /function kubernetes:helm:template/);
    });

    it("previews on a cluster that does not answer, and fails with its address and the way out", async () => {
        const provider = await configure(kubernetes, { kubeconfig: good });
        const resource = new Resource(provider, CONFIG_MAP, "m");
        assert.deepEqual(await resource.preview(map), map);
        await assert.rejects(resource.create(map), (error: Error) => {
            assert.match(
                error.message,
                /https:\/\/127\.0\.0\.1:1 is unreachable: .*ECONNREFUSED.*deleteUnreachable: true/,
            );
            assert.doesNotMatch(error.message, new RegExp(TOKEN));
            return true;
        });
        Object.assign(resource, { id: "default/m", inputs: map, outputs: map });
        await assert.rejects(resource.delete(), /unreachable/);
        await assert.rejects(resource.refresh(), /unreachable/);
    });

    it("drops resources of a cluster that does not answer where deleteUnreachable says so", async () => {
        const provider = await configure(kubernetes, { kubeconfig: good, deleteUnreachable: "true" });
        for (const type of [CONFIG_MAP, RELEASE]) {
            const resource = Object.assign(new Resource(provider, type, "m"), {
                id: "default/m",
                inputs: map,
                outputs: map,
            });
            assert.equal(await resource.refresh(), false);
            await resource.delete();
        }
    });

    it("says why a credential plugin gave nothing", async () => {
        const exec = (command: string, args: string[]): Promise<unknown> =>
            configure(kubernetes, { kubeconfig: kubeconfigOf({ exec: { command, args } }) })
                .then((provider) => new Resource(provider, CONFIG_MAP, "m").create(map))
                .catch((error: unknown) => (error as Error).message);
        assert.match(String(await exec("no-such-plugin", [])), /plugin "no-such-plugin" failed: it is not on PATH/);
        assert.match(String(await exec("sh", ["-c", "echo no such role >&2; exit 3"])), /failed: no such role/);
        assert.match(String(await exec("echo", ["{}"])), /answered no token and no certificate/);
    });
});

describe("A credential plugin in a kubeconfig", function () {
    this.timeout(120_000);

    it("is asked once while its token lives, and again when the server refuses it", async () => {
        const { kubeconfig, folder } = await testCluster();
        const document = parse(kubeconfig) as Props;
        const token = textAt(asList(document["users"])[0], "user", "token");
        const count = path.join(folder, "plugin-runs");
        const plugin = path.join(folder, "plugin");
        const answer = (credential: string): string =>
            JSON.stringify({
                apiVersion: "client.authentication.k8s.io/v1beta1",
                kind: "ExecCredential",
                status: { token: credential, expirationTimestamp: new Date(Date.now() + 3_600_000).toISOString() },
            });
        const writePlugin = (credential: string): void =>
            writeFileSync(plugin, `#!/bin/sh\necho run >> ${count}\ncat <<'E'\n${answer(credential)}\nE\n`, {
                mode: 0o755,
            });
        const runs = (): number => readFileSync(count, "utf8").trim().split("\n").length;
        document["users"] = [
            { name: at(asList(document["users"])[0], "name") ?? null, user: { exec: { command: plugin } } },
        ];
        const provider = await configure(kubernetes, { kubeconfig: document });
        const resource = (name: string): Promise<Resource> =>
            new Resource(provider, CONFIG_MAP, name).create({
                apiVersion: "v1",
                kind: "ConfigMap",
                metadata: { name },
            });
        writePlugin("a-token-that-the-server-refuses");
        await assert.rejects(resource("refused"), /Unauthorized/);
        assert.equal(runs(), 2);
        writePlugin(token);
        await Promise.all([resource("one"), resource("two")]);
        await resource("three");
        assert.equal(runs(), 3);
    });
});
