import assert from "node:assert/strict";
import { PartialCreateError } from "../../sandbox/engine/kit/errors.ts";
import type { Props, ProviderInstance } from "../../sandbox/engine/kit/types.ts";
import { KubernetesClient } from "../../sandbox/engine/kubernetes/client.ts";
import { kubernetes } from "../../sandbox/engine/kubernetes/definition.ts";
import { readKubeconfig } from "../../sandbox/engine/kubernetes/kubeconfig.ts";
import { at } from "../../sandbox/engine/kubernetes/object.ts";
import { telling } from "../../sandbox/engine/kubernetes/readiness/blame.ts";
import { testCluster } from "./support/cluster.ts";
import {
    CONFIG_MAP,
    CRD,
    DEPLOYMENT,
    NAMESPACE,
    configMap,
    deployment,
    namespace,
    widgetCrd,
} from "./support/objects.ts";
import { Resource, configure } from "./support/resource.ts";

const PLACE = "readiness";

/** A fixture in the namespace of this file. */
const here = (inputs: Props): Props => ({
    ...inputs,
    metadata: { ...(inputs["metadata"] as Props), namespace: PLACE },
});

describe("Readiness in the kubernetes stand-in, on a real API server", function () {
    this.timeout(60_000);
    let provider: ProviderInstance;
    let client: KubernetesClient;

    before(async function () {
        this.timeout(120_000);
        const { kubeconfig } = await testCluster();
        provider = await configure(kubernetes, { kubeconfig });
        client = new KubernetesClient(readKubeconfig(kubeconfig));
        await new Resource(provider, NAMESPACE, PLACE).create(namespace(PLACE));
    });

    const get = (path: string): Promise<Props | undefined> => client.find(path);
    const patch = (path: string, body: Props): Promise<Props> =>
        client.request({ method: "PATCH", path, contentType: "application/merge-patch+json", body });

    it("answers a Deployment when its new pods are available", async () => {
        const web = (image: string): Props => here(deployment("web", image, 2));
        const resource = await new Resource(provider, DEPLOYMENT, "d").create(web("example.org/web:1"));
        assert.equal(at(resource.outputs, "status", "availableReplicas"), 2);
        await resource.update(web("example.org/web:2"));
        assert.equal(at(resource.outputs, "status", "updatedReplicas"), 2);
        await resource.delete();
        assert.equal(await get(`/apis/apps/v1/namespaces/${PLACE}/deployments/web`), undefined);
    });

    it("keeps a Deployment that never gets ready, says which pod and why, and waits again after a refresh", async () => {
        const inputs = here(deployment("stuck", "example.org/web:bad"));
        const resource = new Resource(provider, DEPLOYMENT, "d");
        resource.timeout = 4;
        const error = await resource.create(inputs).catch((thrown: unknown) => thrown);
        assert.ok(error instanceof PartialCreateError, String(error));
        assert.equal(error.id, `${PLACE}/stuck`);
        assert.match(error.message, /^Deployment readiness\/stuck did not become ready within 4 s: 0 of 1 replicas/);
        assert.match(error.message, /Pod readiness\/stuck-\S+ is not ready: container main: ImagePullBackOff/);
        Object.assign(resource, { id: error.id, inputs: await resource.check(inputs), outputs: error.outputs });
        await resource.refresh();
        assert.deepEqual((await resource.diff(inputs)).changed, ["status"]);
        const mended = here(deployment("stuck", "example.org/web:1"));
        await resource.update(mended);
        assert.equal(at(resource.outputs, "status", "availableReplicas"), 1);
        assert.deepEqual((await resource.diff(mended)).changed, []);
    });

    it("does not wait where the program says skipAwait", async () => {
        const inputs = deployment("unawaited", "example.org/web:bad");
        const metadata = { name: "unawaited", namespace: PLACE, annotations: { "pulumi.com/skipAwait": "true" } };
        const resource = await new Resource(provider, DEPLOYMENT, "d").create({ ...inputs, metadata });
        assert.equal(resource.id, `${PLACE}/unawaited`);
        assert.deepEqual((await resource.diff({ ...inputs, metadata })).changed, []);
    });

    it("waits for what the annotation waitFor asks, and keeps what it wrote when it is aborted", async () => {
        const waiting = (name: string): Props =>
            configMap(
                name,
                { a: "1" },
                { namespace: PLACE, annotations: { "pulumi.com/waitFor": "jsonpath={.data.a}=5" } },
            );
        const until = async (name: string): Promise<string> => {
            const path = `/api/v1/namespaces/${PLACE}/configmaps/${name}`;
            while ((await get(path)) === undefined) {}
            return path;
        };
        const created = new Resource(provider, CONFIG_MAP, "c").create(waiting("patient"));
        await patch(await until("patient"), { data: { a: "5" } });
        assert.equal(at((await created).outputs, "data", "a"), "5");
        const controller = new AbortController();
        const aborted = new Resource(provider, CONFIG_MAP, "c").create(waiting("aborted"), controller.signal);
        await until("aborted");
        controller.abort();
        const error = await aborted.catch((thrown: unknown) => thrown);
        assert.ok(error instanceof PartialCreateError, String(error));
        assert.match(error.message, /ConfigMap readiness\/aborted was written, but waiting .* was cancelled/);
    });

    it("refuses an annotation waitFor that it does not understand", async () => {
        const metadata = { name: "c", namespace: PLACE, annotations: { "pulumi.com/waitFor": "ready" } };
        const check = new Resource(provider, CONFIG_MAP, "c").check(configMap("c", {}, metadata));
        await assert.rejects(check, /metadata\.annotations: .* "ready" is not supported; write "condition=Ready"/);
    });

    it("takes an object without a namespace whose CRD comes a moment later", async () => {
        const planet: Props = { apiVersion: "example.com/v1", kind: "Planet", metadata: { name: "mars" } };
        const spec = widgetCrd["spec"] as Props;
        const names = { kind: "Planet", plural: "planets" };
        const definition = {
            ...widgetCrd,
            metadata: { name: "planets.example.com" },
            spec: { ...spec, group: "example.com", scope: "Cluster", names },
        };
        const early = new Resource(provider, "kubernetes:example.com/v1:Planet", "p");
        await Promise.all([early.create(planet), new Resource(provider, CRD, "crd").create(definition)]);
        assert.equal(early.id, "mars");
        assert.deepEqual((await early.diff(planet)).changed, []);
        await early.update({ ...planet, metadata: { name: "mars", labels: { colour: "red" } } });
        assert.equal(at(early.outputs, "metadata", "labels", "colour"), "red");
    });

    it("waits until a deleted object is gone, and names the finalizers that hold it", async () => {
        const metadata = { namespace: PLACE, finalizers: ["example.org/hold"] };
        const resource = await new Resource(provider, CONFIG_MAP, "c").create(configMap("held", { a: "1" }, metadata));
        resource.timeout = 1;
        await assert.rejects(
            resource.delete(),
            /ConfigMap readiness\/held is still there .* example\.org\/hold hold it/,
        );
        await patch(`/api/v1/namespaces/${PLACE}/configmaps/held`, { metadata: { finalizers: null } });
        await resource.delete();
        assert.equal(await get(`/api/v1/namespaces/${PLACE}/configmaps/held`), undefined);
    });

    it("tells what holds a namespace back by the conditions that are true", () => {
        const condition = (type: string, status: string): Props => ({ type, status, reason: "R", message: "m" });
        const status = { conditions: [condition("NamespaceFinalizersRemaining", "True"), condition("Other", "False")] };
        assert.deepEqual(telling({ kind: "Namespace", status }), [
            "condition NamespaceFinalizersRemaining is True: R: m",
        ]);
        assert.deepEqual(telling({ kind: "Deployment", status }), ["condition Other is False: R: m"]);
    });
});
