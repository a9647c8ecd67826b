import { mkdir } from "node:fs/promises";
import { control } from "../daemon/client.ts";
import { sandboxEnvironment } from "../stacks/environment.ts";
import type { Layout } from "../stacks/layout.ts";
import { hubCluster } from "../stacks/project.ts";
import { Pulumi } from "../stacks/pulumi.ts";
import { takeLock } from "../stacks/run-lock.ts";
import { toolDirs } from "../stacks/tools-file.ts";
import { members, waitForFleet } from "../status/wait.ts";
import { renderTable } from "../status/table.ts";
import { runSteps } from "./display.ts";
import { stopEverything } from "./down.ts";
import { interruptible } from "./interrupt.ts";
import { prepare, type Prepared } from "./prepare.ts";
import { bringUp } from "./stacks-up.ts";
import { clusterEntries } from "./running.ts";
import { summary } from "./summary.ts";
import { terminalStyle } from "./status.ts";
import { toolsWithPlan } from "./tools-with-plan.ts";
import { vaultMemory } from "./vault-memory.ts";

/** Longest wait for Argo CD after the stacks are up. On two cores it takes about half a minute. */
const CONVERGE_TIMEOUT_MS = 600_000;

/**
 * Brings the fleet up and prints it. Can be run again at any time: it starts what is missing and
 * applies what changed. Ctrl-C before the table stops what this run started.
 */
export async function up(layout: Layout): Promise<void> {
    const started = Date.now();
    await mkdir(layout.root, { recursive: true });
    const release = await takeLock(layout.root, "up");
    const interrupt = interruptible();
    try {
        const tools = await toolsWithPlan(layout.repo, interrupt.signal);

        let prepared!: Prepared;
        await runSteps([
            [
                {
                    title: "Engine parts, charts and Git",
                    run: async (show) => {
                        prepared = await prepare(layout, tools, {
                            signal: interrupt.signal,
                            onProgress: (what) => show.update(what),
                        });
                    },
                },
            ],
        ]);
        const { daemon, engine, stacks, seeded } = prepared;
        const environment = sandboxEnvironment(layout, daemon, toolDirs(tools));
        const pulumi = (onLine: (line: string) => void) =>
            new Pulumi({ layout, environment, signal: interrupt.signal, onLine });
        const memory = await vaultMemory(layout, daemon);
        await bringUp(layout, stacks, pulumi, memory.lost);
        await memory.keep();

        const hub = await hubCluster(layout.repo);
        const expected = await members(layout.repo, hub);
        let table = "";
        await runSteps([
            [
                {
                    title: "Argo CD makes the fleet run what Git says",
                    run: async (show) => {
                        await control(daemon, "announce", {});
                        await waitForFleet({
                            clusters: () => clusterEntries(layout, daemon),
                            hub,
                            expected,
                            timeoutMs: CONVERGE_TIMEOUT_MS,
                            signal: interrupt.signal,
                            onPoll: (left) => show.update(`${left.length} to go: ${left[0] ?? "checking"}`),
                        }).then((fleet) => {
                            table = renderTable(fleet, terminalStyle());
                        });
                    },
                },
            ],
        ]);
        console.log(`\n${table}\n`);
        console.log(summary({ layout, daemon, engine, seeded, tools, seconds: (Date.now() - started) / 1000 }));
    } catch (error) {
        if (interrupt.signal.aborted) {
            console.error("\nInterrupted: stopping what runs …");
            await stopEverything(layout);
            throw new Error("Stopped, nothing left running. State kept; go on with: npm run sandbox", { cause: error });
        }
        throw error;
    } finally {
        interrupt.dispose();
        await release();
    }
}
