import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";

import { argocdValueFiles } from "../../config/argocd-values.ts";
import { at, helm, type KubernetesObject, only } from "./support/render.ts";
import { mirror, needsTools } from "./support/tools.ts";

interface PodTemplate {
    metadata: { labels: Record<string, string>; annotations: Record<string, string> };
    spec: { containers: Container[]; initContainers?: Container[] };
}

interface Container {
    name: string;
    image: string;
    command?: string[];
    args?: unknown[];
    env?: { name: string; value?: string }[];
}

describe("sandbox/charts", () => {
    needsTools();
    const charts = mirror();

    function argocd(values: Record<string, unknown> = {}, release = "argocd"): Promise<KubernetesObject[]> {
        const chart = path.join(charts.folder(), "argo-cd-10.9.0.tgz");
        return helm(chart, { release, valueFiles: argocdValueFiles("hub-01"), values });
    }

    function externalSecrets(values: Record<string, unknown> = {}): Promise<KubernetesObject[]> {
        const chart = path.join(charts.folder(), "external-secrets-0.20.4.tgz");
        const valueFiles = ["bootstrap/external-secrets/values.yaml"];
        return helm(chart, { release: "external-secrets", namespace: "external-secrets", valueFiles, values });
    }

    it("make a Helm repository with every chart the bootstrap names, at its version", async () => {
        const index = parse(await readFile(path.join(charts.folder(), "index.yaml"), "utf8")) as {
            entries: Record<string, { version: string; urls: string[] }[]>;
        };
        const values = parse(
            await readFile(path.join(import.meta.dirname, "../../gitops/bootstrap/values.yaml"), "utf8"),
        ) as { charts: Record<string, { version: string }> };
        for (const [name, { version }] of Object.entries(values.charts)) {
            const entry = index.entries[name]?.find((each) => each.version === version);
            assert.ok(entry, `${name} ${version}`);
            assert.ok(existsSync(path.join(charts.folder(), entry.urls[0] ?? "")), `${entry.urls[0]}`);
        }
    });

    it("install Argo CD under the upstream chart's names", async () => {
        const names = (await argocd()).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
        for (const name of [
            "ConfigMap/argocd-cm",
            "ConfigMap/argocd-cmd-params-cm",
            "ConfigMap/argocd-rbac-cm",
            "CustomResourceDefinition/applications.argoproj.io",
            "CustomResourceDefinition/applicationsets.argoproj.io",
            "CustomResourceDefinition/appprojects.argoproj.io",
            "Deployment/argocd-applicationset-controller",
            "Deployment/argocd-notifications-controller",
            "Deployment/argocd-redis",
            "Deployment/argocd-repo-server",
            "Deployment/argocd-server",
            "NetworkPolicy/argocd-application-controller",
            "NetworkPolicy/argocd-applicationset-controller",
            "NetworkPolicy/argocd-default-deny",
            "NetworkPolicy/argocd-notifications-controller",
            "NetworkPolicy/argocd-redis",
            "NetworkPolicy/argocd-repo-server",
            "NetworkPolicy/argocd-server",
            "PodDisruptionBudget/argocd-repo-server",
            "PodDisruptionBudget/argocd-server",
            "Secret/argocd-secret",
            "Service/argocd-application-controller-metrics",
            "Service/argocd-applicationset-controller-metrics",
            "Service/argocd-notifications-controller-metrics",
            "Service/argocd-repo-server",
            "Service/argocd-repo-server-metrics",
            "Service/argocd-server",
            "Service/argocd-server-metrics",
            "ServiceAccount/argocd-application-controller",
            "ServiceAccount/argocd-applicationset-controller",
            "ServiceAccount/argocd-server",
            "StatefulSet/argocd-application-controller",
        ]) {
            assert.equal(names.filter((each) => each === name).length, 1, name);
        }
        assert.equal(new Set(names).size, names.length);
        assert.deepEqual(
            names.filter((name) => /dex|network-policy/.test(name)),
            [],
        );
    });

    it("put our settings into argocd-cm and argocd-cmd-params-cm, over upstream's defaults", async () => {
        const objects = await argocd();
        const cm = only(objects, "ConfigMap", "argocd-cm").data ?? {};
        assert.equal(cm["admin.enabled"], "false");
        assert.equal(cm["application.resourceTrackingMethod"], "annotation");
        assert.equal(cm["url"], "https://argocd.example.org");
        assert.match(cm["resource.customizations.health.argoproj.io_Application"] ?? "", /return hs/);
        assert.match(cm["resource.exclusions"] ?? "", /EndpointSlice/);
        const params = only(objects, "ConfigMap", "argocd-cmd-params-cm").data ?? {};
        assert.equal(params["applicationsetcontroller.policy"], "create-update");
        assert.equal(params["redis.server"], "argocd-redis:6379");
        assert.equal(params["applicationsetcontroller.enable.leader.election"], "false");
    });

    it("hand the webhook secret on as a reference, not as a value", async () => {
        const secret = only(await argocd(), "Secret", "argocd-secret");
        assert.deepEqual(
            Object.entries(secret.data ?? {}).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
            [["webhook.github.secret", "$argocd-webhook:github"]],
        );
    });

    it("keep the containers of Argo CD's manifests, at the chart's version", async () => {
        const objects = await argocd({ controller: { replicas: 2 } });
        const controller = at<PodTemplate>(only(objects, "StatefulSet"), "spec.template");
        assert.equal(controller.spec.containers[0]?.image, "quay.io/argoproj/argocd:v3.5.7");
        const shards = controller.spec.containers[0]?.env?.find(({ name }) => name === "ARGOCD_CONTROLLER_REPLICAS");
        assert.equal(shards?.value, "2");
        const repoServer = at<PodTemplate>(only(objects, "Deployment", "argocd-repo-server"), "spec.template");
        assert.deepEqual(
            repoServer.spec.initContainers?.map(({ name }) => name),
            ["copyutil"],
        );
        const redis = at<PodTemplate>(only(objects, "Deployment", "argocd-redis"), "spec.template");
        assert.deepEqual(redis.spec.initContainers?.[0]?.command, ["argocd", "admin", "redis-initial-password"]);
        assert.deepEqual(redis.spec.containers[0]?.args?.slice(0, 4), ["--save", "", "--appendonly", "no"]);
    });

    it("let one of two servers go at a time, and show the metrics of each component by its own port", async () => {
        const objects = await argocd();
        assert.deepEqual(at(only(objects, "PodDisruptionBudget", "argocd-server"), "spec"), {
            maxUnavailable: 1,
            selector: {
                matchLabels: {
                    "app.kubernetes.io/name": "argocd-server",
                    "app.kubernetes.io/instance": "argocd",
                },
            },
        });
        const metrics = objects.filter(
            ({ kind, metadata }) => kind === "Service" && metadata.name.endsWith("-metrics"),
        );
        assert.deepEqual(
            metrics
                .map(({ metadata, spec }) => `${metadata.name} ${at<{ port: number }[]>(spec, "ports")[0]?.port}`)
                .toSorted(),
            [
                "argocd-application-controller-metrics 8082",
                "argocd-applicationset-controller-metrics 8080",
                "argocd-notifications-controller-metrics 9001",
                "argocd-repo-server-metrics 8084",
                "argocd-server-metrics 8083",
            ],
        );
    });

    it("restart Argo CD's pods when their configuration changes, and only then", async () => {
        const checksums = async (values: Record<string, unknown>) =>
            at<PodTemplate>(only(await argocd(values), "StatefulSet"), "spec.template").metadata.annotations;
        const before = await checksums({});
        assert.deepEqual(await checksums({ server: { replicas: 2 } }), before);
        const after = await checksums({ configs: { cm: { "timeout.reconciliation": "60s" } } });
        assert.notEqual(after["checksum/cm"], before["checksum/cm"]);
        assert.equal(after["checksum/cmd-params"], before["checksum/cmd-params"]);
    });

    it("leave out what the values switch off", async () => {
        const kinds = async (values: Record<string, unknown>) =>
            new Set((await argocd(values)).map(({ kind }) => kind));
        assert.ok(!(await kinds({ global: { networkPolicy: { create: false } } })).has("NetworkPolicy"));
        assert.ok(!(await kinds({ crds: { install: false } })).has("CustomResourceDefinition"));
        const without = await argocd({
            notifications: { enabled: false },
            controller: { metrics: { enabled: false } },
        });
        const names = without.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
        assert.deepEqual(
            names.filter((name) => /notifications|application-controller-metrics/.test(name)),
            [],
        );
    });

    const refused: [string, Record<string, unknown>, RegExp][] = [
        ["a key that this stand-in does not know", { server: { ingress: { enabled: true } } }, /ingress/],
        ["an unknown key at the top", { repoSever: {} }, /repoSever/],
        ["a component that it does not contain", { "redis-ha": { enabled: true } }, /redis-ha/],
        ["Argo CD's alpha way of sharding", { controller: { dynamicClusterDistribution: true } }, /dynamicCluster/],
        ["a ConfigMap that somebody else makes", { configs: { cm: { create: false } } }, /configs\/cm/],
    ];
    for (const [title, values, message] of refused) {
        it(`refuse ${title}`, async () => {
            await assert.rejects(argocd(values), message);
        });
    }

    it("refuse another release name, which upstream's names depend on", async () => {
        await assert.rejects(argocd({}, "argo"), /knows the release name argocd only/);
    });

    it("install External Secrets with its definitions and the service account that Pulumi associates", async () => {
        const objects = await externalSecrets();
        const image = at<PodTemplate>(only(objects, "Deployment"), "spec.template").spec.containers[0]?.image ?? "";
        assert.match(image, /external-secrets:v0\.20\.4$/);
        assert.equal(only(objects, "ServiceAccount").metadata.name, "external-secrets");
        const names = objects
            .filter(({ kind }) => kind === "CustomResourceDefinition")
            .map(({ metadata }) => metadata.name);
        assert.equal(names.length, 23);
        assert.ok(names.includes("externalsecrets.external-secrets.io"));
        const without = await externalSecrets({ crds: { createClusterGenerator: false } });
        assert.ok(
            !without.some(({ metadata }) => metadata.name === "clustergenerators.generators.external-secrets.io"),
        );
    });
});
