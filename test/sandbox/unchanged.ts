import assert from "node:assert/strict";
import { committedStacks } from "../../sandbox/stacks/project.ts";
import { repo, type Fleet } from "./support/fleet.ts";
import { measured } from "./support/figures.ts";

export function unchangedTests(fleet: Fleet): void {
    describe("nothing changed since", () => {
        it("previews no change in any stack, and a preview changes nothing in AWS", async () => {
            const hash = await fleet.twinHash();
            for (const stack of await committedStacks(repo)) {
                const summary = await measured(`pulumi preview -s ${stack}`, () => fleet.preview(stack));
                assert.deepEqual(Object.keys(summary), ["same"], `stack ${stack}: ${JSON.stringify(summary)}`);
            }
            assert.equal(await fleet.twinHash(), hash);
        });

        it("is left as it is by another `npm run sandbox`", async () => {
            const hash = await fleet.twinHash();
            const output = await measured("npm run sandbox, nothing to do", () => fleet.cli([]));
            for (const stack of await committedStacks(repo)) {
                assert.match(output, new RegExp(`pulumi up -s ${stack}: unchanged`));
            }
            assert.equal(await fleet.twinHash(), hash);
        });
    });
}
