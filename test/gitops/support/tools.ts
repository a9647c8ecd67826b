import { tmpdir } from "node:os";
import path from "node:path";
import { mkdtemp, rm } from "node:fs/promises";

import { buildMirror } from "../../../sandbox/charts/mirror.ts";
import { type ResolvedTool, resolveTools } from "../../../sandbox/tools/index.ts";

/** Longest time that the tools may take to be built, where they are neither on PATH nor in the cache. */
const SETUP_TIMEOUT_MS = 900_000;

type Name = "argocd" | "external-secrets" | "helm" | "kustomize";

let tools: Promise<Record<Name, ResolvedTool>> | undefined;

/** Registers the setup of a suite that calls {@link tool}; call it within `describe`. */
export function needsTools(): void {
    before(async function () {
        this.timeout(SETUP_TIMEOUT_MS);
        tools ??= resolveTools(["helm", "kustomize", "argocd", "external-secrets"]);
        await tools;
    });
}

/** A tool, once {@link needsTools} has run. */
export async function tool(name: Name): Promise<ResolvedTool> {
    if (tools === undefined) {
        throw new Error(`the suite uses ${name} but does not call needsTools()`);
    }
    return (await tools)[name];
}

/** Where a tool's assets are; a tool without them is an error. */
export async function assets(name: Name): Promise<string> {
    const folder = (await tool(name)).assets;
    if (folder === undefined) {
        throw new Error(`${name} came without assets`);
    }
    return folder;
}

/** The chart mirror, built for one suite and removed after it; call it within `describe`. */
export function mirror(): { folder: () => string } {
    let folder = "";
    before(async function () {
        this.timeout(60_000);
        folder = path.join(await mkdtemp(path.join(tmpdir(), "fleet-mirror-test-")), "charts");
        await buildMirror({
            outDir: folder,
            argocdAssets: await assets("argocd"),
            externalSecretsAssets: await assets("external-secrets"),
            helm: (await tool("helm")).path,
        });
    });
    after(() => rm(path.dirname(folder), { recursive: true, force: true }));
    return { folder: () => folder };
}
