/**
 * The fleet end to end: one sandbox in `.sandbox-test`, brought up by the command that its users type, looked at and
 * disturbed by the parts in order, and taken down at the end, also after a failure or Ctrl-C.
 */
import assert from "node:assert/strict";
import { execa } from "execa";
import { accessPolicyTests } from "./access-policy.ts";
import { consumerTests } from "./consumer.ts";
import { deliveryTests } from "./delivery.ts";
import { destroyTests } from "./destroy.ts";
import { evaluatorTests } from "./evaluator.ts";
import { existingClusterTests } from "./existing-cluster.ts";
import { externalSecretsTests } from "./external-secrets.ts";
import { fourthSpokeTests } from "./fourth-spoke.ts";
import { recoveryTests } from "./recovery.ts";
import { secondSandboxTests } from "./second-sandbox.ts";
import { statusTests } from "./status.ts";
import { trustChainTests } from "./trust-chain.ts";
import { unchangedTests } from "./unchanged.ts";
import { vaultTests } from "./vault.ts";
import { figuresTable, measured } from "./support/figures.ts";
import { Fleet, repo } from "./support/fleet.ts";
import { downWhenInterrupted } from "./support/interruption.ts";

describe("the fleet end to end", function () {
    this.timeout("15m");
    const fleet = new Fleet(".sandbox-test");
    let checkout: string;
    let release: () => void;

    before(async () => {
        release = downWhenInterrupted(fleet);
        checkout = await gitStatus();
        // What a run that was killed left behind.
        await fleet.reset();
        await measured("npm run sandbox, tools there", () => fleet.cli([], true));
    });

    after(async () => {
        await fleet.reset();
        release();
        console.log(`\n${figuresTable()}\n`);
    });

    statusTests(fleet);
    unchangedTests(fleet);
    vaultTests(fleet);
    deliveryTests(fleet);
    evaluatorTests();
    trustChainTests(fleet);
    accessPolicyTests(fleet);
    externalSecretsTests(fleet);
    fourthSpokeTests(fleet);
    recoveryTests(fleet);
    secondSandboxTests(fleet);
    existingClusterTests(fleet);
    consumerTests(fleet);

    destroyTests(fleet);

    describe("the checkout", () => {
        it("is as it was", async () => {
            assert.equal(await gitStatus(), checkout);
        });
    });
});

async function gitStatus(): Promise<string> {
    return (await execa("git", ["status", "--porcelain"], { cwd: repo })).stdout;
}
