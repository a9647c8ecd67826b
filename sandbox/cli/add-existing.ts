import { readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { parse, stringify } from "yaml";
import { control } from "../daemon/client.ts";
import { seedRepository } from "../git/seed.ts";
import { EXISTING_STACK, readExistingCluster } from "../stacks/existing-cluster.ts";
import type { Layout } from "../stacks/layout.ts";
import { hubCluster, overlayFor, merge } from "../stacks/project.ts";
import { Pulumi } from "../stacks/pulumi.ts";
import { takeLock } from "../stacks/run-lock.ts";
import type { ClusterEntry } from "../status/collect.ts";
import { renderTable } from "../status/table.ts";
import { members, waitForFleet } from "../status/wait.ts";
import { runSteps } from "./display.ts";
import { interruptible } from "./interrupt.ts";
import { clusterEntries, running } from "./running.ts";
import { bringUpStack } from "./stacks-up.ts";
import { terminalStyle } from "./status.ts";

/** Longest wait for the new cluster to run what Git says. */
const CONVERGE_TIMEOUT_MS = 600_000;

/**
 * A cluster outside AWS joins the fleet: a control plane that the twin knows nothing of, the stack of
 * examples/existing-cluster with the kubeconfig as a secret, and the commit of its member file.
 */
export async function addExisting(layout: Layout): Promise<void> {
    const release = await takeLock(layout.root, "add-existing");
    const interrupt = interruptible();
    try {
        const { daemon, environment } = await running(layout);
        const hub = await hubCluster(layout.repo);
        const existing = await readExistingCluster(layout.repo, hub);
        const cli = (onLine: (line: string) => void) =>
            new Pulumi({ layout, environment, signal: interrupt.signal, onLine });
        let table = "";
        await runSteps([
            [
                {
                    title: `${existing.cluster}: a control plane outside AWS`,
                    run: async () => {
                        const { cluster: name, kubernetesVersion } = existing;
                        const { kubeconfig } = await control<ClusterEntry>(daemon, "add-cluster", {
                            name,
                            kubernetesVersion,
                        });
                        const pulumi = cli(() => {});
                        const isNew = await writeStackFile(layout, existing.stackFile, daemon);
                        if (isNew) await pulumi.ensureStack(EXISTING_STACK);
                        await pulumi.setSecret(EXISTING_STACK, "fleet:kubeconfig", await readFile(kubeconfig, "utf8"));
                    },
                },
            ],
            [bringUpStack(layout, EXISTING_STACK, cli, false)],
            [
                {
                    title: `Its member file is committed, and the hub adopts it`,
                    run: async (show) => {
                        await seedRepository(layout.repo, layout.gitRepository, [existing.member]);
                        await control(daemon, "announce", {});
                        const fleet = await waitForFleet({
                            clusters: () => clusterEntries(layout, daemon),
                            hub,
                            expected: [...(await members(layout.repo, hub)), existing.cluster],
                            timeoutMs: CONVERGE_TIMEOUT_MS,
                            signal: interrupt.signal,
                            onPoll: (left) => show.update(`${left.length} to go: ${left[0] ?? "checking"}`),
                        });
                        table = renderTable(fleet, terminalStyle());
                    },
                },
            ],
        ]);
        console.log(`\n${table}\n`);
    } finally {
        interrupt.dispose();
        await release();
    }
}

/** The example's stack file with the overlay. What the engine added to an earlier copy stays. */
async function writeStackFile(
    layout: Layout,
    { config }: { config: Record<string, unknown> },
    daemon: { port: number; vaultAddress: string },
): Promise<boolean> {
    const file = stackFileOf(layout);
    const before = await stat(file).then(
        async () => parse(await readFile(file, "utf8")) as { encryptionsalt?: string },
        () => undefined,
    );
    const overlay = (await overlayFor(layout, daemon)) as { config: unknown };
    const salt = before?.encryptionsalt === undefined ? {} : { encryptionsalt: before.encryptionsalt };
    await writeFile(file, stringify({ ...salt, config: merge(config, overlay.config) }));
    return before === undefined;
}

function stackFileOf(layout: Layout): string {
    return path.join(layout.pulumiProject, "cfg", `Pulumi.${EXISTING_STACK}.yaml`);
}
