import { mkdir } from "node:fs/promises";
import { buildMirror } from "../charts/mirror.ts";
import { control } from "../daemon/client.ts";
import { startDaemon } from "../daemon/start.ts";
import { installEngineParts, type EnginePart } from "../engine/install.ts";
import { seedRepository, type SeedFile } from "../git/seed.ts";
import { sandboxEnvironment, type DaemonInfo } from "../stacks/environment.ts";
import { EXISTING_STACK, readExistingCluster } from "../stacks/existing-cluster.ts";
import type { Layout } from "../stacks/layout.ts";
import { hubCluster, overlayValues, sandboxStacks, writeProject } from "../stacks/project.ts";
import { Pulumi } from "../stacks/pulumi.ts";
import { takeLock } from "../stacks/run-lock.ts";
import { writeShims } from "../stacks/shims.ts";
import { toolDirs, writeTools } from "../stacks/tools-file.ts";
import { members, waitForFleet } from "../status/wait.ts";
import { renderTable } from "../status/table.ts";
import { runSteps } from "./display.ts";
import { stopEverything } from "./down.ts";
import { interruptible } from "./interrupt.ts";
import { bringUp } from "./stacks-up.ts";
import { clusterEntries } from "./running.ts";
import { summary } from "./summary.ts";
import { terminalStyle } from "./status.ts";
import { toolsWithPlan } from "./tools-with-plan.ts";
import { vaultMemory } from "./vault-memory.ts";

/** Longest wait for Argo CD after the stacks are up. On two cores it takes about half a minute. */
const CONVERGE_TIMEOUT_MS = 600_000;

/** Member files of clusters that were added to this sandbox and are not committed. */
async function addedMembers(layout: Layout): Promise<SeedFile[]> {
    const isThere = (await sandboxStacks(layout)).includes(EXISTING_STACK);
    return isThere ? [(await readExistingCluster(layout.repo, await hubCluster(layout.repo))).member] : [];
}

/**
 * Brings the fleet up and prints it. Can be run again at any time: it starts what is missing and
 * applies what changed. Ctrl-C before the table stops what this run started.
 */
export async function up(layout: Layout): Promise<void> {
    const started = Date.now();
    await mkdir(layout.state, { recursive: true });
    const release = await takeLock(layout.root, "up");
    const interrupt = interruptible();
    try {
        const tools = await toolsWithPlan(layout.repo, interrupt.signal);
        await writeTools(layout, tools);

        let daemon!: DaemonInfo;
        let engine: EnginePart[] = [];
        let stacks: string[] = [];
        let seeded = "";
        await runSteps([
            [
                {
                    title: "Engine parts, charts and Git",
                    run: async (show) => {
                        const helm = tools.helm.path;
                        engine = await installEngineParts({ layout, tools });
                        await writeShims(layout);
                        show.update("packing the charts of the mirror");
                        await buildMirror({
                            outDir: layout.charts,
                            argocdAssets: tools.argocd.assets,
                            externalSecretsAssets: tools["external-secrets"].assets,
                            helm,
                        });
                        seeded = (await seedRepository(layout.repo, layout.gitRepository, await addedMembers(layout)))
                            .note;
                        daemon = await startDaemon(layout, interrupt.signal);
                        await writeProject(layout, overlayValues(layout, daemon));
                        stacks = await sandboxStacks(layout);
                    },
                },
            ],
        ]);
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
