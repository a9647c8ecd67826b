import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { sandboxStacks } from "../../sandbox/stacks/project.ts";
import { measured } from "./support/figures.ts";
import type { Fleet } from "./support/fleet.ts";
import { processesOf } from "./support/processes.ts";

interface InventoryItem {
    account: string;
    type: string;
    id: string;
    status: string;
}

/** What AWS keeps for its deletion window: keys, and secrets encrypted with them. */
const PENDING_TYPES = ["aws:kms/key:Key", "aws:secretsmanager/secret:Secret"];

export function destroyTests(fleet: Fleet): void {
    describe("the end", () => {
        it("of every stack leaves nothing in AWS but what waits for its deletion window, then nothing", async () => {
            const stacks = await sandboxStacks(fleet.layout);
            assert.ok(stacks.includes("onprem"));
            const before = await fleet.control<InventoryItem[]>("inventory");
            const expected = before
                .filter(({ type }) => PENDING_TYPES.includes(type))
                .map(({ id }) => id)
                .toSorted();
            assert.ok(expected.length >= 8, "a key and a secret for each cluster");

            const output = await measured("npm run sandbox -- destroy", () => fleet.cli(["destroy"], true));
            assert.match(output, /Stacks: 0 resources left\./);
            assert.match(output, /AWS: (\d+) resources wait for the end of their deletion window:/);
            const listed = expected.filter((id) => output.includes(id));
            assert.deepEqual(listed, expected);
            assert.ok(output.includes(`AWS: ${expected.length} resources wait`), output);
            assert.match(output, /AWS, 30 days later: 0 resources left\./);

            assert.deepEqual(await fleet.control("inventory"), []);
            assert.deepEqual(await fleet.control("clusters"), []);
            const pulumi = await fleet.pulumi();
            for (const stack of stacks) {
                assert.deepEqual((await pulumi.export(stack)).resources, []);
            }
            const running = (await fleet.processes()).filter((process) => process.running).map(({ id }) => id);
            assert.deepEqual(running, ["vault"]);
        });

        it("of the sandbox leaves no process and no folder", async () => {
            assert.ok((await processesOf(fleet.layout.root)).length >= 2, "the daemon and Vault are found");
            await fleet.cli(["reset"]);
            assert.deepEqual(await processesOf(fleet.layout.root), []);
            assert.equal(existsSync(fleet.layout.root), false);
        });
    });
}
