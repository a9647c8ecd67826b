import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";

import { ArgoCd } from "../../../components/argocd/argocd.ts";
import { chartSource } from "../../../components/argocd/chart-source.ts";
import { RootApp } from "../../../components/argocd/root-app.ts";
import { inClusterServer } from "../../../contract/names.ts";
import { runMocked } from "../../harness/pulumi.ts";

const release = "kubernetes:helm.sh/v3:Release";
const git = { url: "https://github.com/example-org/gitops-fleet.git", revision: "main", path: "gitops" };

function argocd() {
    return runMocked(() => {
        new ArgoCd("argocd", {
            chart: { repository: "https://charts.example.com", version: "10.9.0" },
            values: { configs: { cm: { "exec.enabled": false } } },
        });
    });
}

function rootApp(chartMirror?: string, vaultAddress?: string) {
    return runMocked(() => {
        new RootApp("root", {
            hubClusterName: "hub-01",
            hubServer: inClusterServer,
            install: "helm",
            git,
            chartMirror,
            vaultAddress,
        });
    });
}

describe("components/argocd: ArgoCd", () => {
    it("is exactly these resources", async () => {
        assert.deepEqual((await argocd()).inventory(), [
            "fleet:argocd:ArgoCd argocd",
            "kubernetes:core/v1:Namespace argocd-namespace",
            "kubernetes:core/v1:Secret argocd-webhook",
            "kubernetes:helm.sh/v3:Release argocd-release",
            "random:index/randomPassword:RandomPassword argocd-webhook",
        ]);
    });

    it("installs what it is given and never looks at it again", async () => {
        const { inputs, ignoreChanges } = (await argocd()).only(release);
        const { compat, ...given } = inputs;
        assert.equal(compat, "true", "added by the SDK");
        assert.deepEqual(given, {
            name: "argocd",
            namespace: "argocd",
            chart: "argo-cd",
            repositoryOpts: { repo: "https://charts.example.com" },
            version: "10.9.0",
            values: { configs: { cm: { "exec.enabled": false } } },
            timeout: 600,
        });
        assert.deepEqual(ignoreChanges, ["chart", "repositoryOpts", "values", "version"]);
    });

    it("makes the webhook's secret before the pods that read it, and keeps it secret", async () => {
        const run = await argocd();
        const webhook = run.only("kubernetes:core/v1:Secret");
        assert.ok(run.only(release).dependencies.includes(webhook.urn));
        assert.deepEqual(webhook.inputs.metadata, {
            name: "argocd-webhook",
            namespace: "argocd",
            labels: { "app.kubernetes.io/part-of": "argocd" },
        });
        assert.deepEqual(Object.keys(webhook.inputs.stringData as object), ["github"]);
        assert.deepEqual(webhook.secretInputs, ["stringData"]);
    });

    it("names a chart of an OCI registry by its address", () => {
        assert.deepEqual(chartSource({ repository: "https://charts.example.com", version: "10.9.0" }, "argo-cd"), {
            chart: "argo-cd",
            repositoryOpts: { repo: "https://charts.example.com" },
        });
        assert.deepEqual(
            chartSource({ repository: "oci://registry.example.com/charts/", version: "10.9.0" }, "argo-cd"),
            {
                chart: "oci://registry.example.com/charts/argo-cd",
            },
        );
    });
});

describe("components/argocd: RootApp", () => {
    it("seeds what gitops/bootstrap/root-app.yaml shows", async () => {
        const file = readFileSync(new URL("../../../gitops/bootstrap/root-app.yaml", import.meta.url), "utf8");
        const [project, application] = parseAllDocuments(file).map((document) => document.toJS());
        const run = await rootApp(undefined, "https://vault.example.com");
        const seeded = (kind: string) => run.only(`kubernetes:argoproj.io/v1alpha1:${kind}`).inputs;
        assert.deepEqual(seeded("AppProject"), project);
        assert.deepEqual(seeded("Application"), application);
    });

    it("hands the mirror over", async () => {
        const { spec } = (await rootApp("http://127.0.0.1:1/charts")).only(
            "kubernetes:argoproj.io/v1alpha1:Application",
        ).inputs as { spec: { source: { helm: { valuesObject: Record<string, string> } } } };
        assert.deepEqual(spec.source.helm.valuesObject, {
            repoURL: git.url,
            revision: "main",
            path: "gitops",
            hub: "hub-01",
            hubServer: inClusterServer,
            argocdInstall: "helm",
            chartMirror: "http://127.0.0.1:1/charts",
            vaultAddress: "",
        });
    });

    it("goes before its project does, and waits up to ten minutes", async () => {
        const run = await rootApp();
        const application = run.only("kubernetes:argoproj.io/v1alpha1:Application");
        assert.ok(application.dependencies.includes(run.only("kubernetes:argoproj.io/v1alpha1:AppProject").urn));
        assert.equal(application.deleteTimeout, "10m");
    });
});
