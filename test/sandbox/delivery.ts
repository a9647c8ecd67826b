import assert from "node:assert/strict";
import type { ApplicationStatus } from "../../sandbox/status/collect.ts";
import { renderTable } from "../../sandbox/status/table.ts";
import { eventually } from "./support/eventually.ts";
import { measured } from "./support/figures.ts";
import type { Fleet } from "./support/fleet.ts";
import { GitClone } from "./support/git-clone.ts";

const OVERLAY = "gitops/apps/overlays/dev/podinfo/kustomization.yaml";
const IMAGE = "ghcr.io/stefanprodan/podinfo";

export function deliveryTests(fleet: Fleet): void {
    describe("a commit to the overlay of dev", () => {
        let git: GitClone;

        before(async () => {
            git = await GitClone.of(fleet);
        });
        afterEach(async () => {
            await git.undo();
            await fleet.settled();
        });
        after(async () => {
            await git.remove();
        });

        const setTag = (tag: string) =>
            git.push(OVERLAY, (text) => text.replace(/newTag: .*/, `newTag: ${tag}`), `podinfo ${tag} on dev`);

        it("reaches dev, and nothing else", async () => {
            const others = () =>
                Promise.all(["staging-01-podinfo", "prod-01-podinfo"].map((name) => fleet.application(name)));
            const before = runs(await others());
            await measured("git push to the app's Synced on dev", async () => {
                const commit = await setTag("6.9.3");
                await eventually("dev runs the image that was pushed", async () => {
                    const app = await fleet.application("dev-01-podinfo");
                    assert.deepEqual(
                        [app.revision, app.sync, app.health, app.images],
                        [commit, "Synced", "Healthy", [`${IMAGE}:6.9.3`]],
                    );
                    assert.deepEqual(ready(app), [1, 1]);
                });
            });
            await fleet.settled();
            assert.deepEqual(runs(await others()), before);
        });

        it("with an image that never gets ready leaves the Application not Healthy, and the table says so", async () => {
            await setTag("bad-tag");
            const app = await eventually("dev is not Healthy", async () => {
                const found = await fleet.application("dev-01-podinfo");
                assert.deepEqual(found.images, [`${IMAGE}:bad-tag`]);
                assert.notEqual(found.health, "Healthy");
                return found;
            });
            assert.equal(app.sync, "Synced");
            const pods = await fleet
                .kube("dev-01")
                .get<{ items: { status: { containerStatuses?: { ready: boolean; image: string }[] } }[] }>(
                    "/api/v1/namespaces/podinfo/pods",
                );
            const bad = pods.items
                .flatMap(({ status }) => status.containerStatuses ?? [])
                .filter(({ image }) => image.endsWith(":bad-tag"));
            assert.deepEqual(
                bad.map((container) => container.ready),
                [false],
            );
            const row = renderTable(await fleet.status(), { color: false, width: 1000 })
                .split("\n")
                .find((line) => line.includes("dev-01-podinfo"));
            assert.match(row ?? "", /Synced +(Progressing|Degraded) .*podinfo:bad-tag/);
        });
    });
}

function runs(apps: ApplicationStatus[]): unknown[] {
    return apps.map(({ name, images, workloads, sync, health }) => ({ name, images, workloads, sync, health }));
}

function ready({ workloads }: ApplicationStatus): number[] {
    return workloads.flatMap((workload) => [workload.ready, workload.desired]);
}
