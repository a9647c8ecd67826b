import assert from "node:assert/strict";
import { UNKNOWN } from "../../sandbox/engine/kit/types.ts";
import type { Props, ProviderInstance } from "../../sandbox/engine/kit/types.ts";
import { KubernetesClient } from "../../sandbox/engine/kubernetes/client.ts";
import { kubernetes } from "../../sandbox/engine/kubernetes/definition.ts";
import { readKubeconfig } from "../../sandbox/engine/kubernetes/kubeconfig.ts";
import { at, textAt } from "../../sandbox/engine/kubernetes/object.ts";
import { testCluster } from "./support/cluster.ts";
import {
    CONFIG_MAP,
    CRD,
    NAMESPACE,
    SECRET,
    WIDGET,
    configMap,
    namespace,
    secret,
    widget,
    widgetCrd,
} from "./support/objects.ts";
import { Resource, configure } from "./support/resource.ts";

describe("The kubernetes stand-in, on a real API server", function () {
    this.timeout(60_000);
    let provider: ProviderInstance;
    let client: KubernetesClient;

    before(async function () {
        this.timeout(120_000);
        const { kubeconfig } = await testCluster();
        provider = await configure(kubernetes, { kubeconfig });
        client = new KubernetesClient(readKubeconfig(kubeconfig));
        await new Resource(provider, NAMESPACE, "objects").create(namespace("objects"));
    });

    const get = (path: string): Promise<Props | undefined> => client.find(path);
    const patch = (path: string, body: Props, query: Record<string, string> = {}): Promise<Props> =>
        client.request({ method: "PATCH", path, query, contentType: "application/merge-patch+json", body });

    it("creates, leaves alone, updates and deletes an object", async () => {
        const path = "/api/v1/namespaces/objects/configmaps/lifecycle";
        const inputs = configMap("lifecycle", {});
        const resource = await new Resource(provider, CONFIG_MAP, "c").create(inputs);
        assert.equal(resource.id, "objects/lifecycle");
        assert.deepEqual((await resource.diff(inputs)).changed, []);
        const labelled = configMap("lifecycle", {}, { labels: { team: "web" } });
        assert.deepEqual((await resource.diff(labelled)).changed, ["metadata"]);
        await resource.update(labelled);
        assert.equal(textAt(await get(path), "metadata", "labels", "team"), "web");
        await resource.update(inputs);
        assert.equal(at(await get(path), "metadata", "labels"), undefined);
        await resource.delete();
        assert.equal(await get(path), undefined);
        assert.equal(await resource.refresh(), false);
        await resource.delete();
    });

    it("changes nothing in a preview, which shows what the API server would answer", async () => {
        const resource = new Resource(provider, CONFIG_MAP, "c");
        const outputs = await resource.preview(configMap("previewed", { key: "value" }));
        assert.equal(textAt(outputs, "metadata", "name"), "previewed");
        assert.equal(at(outputs, "metadata", "uid"), undefined);
        assert.equal(await get("/api/v1/namespaces/objects/configmaps/previewed"), undefined);
    });

    it("previews an object of a namespace or a value that is still to come", async () => {
        const resource = new Resource(provider, CONFIG_MAP, "c");
        const inputs = configMap("early", { key: UNKNOWN }, { namespace: "not-there-yet" });
        assert.deepEqual((await resource.preview(inputs))["data"], { key: UNKNOWN });
        const known = await resource.preview(configMap("early", { key: "a" }, { namespace: "not-there-yet" }));
        assert.deepEqual(known["data"], { key: "a" });
    });

    it("refuses an object that exists and is not in the state", async () => {
        await new Resource(provider, CONFIG_MAP, "first").create(configMap("taken", { a: "1" }));
        const second = new Resource(provider, CONFIG_MAP, "second");
        await assert.rejects(second.create(configMap("taken", { a: "2" })), /ConfigMap objects\/taken already exists/);
        assert.equal(textAt(await get("/api/v1/namespaces/objects/configmaps/taken"), "data", "a"), "1");
    });

    it("adopts an existing object only if the provider says so", async () => {
        const { kubeconfig } = await testCluster();
        const adopting = await configure(kubernetes, {
            kubeconfig,
            upsertExistingObjects: "true",
            enablePatchForce: "true",
        });
        await new Resource(provider, CONFIG_MAP, "first").create(configMap("adopted", { a: "1" }));
        await new Resource(adopting, CONFIG_MAP, "second").create(configMap("adopted", { a: "2" }));
        assert.equal(textAt(await get("/api/v1/namespaces/objects/configmaps/adopted"), "data", "a"), "2");
    });

    it("names an object that has no name, the same way for the same seed, and keeps the name", async () => {
        const unnamed: Props = { apiVersion: "v1", kind: "ConfigMap", data: { a: "1" } };
        const resource = new Resource(provider, CONFIG_MAP, "settings");
        const first = await resource.check(unnamed);
        assert.match(textAt(first, "metadata", "name"), /^settings-[0-9a-f]{8}$/);
        assert.equal(textAt(first, "metadata", "namespace"), "default");
        assert.deepEqual(await resource.check(unnamed), first);
        await resource.create(unnamed);
        const { replace, deleteBeforeReplace } = await resource.diff({ ...unnamed, data: { a: "2" } });
        assert.deepEqual(replace, ["data"]);
        assert.equal(deleteBeforeReplace, false);
    });

    it("replaces a Secret whose data changes, deleting first as the name stays, and never tells the data", async () => {
        const resource = await new Resource(provider, SECRET, "s").create(
            secret("credentials", { password: "hunter2" }),
        );
        assert.equal(textAt(resource.outputs, "data", "password"), Buffer.from("hunter2").toString("base64"));
        const changed = secret("credentials", { password: "hunter3" });
        const { changed: keys, replace, deleteBeforeReplace } = await resource.diff(changed);
        assert.deepEqual([keys, replace, deleteBeforeReplace], [["stringData"], ["stringData"], true]);
        const broken = { ...secret("broken/name-hunter2", { password: "hunter2" }) };
        const error = await new Resource(provider, SECRET, "b").create(broken).catch((thrown: unknown) => thrown);
        assert.ok(error instanceof Error);
        assert.match(error.message, /Secret objects\/broken/);
        const complaint = error.message.replace("objects/broken/name-hunter2", "");
        assert.doesNotMatch(complaint, /hunter2/);
    });

    it("updates a Secret in place where the provider says it is mutable", async () => {
        const { kubeconfig } = await testCluster();
        const mutable = await configure(kubernetes, { kubeconfig, enableSecretMutable: "true" });
        const resource = await new Resource(mutable, SECRET, "s").create(secret("mutable", { a: "1", b: "2" }));
        assert.deepEqual((await resource.diff(secret("mutable", { a: "9" }))).replace, []);
        await resource.update(secret("mutable", { a: "9" }));
        assert.deepEqual((await get("/api/v1/namespaces/objects/secrets/mutable"))?.["data"], {
            a: Buffer.from("9").toString("base64"),
        });
    });

    it("sees drift of its own fields, and not what others add", async () => {
        const inputs = configMap("drifting", { a: "1", b: "2" });
        const path = "/api/v1/namespaces/objects/configmaps/drifting";
        const resource = await new Resource(provider, CONFIG_MAP, "c").create(inputs);
        await patch(path, { metadata: { labels: { other: "x" } }, data: { c: "3" } });
        await resource.refresh();
        assert.deepEqual((await resource.diff(inputs)).changed, []);
        await patch(path, { data: { a: "changed" } });
        await resource.refresh();
        assert.deepEqual((await resource.diff(inputs)).changed, ["data"]);
    });

    it("sees drift of a Secret given as stringData", async () => {
        const inputs = secret("drifting", { a: "1", b: "2" });
        const resource = await new Resource(provider, SECRET, "s").create(inputs);
        await patch("/api/v1/namespaces/objects/secrets/drifting", {
            data: { a: Buffer.from("9").toString("base64") },
        });
        await resource.refresh();
        assert.deepEqual(resource.inputs["stringData"], { a: "9", b: "2" });
        assert.deepEqual((await resource.diff(inputs)).changed, ["stringData"]);
    });

    it("imports an object by namespace and name", async () => {
        await new Resource(provider, CONFIG_MAP, "c").create(configMap("foreign", { a: "1" }));
        const imported = new Resource(provider, CONFIG_MAP, "i");
        assert.equal(await imported.import("objects/foreign"), true);
        assert.deepEqual((await imported.diff(configMap("foreign", { a: "1" }))).changed, []);
        assert.equal(await imported.import("objects/nobody"), false);
    });

    it("waits for a CRD that comes a moment later, and rejects fields its schema does not know", async () => {
        const early = new Resource(provider, WIDGET, "w");
        assert.deepEqual((await early.preview(widget("w", { size: 1 })))["spec"], { size: 1 });
        const [created, definition] = await Promise.all([
            early.create(widget("w", { size: 1 })),
            new Resource(provider, CRD, "crd").create(widgetCrd),
        ]);
        assert.equal(created.id, "objects/w");
        assert.equal(textAt(definition.outputs, "status", "acceptedNames", "plural"), "widgets");
        const typo = new Resource(provider, WIDGET, "typo");
        await assert.rejects(typo.create(widget("typo", { sise: 1 })), /unknown field "spec\.sise"/);
    });

    it("does not fight over a field that others took: a conflict names them, ignoreChanges leaves it", async () => {
        const path = "/apis/example.org/v1/namespaces/objects/widgets/shared";
        const resource = await new Resource(provider, WIDGET, "shared").create(
            widget("shared", { size: 1, color: "red" }),
        );
        await resource.update(widget("shared", { size: 2, color: "red" }));
        const argocd = (size: number, force: boolean): Promise<Props> =>
            client.request({
                method: "PATCH",
                path,
                query: { fieldManager: "argocd-controller", force: String(force) },
                contentType: "application/apply-patch+yaml",
                body: widget("shared", { size }),
            });
        await argocd(7, true);
        await assert.rejects(
            resource.update(widget("shared", { size: 3, color: "red" })),
            /argocd-controller.*\.spec\.size/,
        );
        await resource.update(widget("shared", { size: 2, color: "blue" }), ["spec.size"]);
        assert.deepEqual((await get(path))?.["spec"], { size: 7, color: "blue" });
        // Leaving a field alone is not to become its second owner.
        await argocd(8, false);
        const labelled = { name: "shared", namespace: "objects", labels: { a: "b" } };
        await resource.update({ ...widget("shared", { size: 2, color: "green" }), metadata: labelled }, ["spec"]);
        assert.deepEqual((await get(path))?.["spec"], { size: 8, color: "blue" });
        const forced = { ...labelled, annotations: { "pulumi.com/patchForce": "true" } };
        await resource.update({ ...widget("shared", { size: 4, color: "blue" }), metadata: forced });
        assert.deepEqual((await get(path))?.["spec"], { size: 4, color: "blue" });
    });

    it("does not take the API server's spelling of a value for drift", async () => {
        const quota = (cpu: string): Props => ({
            apiVersion: "v1",
            kind: "ResourceQuota",
            metadata: { name: "q", namespace: "objects" },
            spec: { hard: { "requests.cpu": cpu, pods: "10" } },
        });
        const resource = await new Resource(provider, "kubernetes:core/v1:ResourceQuota", "q").create(quota("1000m"));
        assert.equal(textAt(resource.outputs, "spec", "hard", "requests.cpu"), "1");
        await resource.refresh();
        assert.deepEqual((await resource.diff(quota("1000m"))).changed, []);
        await patch("/api/v1/namespaces/objects/resourcequotas/q", { spec: { hard: { pods: "11" } } });
        await resource.refresh();
        assert.deepEqual(resource.inputs["spec"], { hard: { "requests.cpu": "1000m", pods: "11" } });
    });
});
