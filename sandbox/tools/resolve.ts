import { existsSync } from "node:fs";
import path from "node:path";

import { buildTool, fetchAssets } from "./build.ts";
import { assetsFolder, cachedEntry, cacheRoot, entryBinary } from "./cache.ts";
import { parseToolNames, type ToolName, toolSpec } from "./catalog.ts";
import { type MissingTool, MissingToolsError } from "./errors.ts";
import { builds, findGo, type GoToolchain, requiredGo } from "./go.ts";
import { type Installed, InstalledTools } from "./installed.ts";
import { inBuildOrder, type Job, type ResolvedTool, runJobs } from "./jobs.ts";
import type { OnToolProgress } from "./progress.ts";
import { compareReleases } from "./version.ts";

export interface ResolveOptions {
    onProgress?: OnToolProgress;
    /** Stops a build; nothing half made stays. */
    signal?: AbortSignal;
    /** @default process.env */
    env?: NodeJS.ProcessEnv;
}

/**
 * Finds each tool on PATH or in the cache, and builds the rest, one after the other.
 *
 * @throws MissingToolsError listing every tool that can be had in no way, before anything is built
 * @throws ToolBuildError at the first build that fails
 * @throws the signal's reason, when it fires
 */
export async function resolveTools<Name extends ToolName>(
    names: readonly Name[],
    { onProgress = () => undefined, signal, env = process.env }: ResolveOptions = {},
): Promise<Record<Name, ResolvedTool>> {
    const wanted = parseToolNames(names);
    const root = cacheRoot(env);
    const machine = new InstalledTools(root, env);
    const [go, ...installed] = await Promise.all([findGo(env), ...wanted.map((name) => machine.find(name))]);
    await machine.save();

    const resolved = new Map<ToolName, ResolvedTool>();
    const jobs: Job[] = [];
    const missing: MissingTool[] = [];
    for (const [index, name] of wanted.entries()) {
        const onMachine = installed[index] ?? { unfit: [] };
        const ready = readyTool(root, name, onMachine, go);
        if (ready) {
            resolved.set(name, ready);
            onProgress({
                tool: name,
                state: ready.origin === "path" ? "found" : "cached",
                version: ready.version,
                detail: ready.path,
                elapsedSeconds: 0,
                expectedSeconds: 0,
                laterSeconds: 0,
                position: resolved.size,
                total: wanted.length,
            });
        } else if (builds(go, toolSpec(name).module)) {
            jobs.push(job(root, name, onMachine, go));
        } else {
            missing.push(missingTool(name, onMachine));
        }
    }
    if (missing.length > 0) {
        const required = missing.map(({ name }) => requiredGo(toolSpec(name).module)).toSorted(compareReleases);
        throw new MissingToolsError(missing, required.at(-1) ?? "", go?.version);
    }
    const run = { root, env, signal, onProgress, total: wanted.length, ready: resolved.size };
    for (const [name, tool] of await runJobs(inBuildOrder(jobs), run)) {
        resolved.set(name, tool);
    }
    return Object.fromEntries(wanted.map((name) => [name, resolved.get(name)])) as Record<Name, ResolvedTool>;
}

/** The tool, if nothing needs to be done for it. */
function readyTool(
    root: string,
    name: ToolName,
    { fitting }: Installed,
    go: GoToolchain | undefined,
): ResolvedTool | undefined {
    if (fitting) {
        const tool = installedTool(root, name, fitting);
        if (tool) {
            return tool;
        }
    }
    const entry = cachedEntry(root, name, builds(go, toolSpec(name).module) ? go : undefined);
    return entry === undefined ? undefined : builtTool(entry, name);
}

/** The machine's own tool, if its assets are here too. */
function installedTool(
    root: string,
    name: ToolName,
    fitting: { path: string; version: string },
): ResolvedTool | undefined {
    const found: ResolvedTool = { ...fitting, origin: "path" };
    if (!toolSpec(name).assets) {
        return found;
    }
    const assets = assetsFolder(root, name);
    return existsSync(assets) ? { ...found, assets } : undefined;
}

function builtTool(entry: string, name: ToolName): ResolvedTool {
    const { version, assets } = toolSpec(name);
    return {
        path: entryBinary(entry, name),
        version,
        origin: "built",
        ...(assets && { assets: path.join(entry, "assets") }),
    };
}

function missingTool(name: ToolName, { fitting, unfit }: Installed): MissingTool {
    const { onPath, version, assets } = toolSpec(name);
    const reasons = fitting ? [`${fitting.path} fits, but fetching ${assets?.module ?? "its files"} takes Go`] : unfit;
    return { name, version, ...(onPath && { range: { min: onPath.min, below: onPath.below } }), reasons };
}

function job(root: string, name: ToolName, { fitting }: Installed, go: GoToolchain): Job {
    const { assets, expectedSeconds } = toolSpec(name);
    if (fitting && assets) {
        return {
            name,
            expectedSeconds: 5,
            run: async (context) => {
                const folder = await fetchAssets(name, assets, context);
                return { tool: { ...fitting, origin: "path", assets: folder }, state: "found" };
            },
            done: () => installedTool(root, name, fitting),
        };
    }
    return {
        name,
        expectedSeconds: expectedSeconds.first,
        run: async (context) => ({ tool: builtTool(await buildTool(name, go, context), name), state: "built" }),
        done: () => {
            const entry = cachedEntry(root, name, go);
            return entry === undefined ? undefined : builtTool(entry, name);
        },
    };
}
