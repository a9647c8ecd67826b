import type { Layout } from "../stacks/layout.ts";
import type { ChangeSummary, Pulumi } from "../stacks/pulumi.ts";
import { hasStaleLock, stackExists } from "../stacks/file-backend.ts";
import { runSteps, type Step } from "./display.ts";

/** `name:` in Pulumi.yaml. */
const PROJECT = "fleet";

/**
 * `pulumi up` of the hub, then of its spokes side by side: they need the hub's outputs, not each other.
 * @param refresh Whether each looks first at what is really there.
 */
export async function bringUp(
    layout: Layout,
    stacks: string[],
    pulumi: (onLine: (line: string) => void) => Pulumi,
    refresh: boolean,
): Promise<void> {
    const [hub = "hub", ...spokes] = stacks;
    const step = (stack: string) => bringUpStack(layout, stack, pulumi, refresh);
    await runSteps([[step(hub)], spokes.map(step)]);
}

/** `pulumi up` of one stack, after what a killed run left has been cleared. */
export function bringUpStack(
    layout: Layout,
    stack: string,
    pulumi: (onLine: (line: string) => void) => Pulumi,
    refresh: boolean,
): Step {
    return {
        title: `pulumi up -s ${stack}`,
        run: async (show) => {
            const cli = pulumi((line) => show.update(line.trim()));
            if (!stackExists(layout.pulumiBackend, PROJECT, stack)) await cli.ensureStack(stack);
            if (await hasStaleLock(layout.pulumiBackend, PROJECT, stack)) {
                show.update("releasing the lock of a run that was killed");
                await cli.cancel(stack);
                show.update("clearing what that run left as creating");
                await cli.clearPendingCreates(stack);
            }
            show.title(`pulumi up -s ${stack}: ${changes(await cli.up(stack, refresh))}`);
        },
    };
}

/** "61 created", "2 updated, 1 deleted", "unchanged". */
export function changes(summary: ChangeSummary): string {
    const parts = Object.entries(summary).filter(([word]) => word !== "unchanged");
    return parts.length === 0 ? "unchanged" : parts.map(([word, count]) => `${count} ${word}`).join(", ");
}
