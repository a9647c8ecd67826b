/**
 * The four stacks in the configurations that the committed files are not in: the other compute, private endpoints,
 * somebody else's VPCs, somebody else's Argo CD, a spoke that is ready to run its own. `npm run test:full` runs it
 * after `npm test`, which has the default configuration.
 */
import assert from "node:assert/strict";
import { prepare } from "../../sandbox/cli/prepare.ts";
import { resolveTools, toolNames } from "../../sandbox/tools/index.ts";
import { figuresTable, measured } from "../sandbox/support/figures.ts";
import { Fleet } from "../sandbox/support/fleet.ts";
import { downWhenInterrupted } from "../sandbox/support/interruption.ts";
import { installArgocd } from "./support/argocd.ts";
import { Checkout, type StackEdit } from "./support/checkout.ts";
import { NetworkTeam } from "./support/network-team.ts";

const stacks = ["hub", "dev", "staging", "prod"] as const;

describe("the four stacks, configured otherwise", function () {
    this.timeout("20m");

    after(() => console.log(`\n${figuresTable()}\n`));

    describe("EKS Auto Mode, private endpoints over VPC peering, dev with roles for an Argo CD of its own", () => {
        fleetTests({
            edits: everywhere((config) => {
                config["fleet:cluster"].compute = { auto: { nodePools: ["general-purpose", "system"] } };
                config["fleet:cluster"].endpoint = { public: false };
                config["fleet:connectivity"] = { mode: "peering" };
                // In the hub's VPC: peering goes no further.
                if (config["fleet:role"] === "spoke") config["fleet:vault"].sourceCidrs = ["10.0.0.10/32"];
                if (config["fleet:environment"] === "dev") {
                    config["fleet:distributed"] = true;
                    config["fleet:addonRoles"] = {
                        ...config["fleet:addonRoles"],
                        externalSecrets: { prefixes: ["fleet/dev-01/"] },
                    };
                }
            }),
        });
    });

    describe("VPCs and an Argo CD that somebody else made", () => {
        let network: NetworkTeam;
        fleetTests({
            edits: { hub: (config) => (config["fleet:argocd"] = { install: "existing" }) },
            async beforehand(fleet, checkout, prepared) {
                network = new NetworkTeam(fleet);
                const existing = await measured("the network team's VPCs", () => network.up());
                const edit = (stack: string): StackEdit => {
                    return (config) => (config["fleet:network"] = { existing: existing[stack] });
                };
                await checkout.edit(Object.fromEntries(stacks.map((stack) => [stack, edit(stack)])));
                await prepared();
                await measured("the hub without Argo CD, and Argo CD by Helm", () => installArgocd(fleet));
            },
            afterwards: () => network.destroy(),
        });
    });
});

/** One edit for all four stacks. */
function everywhere(edit: StackEdit): Record<string, StackEdit> {
    return Object.fromEntries(stacks.map((stack) => [stack, edit]));
}

interface Variant {
    edits: Record<string, StackEdit>;
    /**
     * With AWS there, and nothing of the fleet in it.
     * @param prepared brings the sandbox's private copies of the stack files up to date
     */
    beforehand?(fleet: Fleet, checkout: Checkout, prepared: () => Promise<void>): Promise<void>;
    /** After the fleet is gone. */
    afterwards?(): Promise<void>;
}

/** Up, unchanged, destroyed: in a clone whose stack files say something else. */
function fleetTests(variant: Variant): void {
    let checkout: Checkout;
    let fleet: Fleet;
    let release: () => void;

    before(async () => {
        checkout = await Checkout.make(variant.edits);
        fleet = new Fleet(".sandbox", checkout.folder);
        release = downWhenInterrupted(fleet);
    });
    after(async () => {
        await fleet.reset();
        release();
        await checkout.remove();
    });

    it("comes up with every Application Synced and Healthy", async () => {
        const tools = await resolveTools(toolNames, {});
        const { signal } = new AbortController();
        const prepared = async () => void (await prepare(fleet.layout, tools, { signal, onProgress: () => {} }));
        await prepared();
        await variant.beforehand?.(fleet, checkout, prepared);
        await measured("npm run sandbox", () => fleet.cli([], true));
    });

    it("is unchanged by a second `pulumi up`", async () => {
        for (const stack of stacks) {
            const summary = await fleet.preview(stack);
            assert.deepEqual(Object.keys(summary), ["same"], `stack ${stack}: ${JSON.stringify(summary)}`);
        }
    });

    it("is destroyed with nothing left but what it found", async () => {
        // Its exit code counts what other teams own too; the inventory at the end is the judge.
        const { all } = await measured("npm run sandbox -- destroy", () => fleet.start(["destroy"], { show: true }));
        assert.match(all, /Stacks: 0 resources left\./);
        await variant.afterwards?.();
        assert.deepEqual(await fleet.control("inventory"), []);
    });
}
