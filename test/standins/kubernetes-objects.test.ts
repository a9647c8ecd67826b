import assert from "node:assert/strict";
import { PartialCreateError } from "../../sandbox/engine/kit/errors.ts";
import { UNKNOWN } from "../../sandbox/engine/kit/types.ts";
import type { Props, ProviderInstance } from "../../sandbox/engine/kit/types.ts";
import { KubernetesClient } from "../../sandbox/engine/kubernetes/client.ts";
import { kubernetes } from "../../sandbox/engine/kubernetes/definition.ts";
import { readKubeconfig } from "../../sandbox/engine/kubernetes/kubeconfig.ts";
import { at, textAt } from "../../sandbox/engine/kubernetes/object.ts";
import { testCluster } from "./support/cluster.ts";
import { Resource, configure } from "./support/resource.ts";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const SECRET = "kubernetes:core/v1:Secret";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const CRD = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
const WIDGET = "kubernetes:example.org/v1:Widget";

const namespace = (name: string): Props => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
const secret = (name: string, data: Props): Props => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "objects" },
    stringData: data,
});
const configMap = (name: string, data: Props, metadata: Props = {}): Props => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "objects", ...metadata },
    data,
});
const widget = (name: string, spec: Props): Props => ({
    apiVersion: "example.org/v1",
    kind: "Widget",
    metadata: { name, namespace: "objects" },
    spec,
});
const deployment = (name: string, image: string, replicas = 1): Props => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "objects" },
    spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "main", image }] } },
    },
});
const widgetCrd: Props = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.org" },
    spec: {
        group: "example.org",
        names: { kind: "Widget", plural: "widgets" },
        scope: "Namespaced",
        versions: [
            {
                name: "v1",
                served: true,
                storage: true,
                schema: {
                    openAPIV3Schema: {
                        type: "object",
                        properties: {
                            spec: {
                                type: "object",
                                properties: { size: { type: "integer" }, color: { type: "string" } },
                            },
                        },
                    },
                },
            },
        ],
    },
};

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
        const path = "/api/v1/namespaces/lifecycle";
        const resource = await new Resource(provider, NAMESPACE, "n").create(namespace("lifecycle"));
        assert.equal(resource.id, "lifecycle");
        assert.equal(textAt(resource.outputs, "status", "phase"), "Active");
        assert.deepEqual((await resource.diff(namespace("lifecycle"))).changed, []);
        const labelled = { ...namespace("lifecycle"), metadata: { name: "lifecycle", labels: { team: "web" } } };
        assert.deepEqual((await resource.diff(labelled)).changed, ["metadata"]);
        await resource.update(labelled);
        assert.equal(textAt(await get(path), "metadata", "labels", "team"), "web");
        await resource.update(namespace("lifecycle"));
        assert.equal(at(await get(path), "metadata", "labels", "team"), undefined);
        await resource.delete();
        assert.equal(await get(path), undefined);
        assert.equal(await resource.refresh(), false);
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
        await client.request({
            method: "PATCH",
            path,
            query: { fieldManager: "argocd-controller", force: "true" },
            contentType: "application/apply-patch+yaml",
            body: widget("shared", { size: 7 }),
        });
        await assert.rejects(
            resource.update(widget("shared", { size: 3, color: "red" })),
            /argocd-controller.*\.spec\.size/,
        );
        const kept = { size: 2, color: "blue" };
        await resource.update(widget("shared", kept), ["spec.size"]);
        assert.deepEqual((await get(path))?.["spec"], { size: 7, color: "blue" });
        const forced = widget("shared", { size: 4, color: "blue" });
        const metadata = { name: "shared", namespace: "objects", annotations: { "pulumi.com/patchForce": "true" } };
        await resource.update({ ...forced, metadata });
        assert.deepEqual((await get(path))?.["spec"], { size: 4, color: "blue" });
    });

    it("answers a Deployment when its new pods are available", async () => {
        const resource = await new Resource(provider, DEPLOYMENT, "d").create(
            deployment("web", "example.org/web:1", 2),
        );
        assert.equal(at(resource.outputs, "status", "availableReplicas"), 2);
        await resource.update(deployment("web", "example.org/web:2", 2));
        assert.equal(at(resource.outputs, "status", "updatedReplicas"), 2);
        await resource.delete();
        assert.equal(await get("/apis/apps/v1/namespaces/objects/deployments/web"), undefined);
    });

    it("keeps a Deployment that never gets ready, and says which pod and why", async () => {
        const resource = new Resource(provider, DEPLOYMENT, "d");
        resource.timeout = 2;
        const error = await resource
            .create(deployment("stuck", "example.org/web:bad"))
            .catch((thrown: unknown) => thrown);
        assert.ok(error instanceof PartialCreateError, String(error));
        assert.equal(error.id, "objects/stuck");
        assert.equal(textAt(error.outputs, "kind"), "Deployment");
        assert.match(error.message, /Deployment objects\/stuck did not become ready within 2 s: 0 of 1 replicas/);
        assert.match(error.message, /Pod objects\/stuck-\S+ is not ready: container main: ImagePullBackOff/);
        const inputs = await resource.check(deployment("stuck", "example.org/web:bad"));
        Object.assign(resource, { id: error.id, inputs, outputs: error.outputs });
        await resource.update(deployment("stuck", "example.org/web:1"));
        assert.equal(at(resource.outputs, "status", "availableReplicas"), 1);
    });

    it("does not wait where the program says skipAwait", async () => {
        const inputs = deployment("unawaited", "example.org/web:bad");
        const metadata = { name: "unawaited", namespace: "objects", annotations: { "pulumi.com/skipAwait": "true" } };
        const resource = await new Resource(provider, DEPLOYMENT, "d").create({ ...inputs, metadata });
        assert.equal(resource.id, "objects/unawaited");
    });

    it("waits for what the annotation waitFor asks, and stops at an abort", async () => {
        const waiting = (name: string): Props => ({
            ...widget(name, { size: 1 }),
            metadata: { name, namespace: "objects", annotations: { "pulumi.com/waitFor": "jsonpath={.spec.size}=5" } },
        });
        const created = new Resource(provider, WIDGET, "w").create(waiting("patient"));
        const path = "/apis/example.org/v1/namespaces/objects/widgets/patient";
        while ((await get(path)) === undefined) {}
        await patch(path, { spec: { size: 5 } });
        assert.equal(at((await created).outputs, "spec", "size"), 5);
        const controller = new AbortController();
        const aborted = new Resource(provider, WIDGET, "w").create(waiting("aborted"), controller.signal);
        setTimeout(() => controller.abort(), 300);
        await assert.rejects(aborted, PartialCreateError);
    });

    it("waits until a deleted object is gone, and names the finalizers that hold it", async () => {
        const path = "/api/v1/namespaces/objects/configmaps/held";
        const resource = await new Resource(provider, CONFIG_MAP, "c").create(
            configMap("held", { a: "1" }, { finalizers: ["example.org/hold"] }),
        );
        resource.timeout = 1;
        await assert.rejects(resource.delete(), /ConfigMap objects\/held is still there .* example\.org\/hold/);
        await patch(path, { metadata: { finalizers: null } });
        await resource.delete();
        assert.equal(await get(path), undefined);
    });
});
