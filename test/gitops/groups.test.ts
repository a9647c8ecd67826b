import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

import { clusterFactsSchema, clusterLabelsSchema } from "../../contract/cluster-secret.ts";
import { git, registrationOf, rootValues } from "./support/facts.ts";
import {
    clusterSecret,
    type ClusterSecret,
    fleetChart,
    groupApplicationSet,
    memberFiles,
    registrationApplication,
    renderSource,
    rootApplications,
} from "./support/fleet.ts";
import { at, gitops, helm, type KubernetesObject, only, repository } from "./support/render.ts";
import { needsTools } from "./support/tools.ts";

/** All Applications of the fleet, by the cluster they serve. */
async function allApplications(): Promise<{
    roots: KubernetesObject[];
    components: KubernetesObject[];
    all: KubernetesObject[];
}> {
    const roots: KubernetesObject[] = [];
    const components: KubernetesObject[] = [];
    const registrations: KubernetesObject[] = [];
    for (const file of await memberFiles()) {
        const secret = await clusterSecret(file, registrationOf(file.member, file.hub));
        const own = await rootApplications("apps", file.hub, secret);
        roots.push(...own);
        components.push(...(await Promise.all(own.map(renderSource))).flat());
        registrations.push(await registrationApplication(file));
    }
    return { roots, components, all: [...registrations, ...roots, ...components] };
}

const clusterOf = ({ metadata }: KubernetesObject) => metadata.labels?.["cluster"] ?? "";

describe("gitops: groups", () => {
    needsTools();

    let fleet: Awaited<ReturnType<typeof allApplications>>;
    before(async function () {
        this.timeout(60_000);
        fleet = await allApplications();
    });

    it("has one root per spoke and none on the hub", () => {
        assert.deepEqual(fleet.roots.map(({ metadata }) => metadata.name).toSorted(), [
            "dev-01-apps",
            "prod-01-apps",
            "staging-01-apps",
        ]);
    });

    it("has exactly one Application per cluster and component, named after both", () => {
        assert.deepEqual(fleet.components.map(({ metadata }) => metadata.name).toSorted(), [
            "dev-01-echo",
            "dev-01-podinfo",
            "prod-01-podinfo",
            "staging-01-podinfo",
        ]);
        const keys = fleet.all.map(
            ({ metadata }) => `${metadata.labels?.["cluster"]} ${metadata.labels?.["component"]}`,
        );
        assert.equal(new Set(keys).size, keys.length, keys.join(", "));
        assert.equal(new Set(fleet.all.map(({ metadata }) => metadata.name)).size, fleet.all.length);
        for (const application of fleet.components) {
            const { labels = {}, name } = application.metadata;
            assert.equal(name, `${labels["cluster"]}-${labels["component"]}`);
            assert.equal(labels["group"], "apps");
        }
    });

    it("deploys each component to its own cluster, from a folder that exists, in a namespace of its project", async () => {
        const projects = await helm("charts/projects", {
            valueFiles: ["projects/teams.yaml"],
            values: { repoURL: git.url, hubServer: rootValues.hubServer },
        });
        for (const application of fleet.components) {
            const { metadata } = application;
            assert.equal(at(application, "spec.destination.name"), clusterOf(application));
            const folder = at<string>(application, "spec.source.path");
            assert.ok(existsSync(path.join(repository, folder, "kustomization.yaml")), `${metadata.name}: ${folder}`);
            const project = only(projects, "AppProject", at<string>(application, "spec.project"));
            const namespaces = at<{ namespace: string }[]>(project, "spec.destinations").map((each) => each.namespace);
            assert.ok(namespaces.includes(at(application, "spec.destination.namespace")), metadata.name);
        }
    });

    it("retries, heals and prunes, creates the namespace with its labels, and leaves resources when it goes", () => {
        for (const { spec, metadata } of fleet.components) {
            assert.equal(metadata.finalizers, undefined);
            assert.deepEqual(at({ spec }, "spec.syncPolicy"), {
                automated: { prune: true, selfHeal: true },
                retry: { limit: 5, refresh: true, backoff: { duration: "5s", factor: 2, maxDuration: "3m" } },
                managedNamespaceMetadata: {
                    labels: {
                        "pod-security.kubernetes.io/enforce": "restricted",
                        "pod-security.kubernetes.io/warn": "restricted",
                    },
                },
                syncOptions: ["CreateNamespace=true", "ServerSideApply=true"],
            });
        }
    });

    it("deploys to the hub only through projects of the platform", () => {
        for (const application of fleet.all) {
            const destination = at<{ server?: string }>(application, "spec.destination");
            if (destination.server !== undefined) {
                assert.ok(["platform", "groups"].includes(at(application, "spec.project")), application.metadata.name);
            }
        }
    });
});

