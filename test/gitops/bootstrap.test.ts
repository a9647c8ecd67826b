import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

import { rootApplicationSpec, rootProjectSpec } from "../../components/argocd/root-app.ts";
import { inClusterServer } from "../../contract/names.ts";
import { git, rootValues } from "./support/facts.ts";
import { at, gitops, helm, type KubernetesObject, only, repository, yamlFile, yamlObjects } from "./support/render.ts";
import { needsTools } from "./support/tools.ts";

const hubFile = "bootstrap/hubs/hub-01.yaml";

function bootstrap(values: Record<string, unknown> = {}): Promise<KubernetesObject[]> {
    return helm("bootstrap", { release: "root", valueFiles: [hubFile], values: { ...rootValues, ...values } });
}

function sources(application: KubernetesObject): Record<string, unknown>[] {
    const spec = at<{ source?: Record<string, unknown>; sources?: Record<string, unknown>[] }>(application, "spec");
    return spec.sources ?? (spec.source === undefined ? [] : [spec.source]);
}

describe("gitops/bootstrap", () => {
    needsTools();

    it("orders the groups in sync waves: projects, External Secrets, Argo CD, fleet, apps", async () => {
        const waves = (await bootstrap()).map(({ metadata }) => ({
            name: metadata.name,
            wave: Number(metadata.annotations?.["argocd.argoproj.io/sync-wave"]),
        }));
        assert.deepEqual(
            waves.toSorted((a, b) => a.wave - b.wave).map(({ name }) => name),
            ["projects", "external-secrets", "argocd", "fleet", "apps"],
        );
        assert.equal(new Set(waves.map(({ wave }) => wave)).size, waves.length);
    });

    it("keeps each Application in a file of its name", async () => {
        const files = readdirSync(path.join(gitops, "bootstrap/templates")).filter((file) => file.endsWith(".yaml"));
        assert.deepEqual(
            (await bootstrap()).map(({ metadata }) => `${metadata.name}.yaml`).toSorted(),
            files.toSorted(),
        );
    });

    it("names only projects, paths and value files that exist", async () => {
        const projects = await helm("charts/projects", {
            valueFiles: ["projects/teams.yaml"],
            values: { repoURL: git.url, hubServer: inClusterServer },
        });
        const names = new Set(["fleet-root", ...projects.map(({ metadata }) => metadata.name)]);
        for (const application of await bootstrap()) {
            assert.ok(names.has(at(application, "spec.project")), `${application.metadata.name}: its project`);
            for (const source of sources(application)) {
                if (source["path"] !== undefined) {
                    const chart = path.join(repository, at(source, "path"), "Chart.yaml");
                    assert.ok(existsSync(chart), `${application.metadata.name}: ${chart}`);
                }
                const { valueFiles = [] } = (source["helm"] ?? {}) as { valueFiles?: string[] };
                for (const file of valueFiles) {
                    const here = path.join(repository, file.replace(/^\$values/, ""));
                    assert.ok(existsSync(here), `${application.metadata.name}: ${file}`);
                }
            }
        }
    });

    it("renders every chart of this repository that it points at, with the values it gives", async () => {
        for (const application of await bootstrap()) {
            const [source = {}] = sources(application);
            if (source["path"] !== undefined) {
                const { valueFiles = [], valuesObject } = at<{ valueFiles?: string[]; valuesObject: object }>(
                    source,
                    "helm",
                );
                const objects = await helm(path.join(repository, at(source, "path")), {
                    valueFiles: valueFiles.map((file) => path.join(repository, file)),
                    values: { ...valuesObject },
                });
                assert.notEqual(objects.length, 0, application.metadata.name);
            }
        }
    });

    it("takes the upstream charts from the mirror when there is one, at the same versions", async () => {
        const chartMirror = "http://127.0.0.1:1234/charts";
        const charts = async (mirror: string) =>
            (await bootstrap({ chartMirror: mirror })).flatMap(sources).filter(({ chart }) => chart !== undefined);
        const upstream = await charts("");
        const mirrored = await charts(chartMirror);
        assert.deepEqual(
            upstream.map(({ repoURL, chart, targetRevision }) => [repoURL, chart, targetRevision]),
            [
                ["https://argoproj.github.io/argo-helm", "argo-cd", "10.9.0"],
                ["https://charts.external-secrets.io", "external-secrets", "0.20.4"],
            ],
        );
        assert.deepEqual(
            mirrored,
            upstream.map((source) => ({ ...source, repoURL: chartMirror })),
        );
    });

    it("lets Argo CD manage itself with the release name, namespace and version of Pulumi's release", async () => {
        const application = only(await bootstrap(), "Application", "argocd");
        const [chart = {}] = sources(application);
        assert.equal(at(chart, "helm.releaseName"), "argocd");
        assert.equal(at(application, "spec.destination.namespace"), "argocd");
        const stack = await yamlFile<Record<string, unknown>>(path.join(repository, "Pulumi.hub.yaml"));
        const pulumi = at<Record<string, { chart: { version: string } }>>(stack, "config")["fleet:argocd"];
        assert.equal(chart["targetRevision"], pulumi?.chart.version);
    });

    it("equals, in root-app.yaml, what Pulumi seeds", async () => {
        const { config } = await yamlFile<{
            config: { "fleet:git": typeof git; "fleet:vault": { address: string } };
        }>(path.join(repository, "Pulumi.hub.yaml"));
        const args = {
            hubClusterName: "hub-01",
            hubServer: inClusterServer,
            install: "helm" as const,
            git: config["fleet:git"],
            vaultAddress: config["fleet:vault"].address,
        };
        const seeded = await yamlObjects("bootstrap/root-app.yaml");
        assert.deepEqual(only(seeded, "AppProject", "fleet-root").spec, rootProjectSpec(args));
        assert.deepEqual(only(seeded, "Application", "root").spec, rootApplicationSpec(args));
    });

    it("is allowed by the root's project: only kinds it lists, only from this repository", async () => {
        const project = at<{ namespaceResourceWhitelist: { kind: string }[] }>(
            only(await yamlObjects("bootstrap/root-app.yaml"), "AppProject"),
            "spec",
        );
        const allowed = project.namespaceResourceWhitelist.map(({ kind }) => kind);
        for (const { kind, metadata } of await bootstrap()) {
            assert.ok(allowed.includes(kind), `${kind} ${metadata.name}`);
            assert.equal(metadata.namespace, "argocd");
        }
    });

    const refused: [string, Record<string, unknown>, RegExp][] = [
        ["an unknown value", { chartMiror: "x" }, /chartMiror/],
        ["a chart version that floats", { charts: { "argo-cd": { version: "10.x" } } }, /version/],
        ["a repository that is no URL", { repoURL: "fleet.git" }, /repoURL/],
        ["a path with a slash in front", { path: "/gitops" }, /path/],
        ["a hub that is no name", { hub: "Hub 01" }, /hub/],
        ["a mirror that is no URL", { chartMirror: "charts" }, /chartMirror/],
        ["a Vault that is no URL", { vaultAddress: "vault" }, /vaultAddress/],
    ];
    for (const [title, values, message] of refused) {
        it(`refuses ${title}`, async () => {
            await assert.rejects(bootstrap(values), message);
        });
    }
});
