import assert from "node:assert/strict";

import type { Props } from "../../sandbox/engine/kit/types.ts";
import type { ProgramRun } from "../../sandbox/plan/program.ts";
import { runStack } from "../../sandbox/plan/runner.ts";
import { changedConfig, committedStacks } from "../plan/stacks.ts";
import { World } from "./support/world.ts";

/** What the twin's Check says against the planned AWS resources of a stack. */
async function refusals({ resources }: ProgramRun): Promise<string[]> {
    const world = new World();
    const found: string[] = [];
    for (const { type, name, inputs, custom } of resources) {
        if (!custom || !type.startsWith("aws:")) continue;
        const { failures } = await world.check(type, name, inputs as Props);
        found.push(...failures.map(({ property, reason }) => `${name}: ${property} ${reason}`));
    }
    return found;
}

describe("The AWS twin and the plans", () => {
    it("agree on every property of the committed stacks", async () => {
        for (const run of Object.values(await committedStacks())) assert.deepEqual(await refusals(run), []);
    });

    it("agree on every property of a hub with a chart registry, and of a distributed spoke that reads it", async () => {
        const hub = await runStack(
            "hub",
            await changedConfig("hub", { "fleet:chartRegistry": { charts: ["fleet", "projects"] } }),
        );
        const config = await changedConfig("dev", {
            "fleet:distributed": true,
            "fleet:addonRoles": { externalSecrets: { prefixes: ["argocd/dev-01/"] } },
        });
        const dev = await runStack("dev", config, { hubOutputs: hub.outputs });
        for (const run of [hub, dev]) {
            assert.ok(run.resources.some(({ type }) => type.startsWith("fleet:registry:")));
            assert.deepEqual(await refusals(run), []);
        }
    });

    it("agree on every property of a spoke that uses all of identity, registration and parameters", async () => {
        const { hub } = await committedStacks();
        const config = await changedConfig("dev", {
            "fleet:iam": { path: "/fleet/", permissionsBoundary: "arn:aws:iam::222222222222:policy/boundary" },
            "fleet:distributed": true,
            "fleet:parameters": { readerAccounts: ["333333333333"] },
            "fleet:registration": { recoveryWindowInDays: 7, replicaRegions: ["eu-central-1"] },
            "fleet:addonRoles": {
                loadBalancerController: true,
                karpenter: true,
                externalDns: { hostedZoneIds: ["Z0000DNS"] },
                certManager: { hostedZoneIds: ["Z0000ACME"] },
                imageUpdater: { repositories: ["shop/app"] },
                externalSecrets: { prefixes: ["shop/"] },
            },
        });
        const run = await runStack("dev", config, { hubOutputs: hub.outputs });
        assert.ok(run.resources.some(({ type }) => type === "aws:ram/resourceShare:ResourceShare"));
        assert.deepEqual(await refusals(run), []);
    });
});
