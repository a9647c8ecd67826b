import assert from "node:assert/strict";
import { eventually } from "./support/eventually.ts";
import { measured } from "./support/figures.ts";
import type { Fleet } from "./support/fleet.ts";
import { GitClone } from "./support/git-clone.ts";
import { type NewSpoke, randomSpoke } from "./support/new-spoke.ts";

export function fourthSpokeTests(fleet: Fleet): void {
    describe("a fourth spoke, of any name and CIDR in a listed account", () => {
        let spoke: NewSpoke;
        let git: GitClone;

        before(async () => {
            spoke = await randomSpoke(fleet);
            git = await GitClone.of(fleet);
        });
        after(async () => {
            await git.undo();
            await git.remove();
            await spoke.removeFromHub();
            await measured("pulumi destroy of a fourth spoke", () => spoke.destroy());
            await fleet.settled();
        });

        it("is built by its stack file and `pulumi up`, and nothing of it is in Argo CD yet", async () => {
            await measured("pulumi up of a fourth spoke", () => spoke.up());
            const { clusters } = await fleet.status();
            const applications = clusters.find(({ name }) => name === spoke.cluster)?.applications;
            assert.deepEqual(applications, []);
        });

        it("is adopted by one commit with its member file, and runs its app", async () => {
            await measured("git push of its member file to its app Synced and Healthy", async () => {
                const commit = await git.push(spoke.memberPath, () => spoke.member, `${spoke.cluster} joins`);
                assert.deepEqual(await git.changedFiles(), [spoke.memberPath]);
                await eventually(`${spoke.cluster} runs its app`, async () => {
                    const app = await fleet.application(`${spoke.cluster}-podinfo`);
                    const ready = app.workloads.map((workload) => [workload.ready, workload.desired]);
                    assert.deepEqual(
                        [app.sync, app.health, app.revision, ready],
                        ["Synced", "Healthy", commit, [[1, 1]]],
                    );
                });
            });
            await fleet.settled([spoke.cluster]);
        });
    });
}
