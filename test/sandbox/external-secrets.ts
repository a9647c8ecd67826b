import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { Adoption } from "./support/adoption.ts";
import { eventually } from "./support/eventually.ts";
import { measured } from "./support/figures.ts";
import type { Fleet } from "./support/fleet.ts";

/** Longer than External Secrets takes to answer, on a busy machine too. */
const STAYS_GONE_MS = 10_000;

export function externalSecretsTests(fleet: Fleet): void {
    describe("a cluster secret that was deleted", () => {
        const adoption = new Adoption(fleet, "dev-01");
        let pid: number | undefined;

        afterEach(async () => {
            if (pid !== undefined) process.kill(pid, "SIGCONT");
            await adoption.again();
            await fleet.settled();
        });

        it("stays gone while External Secrets is stopped, and is back when it goes on", async () => {
            ({ pid } = await fleet.process("/external-secrets"));
            process.kill(pid, "SIGSTOP");
            // What it had sent before it stopped still reaches the API server.
            await sleep(2000);
            await fleet.kube("hub-01").delete("/api/v1/namespaces/argocd/secrets/dev-01");
            await adoption.sync();
            await sleep(STAYS_GONE_MS);
            assert.equal((await fleet.process("/external-secrets")).pid, pid);
            assert.equal(await adoption.secretExists(), false, await processState(pid));

            process.kill(pid, "SIGCONT");
            await measured("External Secrets goes on to the cluster secret back", () =>
                eventually("the cluster secret is back", async () => assert.ok(await adoption.secretExists())),
            );
        });
    });
}

async function processState(pid: number): Promise<string> {
    return (await execa("ps", ["-o", "stat=,lstart=,args=", "-p", String(pid)], { reject: false })).stdout;
}
