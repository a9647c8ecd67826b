import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { PartialCreateError } from "../../sandbox/engine/kit/errors.ts";
import { UNKNOWN } from "../../sandbox/engine/kit/types.ts";
import type { Props, ProviderInstance } from "../../sandbox/engine/kit/types.ts";
import { KubernetesClient } from "../../sandbox/engine/kubernetes/client.ts";
import { kubernetes } from "../../sandbox/engine/kubernetes/definition.ts";
import { readKubeconfig } from "../../sandbox/engine/kubernetes/kubeconfig.ts";
import { at, textAt } from "../../sandbox/engine/kubernetes/object.ts";
import { writeChart } from "./support/chart.ts";
import { testCluster } from "./support/cluster.ts";
import { Resource, configure } from "./support/resource.ts";

const RELEASE = "kubernetes:helm.sh/v3:Release";

describe("A Release of the kubernetes stand-in, with the real helm", function () {
    this.timeout(60_000);
    let provider: ProviderInstance;
    let client: KubernetesClient;
    let chart: string;
    let folder: string;
    let kubeconfig: string;

    before(async function () {
        this.timeout(120_000);
        ({ kubeconfig, folder } = await testCluster());
        provider = await configure(kubernetes, { kubeconfig });
        client = new KubernetesClient(readKubeconfig(kubeconfig));
        chart = writeChart(folder);
    });

    const release = (name: string, values: Props = {}, more: Props = {}): Props => ({
        chart,
        compat: "true",
        name,
        namespace: "releases",
        createNamespace: true,
        values,
        ...more,
    });
    const deployment = (name: string): Promise<Props | undefined> =>
        client.find(`/apis/apps/v1/namespaces/releases/deployments/${name}`);

    it("installs, leaves alone, upgrades and uninstalls a chart", async () => {
        const resource = await new Resource(provider, RELEASE, "r").create(release("web", { replicas: 2 }));
        assert.equal(resource.id, "releases/web");
        assert.deepEqual(resource.outputs["status"], {
            name: "web",
            namespace: "releases",
            chart: "tiny",
            version: "1.2.3",
            appVersion: "v9",
            revision: 1,
            status: "deployed",
        });
        assert.deepEqual(resource.outputs["resourceNames"], {
            "Deployment.apps/apps/v1": ["web"],
            "Secret/v1": ["web-key"],
        });
        assert.equal(at(await deployment("web"), "status", "availableReplicas"), 2);
        assert.deepEqual((await resource.diff(release("web", { replicas: 2 }))).changed, []);
        assert.deepEqual((await resource.diff(release("web", { replicas: 1 }))).changed, ["values"]);
        await resource.update(release("web", { replicas: 1 }));
        assert.equal(at(resource.outputs, "status", "revision"), 2);
        assert.equal(at(await deployment("web"), "spec", "replicas"), 1);
        await resource.delete();
        assert.equal(await deployment("web"), undefined);
        assert.equal(await resource.refresh(), false);
        await resource.delete();
    });

    it("changes nothing in a preview, and pins the version of the chart", async () => {
        const outputs = await new Resource(provider, RELEASE, "r").preview(release("previewed"));
        assert.equal(outputs["version"], "1.2.3");
        assert.equal(outputs["status"], UNKNOWN);
        assert.equal(await deployment("previewed"), undefined);
    });

    it("names an unnamed release and replaces one that is renamed or moved", async () => {
        const { name: _, ...unnamed } = release("");
        const resource = new Resource(provider, RELEASE, "argo");
        assert.match(textAt(await resource.check(unnamed), "name"), /^argo-[0-9a-f]{8}$/);
        resource.inputs = await resource.check(release("one"));
        assert.deepEqual((await resource.diff(release("two"))).replace, ["name"]);
        assert.deepEqual((await resource.diff(release("one", {}, { namespace: "elsewhere" }))).replace, ["namespace"]);
    });

    it("refuses unknown inputs, unsupported ones and a chart that is not there, by name", async () => {
        const resource = new Resource(provider, RELEASE, "r");
        const rejected = (more: Props, message: RegExp): Promise<void> =>
            assert.rejects(resource.check(release("x", {}, more)), message);
        await rejected({ chrat: "x" }, /chrat: "chrat" is not an input of a Release/);
        await rejected({ postrender: "/bin/cat" }, /postrender: "postrender" of a Release is not supported/);
        await rejected({ timeout: "300" }, /timeout: "timeout" must be of type number, got string/);
        await rejected({ repositoryOpts: { password: "p" } }, /repositoryOpts\.password/);
        await rejected({ chart: "./missing" }, /chart: chart \.\/missing: /);
    });

    it("fails when pods never get ready, keeps the release, names the workload, and can be put right", async () => {
        const inputs = release("stuck", { tag: "bad" }, { timeout: 4 });
        const resource = new Resource(provider, RELEASE, "r");
        const error = await resource.create(inputs).catch((thrown: unknown) => thrown);
        assert.ok(error instanceof PartialCreateError, String(error));
        assert.equal(error.id, "releases/stuck");
        assert.equal(at(error.outputs, "status", "status"), "failed");
        assert.match(error.message, /^Release releases\/stuck: INSTALLATION FAILED/);
        assert.match(error.message, /Deployment releases\/stuck is not ready: 0 of 1 replicas/);
        assert.match(error.message, /Pod releases\/stuck-\S+ is not ready: container main: ImagePullBackOff/);
        Object.assign(resource, { id: error.id, inputs: await resource.check(inputs), outputs: error.outputs });
        await resource.refresh();
        assert.deepEqual((await resource.diff(inputs)).changed, ["status"]);
        await resource.update(release("stuck", { tag: "2" }));
        assert.equal(at(resource.outputs, "status", "status"), "deployed");
    });

    it("takes a chart from a repository, at the newest version that fits", async () => {
        const repository = path.join(folder, "repository");
        mkdirSync(repository);
        execFileSync("helm", ["package", chart, "--destination", repository]);
        const server = createServer((request, response) => {
            const file = path.join(repository, path.basename(request.url ?? ""));
            response.end(readFileSync(file));
        });
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        const { port } = server.address() as AddressInfo;
        const repo = `http://127.0.0.1:${port}`;
        execFileSync("helm", ["repo", "index", repository, "--url", repo]);
        try {
            const origin = { chart: "tiny", repositoryOpts: { repo }, skipAwait: true };
            const resource = await new Resource(provider, RELEASE, "r").create(
                release("fetched", {}, { ...origin, version: "^1.0" }),
            );
            assert.equal(resource.inputs["version"], "1.2.3");
            await assert.rejects(
                resource.check(release("fetched", {}, { ...origin, version: "2.0.0" })),
                /chart: chart tiny: /,
            );
        } finally {
            server.close();
        }
    });

    it("sees what someone else upgraded", async () => {
        const resource = await new Resource(provider, RELEASE, "r").create(
            release("drifting", { replicas: 1 }, { skipAwait: true }),
        );
        const other = new Resource(provider, RELEASE, "other");
        await other.import("releases/drifting");
        await other.update(release("drifting", { replicas: 0 }, { skipAwait: true }));
        await resource.refresh();
        const { changed } = await resource.diff(release("drifting", { replicas: 1 }, { skipAwait: true }));
        assert.deepEqual(changed, ["values"]);
    });

    it("says the way out of a release that an interrupted helm left pending", async () => {
        const inputs = release("pending", { tag: "bad" });
        const kubeconfigFile = path.join(folder, "kubeconfig");
        writeFileSync(kubeconfigFile, kubeconfig, { mode: 0o600 });
        const args = [
            "install",
            "pending",
            chart,
            "--namespace",
            "releases",
            "--create-namespace",
            "--set=tag=bad",
            "--wait",
        ];
        const child = spawn("helm", [...args, "--kubeconfig", kubeconfigFile], { stdio: "ignore" });
        while ((await deployment("pending")) === undefined) {}
        child.kill("SIGKILL");
        await once(child, "exit");
        const resource = new Resource(provider, RELEASE, "r");
        await assert.rejects(resource.create(inputs), /pending-install.*helm uninstall pending --namespace releases/);
        await resource.import("releases/pending");
        await assert.rejects(
            resource.update(inputs),
            /is pending-install.*helm uninstall pending --namespace releases/,
        );
        await resource.delete();
    });

    it("stops helm at an abort and leaves the release failed, not pending", async () => {
        const controller = new AbortController();
        const resource = new Resource(provider, RELEASE, "r");
        const creating = resource.create(release("aborted", { tag: "bad" }), controller.signal);
        while ((await deployment("aborted")) === undefined) {}
        controller.abort();
        const error = await creating.catch((thrown: unknown) => thrown);
        assert.ok(error instanceof PartialCreateError, String(error));
        assert.equal(at(error.outputs, "status", "status"), "failed");
    });

    it("leaves no values or credentials behind, and gives them to helm in no argument", async () => {
        const seen = path.join(folder, "argv");
        const shim = path.join(folder, "shim");
        mkdirSync(shim);
        const real = (process.env["PATH"] ?? "").split(path.delimiter)[0] ?? "";
        writeFileSync(path.join(shim, "helm"), `#!/bin/sh\necho "$@" >> ${seen}\nexec ${real}/helm "$@"\n`, {
            mode: 0o755,
        });
        const before = process.env["PATH"];
        process.env["PATH"] = `${shim}${path.delimiter}${before ?? ""}`;
        try {
            await new Resource(provider, RELEASE, "r").create(
                release("quiet", { password: "hunter2" }, { skipAwait: true }),
            );
        } finally {
            process.env["PATH"] = before;
        }
        assert.match(readFileSync(seen, "utf8"), /install quiet/);
        assert.doesNotMatch(readFileSync(seen, "utf8"), /hunter2/);
        assert.deepEqual(readdirSync(path.join(folder, "helm")), []);
    });
});