describe("gitops: ApplicationSets", () => {
    needsTools();

    async function all(): Promise<KubernetesObject[]> {
        return [only(await fleetChart("hub-01"), "ApplicationSet"), await groupApplicationSet("apps", "hub-01")];
    }

    it("are Go templates that fail on a missing key and name their project literally", async () => {
        for (const applicationSet of await all()) {
            assert.equal(at(applicationSet, "spec.goTemplate"), true);
            assert.deepEqual(at(applicationSet, "spec.goTemplateOptions"), ["missingkey=error"]);
            assert.match(at(applicationSet, "spec.template.spec.project"), /^[a-z]+$/);
        }
    });

    it("delete nothing when their generator returns nothing", async () => {
        for (const applicationSet of await all()) {
            assert.deepEqual(at(applicationSet, "spec.syncPolicy"), {
                applicationsSync: "create-update",
                preserveResourcesOnDeletion: true,
            });
        }
    });

    it("read only labels and facts that the contract produces", async () => {
        const folder = path.join(gitops, "charts");
        const files = (await readdir(folder, { recursive: true })).filter((file) => /(templates|files)\/.+/.test(file));
        const text = (await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")))).join("\n");
        const read = (pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, key = ""]) => key));
        const facts = read(/(?:\.metadata\.annotations|\$facts)\.(\w+)/g);
        const labels = read(/\.metadata\.labels\.(\w+)/g);
        assert.ok(facts.size >= 6 && labels.size >= 2, "the patterns find what the templates read");
        assert.deepEqual(
            [...facts].filter((key) => !Object.hasOwn(clusterFactsSchema.shape, key)),
            [],
        );
        assert.deepEqual(
            [...labels].filter((key) => !Object.hasOwn(clusterLabelsSchema.shape, key)),
            [],
        );
    });

    it("give a cluster one root, at the revision of the release its label names", async () => {
        const cluster = (release: string): ClusterSecret => ({
            name: "dev-01",
            server: "https://dev-01.example.com",
            metadata: {
                labels: {
                    "argocd.argoproj.io/secret-type": "cluster",
                    hub: "hub-01",
                    tenant: "platform",
                    environment: "dev",
                    appsRelease: release,
                    enable_podinfo: "true",
                    enable_echo: "false",
                },
                annotations: {
                    fleet_repo_url: git.url,
                    fleet_repo_revision: "main",
                    fleet_repo_basepath: git.path,
                    apps_repo_url: "https://github.com/example-org/apps.git",
                    apps_repo_revision: "stable",
                    apps_repo_basepath: git.path,
                },
            },
        });
        const [root, ...more] = await rootApplications("apps", "hub-01", cluster("default"));
        assert.ok(root);
        assert.deepEqual(more, []);
        const [podinfo] = await renderSource(root);
        assert.equal(at(podinfo, "spec.source.targetRevision"), "stable");
        assert.equal(at(podinfo, "spec.source.repoURL"), "https://github.com/example-org/apps.git");
        assert.deepEqual(await rootApplications("apps", "hub-01", cluster("none")), []);
        assert.deepEqual(await rootApplications("apps", "hub-02", cluster("default")), []);
    });
});
