import { control } from "../daemon/client.ts";
import type { Layout } from "../stacks/layout.ts";
import { sandboxStacks } from "../stacks/project.ts";
import { Pulumi } from "../stacks/pulumi.ts";
import { takeLock } from "../stacks/run-lock.ts";
import { runSteps, type Step } from "./display.ts";
import { interruptible } from "./interrupt.ts";
import { running } from "./running.ts";

/** Longest pending-deletion window in AWS (KMS keys, Secrets Manager). */
const PENDING_DAYS = 30;

/** A resource of the twin, as its inventory lists it. */
interface InventoryItem {
    account: string;
    type: string;
    id: string;
    status: string;
}

/**
 * `pulumi destroy`, spokes before their hub, in the steps that the docs tell a user to take, and the
 * proof that nothing is left: empty stacks, and an empty inventory once the deletion windows are over.
 */
export async function destroy(layout: Layout): Promise<void> {
    const release = await takeLock(layout.root, "destroy");
    const interrupt = interruptible();
    try {
        const { daemon, environment } = await running(layout);
        const [hub = "hub", ...spokes] = await sandboxStacks(layout);
        const step = (stack: string): Step => ({
            title: `pulumi destroy -s ${stack}`,
            run: async (show) => {
                const onLine = (line: string) => show.update(line.trim());
                const cli = new Pulumi({ layout, environment, signal: interrupt.signal, onLine });
                if ((await cli.export(stack)).resources.length === 0) return;
                if (await cli.hasDeletionProtection(stack)) {
                    show.update("lifting the cluster's deletion protection");
                    await cli.liftDeletionProtection(stack);
                }
                // After the `up`, which protects again what the program protects.
                show.update("pulumi state unprotect --all");
                await cli.unprotect(stack);
                await cli.destroy(stack);
            },
        });
        await runSteps([spokes.map(step), [step(hub)]]);
        // Not AWS's and no stack's: what played the clusters that exist already.
        await control(daemon, "remove-clusters", {});

        const cli = new Pulumi({ layout, environment });
        const left: string[] = [];
        for (const stack of [hub, ...spokes]) {
            const { resources } = await cli.export(stack);
            left.push(...resources.map((resource) => `stack ${stack}: ${resource.urn}`));
        }
        const pending = (await control<InventoryItem[]>(daemon, "inventory")).filter((item) => item.status !== "");
        console.log(`\nStacks: ${left.length} resources left.`);
        console.log(`AWS: ${pending.length} resources wait for the end of their deletion window:`);
        for (const item of pending) console.log(`  ${item.account}  ${item.type}  ${item.id}  ${item.status}`);
        await control(daemon, "advance", { days: PENDING_DAYS });
        const rest = await control<InventoryItem[]>(daemon, "inventory");
        console.log(`AWS, ${PENDING_DAYS} days later: ${rest.length} resources left.`);
        left.push(...rest.map((item) => `${item.account} ${item.type} ${item.id}`));
        if (left.length > 0) throw new Error(`not everything is gone:\n  ${left.join("\n  ")}`);
        console.log("Nothing is left. Stop the sandbox itself with: npm run sandbox -- down");
    } finally {
        interrupt.dispose();
        await release();
    }
}
