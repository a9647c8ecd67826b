import { control } from "../daemon/client.ts";
import type { Layout } from "../stacks/layout.ts";
import { running } from "./running.ts";

export async function advance(layout: Layout, days: number): Promise<void> {
    const { daemon } = await running(layout);
    const { gone } = await control<{ gone: string[] }>(daemon, "advance", { days });
    console.log(`${days} days passed. Gone for good: ${gone.length === 0 ? "nothing" : ""}`);
    for (const resource of gone) console.log(`  ${resource}`);
}
