import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";

import type { PlannedResource } from "../../sandbox/plan/registration.ts";
import { committedStacks, stackNames } from "./stacks.ts";

/** A renamed, re-typed or re-parented resource is another resource to Pulumi: it would be deleted and made anew. */
function inventory(resources: readonly PlannedResource[]): string {
    const names = new Map(resources.map(({ urn, name }) => [urn, name]));
    const lines = resources.map(({ type, name, parent }) => `${type}  ${name}  ${names.get(parent) ?? "-"}`);
    return `${lines.toSorted().join("\n")}\n`;
}

describe("plan: inventory", function () {
    this.timeout(60_000);
    for (const stack of stackNames) {
        it(`${stack} registers what golden/${stack}.golden.txt lists (type, name, parent)`, async () => {
            const file = new URL(`golden/${stack}.golden.txt`, import.meta.url);
            const actual = inventory((await committedStacks())[stack].resources);
            if (process.env.UPDATE_GOLDEN === "1") {
                writeFileSync(file, actual);
            }
            assert.equal(
                actual,
                readFileSync(file, "utf8"),
                "If the change is wanted, give the resource an alias and run the tests with UPDATE_GOLDEN=1.",
            );
        });
    }

    it("registers no two resources of one URN", async () => {
        for (const { resources } of Object.values(await committedStacks())) {
            const urns = resources.map(({ type, name, parent }) => `${parent} ${type} ${name}`);
            assert.equal(new Set(urns).size, urns.length);
        }
    });
});
