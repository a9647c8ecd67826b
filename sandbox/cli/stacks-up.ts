import type { Layout } from "../stacks/layout.ts";
import type { ChangeSummary, Pulumi } from "../stacks/pulumi.ts";
import { hasStaleLock } from "../stacks/stale-locks.ts";
import { runSteps, type Step } from "./display.ts";

/** `name:` in Pulumi.yaml. */
const PROJECT = "fleet";

/** `pulumi up` of the hub, then of its spokes side by side: they need the hub's outputs, not each other. */
export async function bringUp(
    layout: Layout,
    stacks: string[],
    pulumi: (onLine: (line: string) => void) => Pulumi,
): Promise<void> {
    const [hub = "hub", ...spokes] = stacks;
    const step = (stack: string): Step => ({
        title: `pulumi up -s ${stack}`,
        run: async (show) => {
            const cli = pulumi((line) => show.update(line.trim()));
            await cli.ensureStack(stack);
            if (await hasStaleLock(layout.pulumiBackend, PROJECT, stack)) {
                show.update("releasing the lock of a run that was killed");
                await cli.cancel(stack);
            }
            if ((await cli.export(stack)).pending > 0) {
                show.update("clearing what an interrupted run left as creating");
                await cli.clearPendingCreates(stack);
            }
            show.title(`pulumi up -s ${stack}: ${changes(await cli.up(stack))}`);
        },
    });
    await runSteps([[step(hub)], spokes.map(step)]);
}

/** "61 created", "2 updated, 59 unchanged", "unchanged". */
export function changes(summary: ChangeSummary): string {
    const words: [string, string][] = [
        ["create", "created"],
        ["update", "updated"],
        ["replace", "replaced"],
        ["delete", "deleted"],
    ];
    const parts = words.flatMap(([operation, word]) => {
        const count = summary[operation] ?? 0;
        return count === 0 ? [] : [`${count} ${word}`];
    });
    return parts.length === 0 ? "unchanged" : parts.join(", ");
}
