import { mkdir } from "node:fs/promises";
import { buildMirror } from "../charts/mirror.ts";
import { startDaemon } from "../daemon/start.ts";
import { installEngineParts, type EnginePart } from "../engine/install.ts";
import { seedRepository, type SeedFile } from "../git/seed.ts";
import type { DaemonInfo } from "../stacks/environment.ts";
import { EXISTING_STACK, readExistingCluster } from "../stacks/existing-cluster.ts";
import type { Layout } from "../stacks/layout.ts";
import { hubCluster, overlayValues, sandboxStacks, writeProject } from "../stacks/project.ts";
import { writeShims } from "../stacks/shims.ts";
import { writeTools, type ResolvedTools } from "../stacks/tools-file.ts";

/** A sandbox in which `pulumi up` works, and nothing has been created yet. */
export interface Prepared {
    daemon: DaemonInfo;
    engine: EnginePart[];
    /** The stacks to bring up, hub first. */
    stacks: string[];
    /** What Git was seeded with, in one sentence. */
    seeded: string;
}

/** Engine parts, charts, Git, the daemon and the private project: whatever is missing or changed. */
export async function prepare(
    layout: Layout,
    tools: ResolvedTools,
    options: { signal: AbortSignal; onProgress: (what: string) => void },
): Promise<Prepared> {
    await mkdir(layout.state, { recursive: true });
    await writeTools(layout, tools);
    const engine = await installEngineParts({ layout, tools });
    await writeShims(layout);
    options.onProgress("packing the charts of the mirror");
    await buildMirror({
        outDir: layout.charts,
        argocdAssets: tools.argocd.assets,
        externalSecretsAssets: tools["external-secrets"].assets,
        helm: tools.helm.path,
    });
    const { note: seeded } = await seedRepository(layout.repo, layout.gitRepository, await addedMembers(layout));
    const daemon = await startDaemon(layout, options.signal);
    await writeProject(layout, overlayValues(layout, daemon));
    const stacks = await sandboxStacks(layout);
    return { daemon, engine, stacks, seeded };
}

/** Member files of clusters that were added to this sandbox and are not committed. */
async function addedMembers(layout: Layout): Promise<SeedFile[]> {
    const isThere = (await sandboxStacks(layout)).includes(EXISTING_STACK);
    return isThere ? [(await readExistingCluster(layout.repo, await hubCluster(layout.repo))).member] : [];
}
