import assert from "node:assert/strict";

import { hubOutputsSchema } from "../../contract/stack-outputs.ts";
import { readStackFile, runStack } from "../../sandbox/plan/runner.ts";
import { difference, hubWith, inputsOf } from "./argocd-hub.ts";
import { changedConfig, committedStacks } from "./stacks.ts";

describe("plan: a hub whose Argo CD is there already", function () {
    this.timeout(60_000);
    it("gets the root and what Argo CD is in AWS, but neither a release nor its secrets", async () => {
        const { hub } = await committedStacks();
        const run = await hubWith({ install: "existing" });
        assert.deepEqual(difference(run, hub), {
            more: [],
            less: [
                "fleet:argocd:ArgoCd hub-argocd",
                "kubernetes:core/v1:Namespace hub-argocd-namespace",
                "kubernetes:core/v1:Secret hub-argocd-webhook",
                "kubernetes:helm.sh/v3:Release hub-argocd-release",
                "random:index/randomPassword:RandomPassword hub-argocd-webhook",
            ],
        });
    });

    it("says so in its outputs and to Git, which then leaves Argo CD alone", async () => {
        const run = await hubWith({ install: "existing" });
        const outputs = hubOutputsSchema.parse(run.outputs);
        assert.equal(outputs.argocdInstall, "existing");
        assert.equal(outputs.argocdRoleArn, "arn:aws:iam::111111111111:role/fleet/hub-01-argocd");
        const { valuesObject } = inputsOf(run, "hub-root-application").spec.source.helm;
        assert.equal(valuesObject.argocdInstall, "existing");
        assert.equal(valuesObject.hubServer, "https://kubernetes.default.svc");
    });

    it("seeds the root only when its pods could already assume spoke roles", async () => {
        const run = await hubWith({ install: "existing" });
        const root = run.resources.find(({ name }) => name === "hub-root-project");
        const needed = root?.dependencies.map((urn) => urn.split("::").at(-1)) ?? [];
        assert.ok(needed.includes("hub-argocd-identity-pods-argocd-application-controller"), needed.join("\n"));
    });
});

describe("plan: where the chart comes from", function () {
    this.timeout(60_000);
    const chartOf = async (chart: object) => inputsOf(await hubWith({ chart }), "hub-argocd-release");

    it("a repository, a registry, or upstream", async () => {
        const version = "10.9.0";
        assert.deepEqual((await chartOf({ version })).repositoryOpts, { repo: "https://argoproj.github.io/argo-helm" });
        const registry = await chartOf({ version, repository: "oci://registry.example.com/charts" });
        assert.deepEqual(
            [registry.chart, registry.repositoryOpts, registry.version],
            ["oci://registry.example.com/charts/argo-cd", undefined, version],
        );
    });

    it("a folder of the repository, whose name and version are checked before any resource exists", async () => {
        const release = await chartOf({ version: "10.9.0", path: "sandbox/charts/argo-cd" });
        assert.match(release.chart, /\/sandbox\/charts\/argo-cd\/?$/);
        assert.equal(release.repositoryOpts, undefined);
        await assert.rejects(
            chartOf({ version: "10.9.1", path: "sandbox/charts/argo-cd" }),
            /E-CHT-004 fleet:argocd\.chart\.path: not the chart argo-cd 10\.9\.1 \(got "argo-cd" "10\.9\.0"\)/,
        );
        await assert.rejects(
            chartOf({ version: "10.9.0", path: "charts/nowhere" }),
            /E-CHT-004 fleet:argocd\.chart\.path: .* \(got no Chart\.yaml\)/,
        );
    });

    it("E-ARG-004: another hub needs value files of its own", async () => {
        const cluster = (await readStackFile("hub"))["fleet:cluster"] as object;
        await assert.rejects(
            runStack("hub", await changedConfig("hub", { "fleet:cluster": { ...cluster, name: "hub-02" } })),
            /E-ARG-004 gitops\/bootstrap\/argocd\/hubs\/hub-02\.yaml: missing/,
        );
    });
});
