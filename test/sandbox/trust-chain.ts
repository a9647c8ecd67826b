import assert from "node:assert/strict";
import type { DecisionEntry } from "../../sandbox/aws-twin/iam/decision-log.ts";
import { Adoption } from "./support/adoption.ts";
import { AwsConsole } from "./support/aws-console.ts";
import { eventually } from "./support/eventually.ts";
import { measured } from "./support/figures.ts";
import type { Fleet } from "./support/fleet.ts";
import { type Consoles, type Hop, hops } from "./support/hops.ts";

export function trustChainTests(fleet: Fleet): void {
    describe("the adoption of dev-01 fails, and says why, without", () => {
        const adoption = new Adoption(fleet, "dev-01");
        let aws: Consoles;
        let putBack: (() => Promise<void>) | undefined;

        before(async () => {
            aws = { hub: await AwsConsole.of(fleet, "hub"), dev: await AwsConsole.of(fleet, "dev") };
        });
        afterEach(async () => {
            await putBack?.();
            putBack = undefined;
            await adoption.again();
            await fleet.settled();
        });

        for (const hop of hops) {
            it(hop.title, async () => {
                const since = new Date().toISOString();
                putBack = await hop.takeAway(aws);
                await adoption.forget();
                await measured(`adoption refused without ${hop.title}`, () => refused(adoption, hop, since));
            });
        }
    });

    async function refused(adoption: Adoption, hop: Hop, since: string): Promise<void> {
        if (hop.of === "registration") await adoption.registrationFails();
        else await adoption.clusterOutOfReach();
        await eventually(`a denied ${hop.denied.action} in the decisions`, async () => {
            const decisions = JSON.parse(await fleet.cli(["decisions", "--json"])) as DecisionEntry[];
            const denied = decisions.filter(
                (entry) =>
                    !entry.allowed &&
                    (entry.lastTime ?? entry.time) >= since &&
                    entry.action.startsWith(hop.denied.action),
            );
            const found = denied.find(({ explanation }) => hop.denied.says.every((text) => explanation.includes(text)));
            assert.ok(found, `wanted ${hop.denied.says.join(" … ")}\ngot ${JSON.stringify(denied, null, 2)}`);
        });
    }
}
