import path from "node:path";
import { mkdir } from "node:fs/promises";
import { buildMirror } from "../charts/mirror.ts";
import { startDaemon } from "../daemon/start.ts";
import { installEngineParts, type EnginePart } from "../engine/install.ts";
import { seedRepository } from "../git/seed.ts";
import type { DaemonInfo } from "../stacks/environment.ts";
import type { Layout } from "../stacks/layout.ts";
import { writeProject } from "../stacks/project.ts";
import { writeShims } from "../stacks/shims.ts";
import { writeTools, type ResolvedTools } from "../stacks/tools-file.ts";

/** A sandbox in which `pulumi up` works, and nothing has been created yet. */
export interface Prepared {
    daemon: DaemonInfo;
    engine: EnginePart[];
    /** The committed stacks, hub first. */
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
    const { note: seeded } = await seedRepository(layout.repo, layout.gitRepository);
    const daemon = await startDaemon(layout, options.signal);
    const url = `http://127.0.0.1:${daemon.port}`;
    const stacks = await writeProject(layout, {
        pulumiBackend: layout.pulumiBackend,
        gitUrl: `${url}/git/${path.basename(layout.gitRepository)}`,
        chartMirror: `${url}/charts`,
        vaultAddress: daemon.vaultAddress,
    });
    return { daemon, engine, stacks, seeded };
}
