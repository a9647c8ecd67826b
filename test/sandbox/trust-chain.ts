import assert from "node:assert/strict";
import type { DecisionEntry } from "../../sandbox/aws-twin/iam/decision-log.ts";
import { Adoption, restartController } from "./support/adoption.ts";
import { AwsConsole } from "./support/aws-console.ts";
import { eventually } from "./support/eventually.ts";
import { measured } from "./support/figures.ts";
import type { Fleet } from "./support/fleet.ts";
import {
    accessEntryHop,
    accessPolicyHop,
    type Hop,
    registrationHops,
    signInHops,
    type Target,
    trustHop,
} from "./support/hops.ts";

const SPOKES = [
    { stack: "dev", cluster: "dev-01", accountId: "222222222222" },
    { stack: "staging", cluster: "staging-01", accountId: "333333333333" },
    { stack: "prod", cluster: "prod-01", accountId: "444444444444" },
];

/** A spoke, its way into the hub, and how to put back what was taken from it. */
interface Spoke extends Target {
    adoption: Adoption;
    putBack: () => Promise<void>;
}

export function trustChainTests(fleet: Fleet): void {
    describe("the trust chain", () => {
        const spokes: Spoke[] = [];
        let since = "";

        before(async () => {
            const hub = await AwsConsole.of(fleet, "hub");
            for (const { stack, cluster, accountId } of SPOKES) {
                const spoke = await AwsConsole.of(fleet, stack);
                const adoption = new Adoption(fleet, cluster);
                spokes.push({ cluster, accountId, hub, spoke, adoption, putBack: () => Promise.resolve() });
            }
        });

        /** Takes a hop away from each spoke and has all of them adopted anew. */
        async function withoutHops(...hops: Hop[]): Promise<void> {
            since = new Date().toISOString();
            for (const [index, spoke] of spokes.entries()) await take(spoke, hops[index] as Hop);
            // Argo CD keeps the tokens of every cluster in memory.
            await restartController(fleet);
            for (const { adoption } of spokes) await adoption.forget();
        }

        /** What was taken away before is put back afterwards: at no moment is the way free. */
        async function take(spoke: Spoke, hop: Hop): Promise<void> {
            const { putBack } = spoke;
            spoke.putBack = await hop.takeAway(spoke);
            await putBack();
        }

        async function putEverythingBack(): Promise<void> {
            for (const { putBack } of spokes) await putBack();
            for (const spoke of spokes) spoke.putBack = () => Promise.resolve();
            await measured("a hop put back, to the fleet Synced and Healthy", async () => {
                await Promise.all(spokes.map(({ adoption }) => adoption.again()));
                await fleet.settled();
            });
        }

        const spoke = (index: number) => spokes[index] ?? assert.fail(`no spoke ${index}`);

        describe("lets nobody read a spoke's registration, and says why, without", () => {
            before(() => withoutHops(...registrationHops));
            after(putEverythingBack);

            for (const [index, hop] of registrationHops.entries()) {
                it(hop.title, async () => {
                    await spoke(index).adoption.registrationFails();
                    await deniedSince(since, hop.denied(spoke(index)));
                });
            }
        });

        describe("lets nobody into a spoke's cluster, and says why, without", () => {
            const [first, ...others] = signInHops;

            before(() => withoutHops(first as Hop, accessPolicyHop, trustHop));
            after(putEverythingBack);

            // A refused AssumeRole is tried again for a minute: one attempt to adopt dev-01 meets them one by one.
            for (const hop of signInHops) {
                it(hop.title, async () => {
                    if (others.includes(hop)) await take(spoke(0), hop);
                    await deniedSince(since, hop.denied(spoke(0)));
                    await spoke(0).adoption.pendingSince(since);
                });
            }
            it(accessEntryHop.title, async () => {
                await take(spoke(0), accessEntryHop);
                await deniedSince(since, accessEntryHop.denied(spoke(0)));
                await spoke(0).adoption.clusterOutOfReach();
            });
            it(accessPolicyHop.title, async () => {
                await deniedSince(since, accessPolicyHop.denied(spoke(1)));
                await spoke(1).adoption.clusterOutOfReach();
            });
            it(trustHop.title, async () => {
                await deniedSince(since, trustHop.denied(spoke(2)));
                await measured("a refused AssumeRole, until Argo CD gives up", () =>
                    spoke(2).adoption.clusterOutOfReach(),
                );
            });
        });
    });

    async function deniedSince(since: string, wanted: ReturnType<Hop["denied"]>): Promise<void> {
        await eventually(`a denied ${wanted.action} in the decisions`, async () => {
            const decisions = JSON.parse(await fleet.cli(["decisions", "--json", "--denied"])) as DecisionEntry[];
            const denied = decisions.filter(
                (entry) => (entry.lastTime ?? entry.time) >= since && entry.action.startsWith(wanted.action),
            );
            const found = denied.find(({ explanation }) => wanted.says.every((text) => explanation.includes(text)));
            const got = denied.map(({ explanation }) => explanation).join("\n");
            assert.ok(found, `wanted ${wanted.says.join(" … ")}\ngot ${got}`);
            assert.equal(found.allowed, false);
        });
    }
}
