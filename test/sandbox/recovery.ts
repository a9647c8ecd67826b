import assert from "node:assert/strict";
import { committedStacks } from "../../sandbox/stacks/project.ts";
import { Adoption } from "./support/adoption.ts";
import { eventually } from "./support/eventually.ts";
import { measured } from "./support/figures.ts";
import { repo, type Fleet } from "./support/fleet.ts";
import { GitClone } from "./support/git-clone.ts";
import { assertVault } from "./vault.ts";

const DEV = "cluster/222222222222.dev-01/";

/** How the id of each kind of process ends. */
const KINDS = [
    `${DEV}etcd`,
    `${DEV}kube-apiserver`,
    `${DEV}kube-controller-manager`,
    `${DEV}kube-scheduler`,
    `${DEV}kwok`,
    "/argocd-application-controller",
    "/argocd-applicationset-controller",
    "/argocd-repo-server",
    "/argocd-server",
    "/redis",
    "/external-secrets",
];

export function recoveryTests(fleet: Fleet): void {
    describe("kill -9", () => {
        for (const kind of KINDS) {
            it(`of ${kind} is made good at once`, async () => {
                const [one, ...replicas] = await fleet.running(kind);
                assert.ok(one, `no running process ends in ${kind}`);
                process.kill(one.pid, "SIGKILL");
                await measured(`kill -9 of ${kind}, to the fleet Synced and Healthy`, async () => {
                    await eventually(`${kind} runs again`, async () => {
                        const pids = (await fleet.running(kind)).map(({ pid }) => pid);
                        assert.equal(pids.length, replicas.length + 1);
                        assert.equal(pids.includes(one.pid), false);
                    });
                    await fleet.settled();
                });
            });
        }

        it("of Vault, which forgets everything, and of the daemon is made good by `npm run sandbox`", async () => {
            const [daemon, vault] = [await fleet.daemon(), await fleet.process("vault")];
            process.kill(vault.pid, "SIGKILL");
            process.kill(daemon.pid, "SIGKILL");
            await measured("kill -9 of Vault and the daemon, then npm run sandbox", () => fleet.cli([]));
            assert.notEqual((await fleet.daemon()).pid, daemon.pid);
            assert.notEqual((await fleet.process("vault")).pid, vault.pid);
            await fleet.settled();
            await assertVault(fleet);
        });

        it("leaves a fleet that adopts a spoke and delivers a commit as before", async () => {
            const adoption = new Adoption(fleet, "dev-01");
            await adoption.forget();
            await adoption.again();
            const git = await GitClone.of(fleet);
            try {
                const overlay = "gitops/apps/overlays/dev/podinfo/kustomization.yaml";
                await git.push(overlay, (text) => text.replace(/newTag: .*/, "newTag: 6.9.4"), "podinfo 6.9.4 on dev");
                await eventually("dev runs the image that was pushed", async () => {
                    const { images, sync, health } = await fleet.application("dev-01-podinfo");
                    assert.deepEqual(
                        [images, sync, health],
                        [["ghcr.io/stefanprodan/podinfo:6.9.4"], "Synced", "Healthy"],
                    );
                });
            } finally {
                await git.undo();
                await git.remove();
            }
            await fleet.settled();
        });

        it("leaves every stack with nothing to change", async () => {
            for (const stack of await committedStacks(repo)) {
                assert.deepEqual(Object.keys(await fleet.preview(stack)), ["same"], stack);
            }
        });
    });
}
