import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import type { FleetStatus } from "../../sandbox/status/collect.ts";
import { repo, type Fleet } from "./support/fleet.ts";

/** Cluster of each environment whose overlays of the sample app are in gitops/apps. */
const SPOKES = { dev: "dev-01", staging: "staging-01", prod: "prod-01" };

export function statusTests(fleet: Fleet): void {
    describe("the fleet that is up", () => {
        let status: FleetStatus;

        before(async () => {
            status = JSON.parse(await fleet.cli(["status", "--json"])) as FleetStatus;
        });

        it("prints as JSON every cluster with its kubeconfig and Applications", async () => {
            assert.deepEqual(Object.keys(status), ["clusters"]);
            assert.deepEqual(status.clusters.map(({ name }) => name).toSorted(), [
                "dev-01",
                "hub-01",
                "prod-01",
                "staging-01",
            ]);
            for (const { name, kubeconfig, applications } of status.clusters) {
                assert.ok((await readFile(kubeconfig, "utf8")).includes("server: https://127.0.0.1:"));
                assert.ok(applications.length > 0, `${name} has Applications`);
                for (const application of applications) {
                    for (const field of ["name", "sync", "health", "revision"] as const) {
                        assert.notEqual(application[field], "", `${field} of ${application.name}`);
                    }
                }
            }
        });

        it("has every Application Synced and Healthy, at the commit that the sandbox's Git has", async () => {
            const head = await fleet.gitHead();
            const rows = status.clusters.flatMap(({ applications }) => applications);
            assert.deepEqual(
                rows.map(({ name, sync, health, revision, message }) => ({ name, sync, health, revision, message })),
                rows.map(({ name }) => ({ name, sync: "Synced", health: "Healthy", revision: head, message: "" })),
            );
        });

        it("has every workload ready", () => {
            const workloads = status.clusters.flatMap(({ applications }) =>
                applications.flatMap((app) => app.workloads),
            );
            assert.ok(workloads.length >= 8, `${workloads.length} workloads`);
            for (const { namespace, name, ready, desired } of workloads) {
                assert.ok(desired > 0, `${namespace}/${name} wants replicas`);
                assert.equal(ready, desired, `${namespace}/${name}`);
            }
        });

        for (const [environment, cluster] of Object.entries(SPOKES)) {
            it(`runs on ${cluster} the image and replicas of the overlay ${environment}`, async () => {
                const file = path.join(
                    repo,
                    "gitops",
                    "apps",
                    "overlays",
                    environment,
                    "podinfo",
                    "kustomization.yaml",
                );
                const overlay = parse(await readFile(file, "utf8")) as {
                    images: { name: string; newTag: string }[];
                    replicas: { count: number }[];
                };
                const [image] = overlay.images;
                const app = status.clusters
                    .find(({ name }) => name === cluster)
                    ?.applications.find(({ name }) => name === `${cluster}-podinfo`);
                assert.deepEqual(app?.images, [`${image?.name}:${image?.newTag}`]);
                assert.equal(app.workloads[0]?.ready, overlay.replicas[0]?.count);
            });
        }

        it("shows the same in the table", async () => {
            const table = await fleet.cli(["status"]);
            for (const { name, images } of status.clusters.flatMap(({ applications }) => applications)) {
                const row = table.split("\n").find((line) => line.split(/ {2,}/).includes(name)) ?? "no row";
                assert.ok(row.includes("Synced  Healthy"), `row of ${name}: ${row}`);
                for (const image of images) {
                    const short = image.split("/").at(-1) ?? image;
                    if (!short.includes("@")) assert.ok(row.includes(short), `${short} in: ${row}`);
                }
            }
        });
    });
}
