import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { chmod, cp, mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";

import { isAlive } from "./build-lock.ts";
import { assetsFolder, entryFolder, linkFlags, toolsFolder } from "./cache.ts";
import { type ToolName, toolSpec } from "./catalog.ts";
import { ToolBuildError } from "./errors.ts";
import { type GoToolchain, moduleFolder } from "./go.ts";
import { commandLine, type GoCommand, runGo } from "./go-command.ts";
import { output } from "./installed.ts";
import type { Assets } from "./tool-spec.ts";

/** What a build needs to know of the run. The caller holds the build lock. */
export interface BuildContext {
    root: string;
    env: NodeJS.ProcessEnv;
    signal?: AbortSignal;
    /** What is happening, in a few words. */
    onDetail: (detail: string) => void;
}

/** Builds the tool into its cache entry, with its assets, and returns the entry. All of it appears, or nothing. */
export async function buildTool(name: ToolName, go: GoToolchain, context: BuildContext): Promise<string> {
    const spec = toolSpec(name);
    return stage(name, entryFolder(context.root, name, go), context.root, async (folder, scratch) => {
        const binary = path.join(folder, "bin", spec.binary);
        await mkdir(path.dirname(binary));
        // -v prints each package that is compiled: the only sign of life that `go build` gives.
        const args = (target: string): string[] => [
            "build",
            "-v",
            "-trimpath",
            "-ldflags",
            linkFlags(spec),
            "-o",
            target,
            spec.package,
        ];
        let compiled = 0;
        const logFile = path.join(context.root, "logs", `${name}-${spec.version}.log`);
        const shownArgs = args("/dev/null");
        const onLine = (line: string): void => {
            if (line.startsWith("go: downloading ")) {
                context.onDetail(line.slice("go: ".length));
            } else if (!/\s/.test(line)) {
                compiled += 1;
                context.onDetail(`${compiled} packages compiled, last ${line}`);
            }
        };
        const command = { ...goIn(name, context, scratch), args: args(binary), shownArgs, logFile, onLine };
        await runGo(command);
        await checkVersion(command, binary);
        if (spec.assets) {
            await copyAssets(name, spec.assets, path.join(folder, "assets"), scratch, context);
        }
    });
}

/** Fetches the assets of a tool that comes from PATH, and returns their folder. */
export async function fetchAssets(name: ToolName, assets: Assets, context: BuildContext): Promise<string> {
    return stage(name, assetsFolder(context.root, name), context.root, (folder, scratch) =>
        copyAssets(name, assets, folder, scratch, context),
    );
}

/** Removes what builds of processes that are gone left half made. */
export function sweepUnfinished(root: string): void {
    const folder = stagingFolder(root);
    for (const entry of existsSync(folder) ? readdirSync(folder) : []) {
        if (!isAlive(Number(entry.split(".")[1]))) {
            rmSync(path.join(folder, entry), { recursive: true, force: true });
        }
    }
}

function stagingFolder(root: string): string {
    return path.join(toolsFolder(root), ".unfinished");
}

/** Lets `make` fill a new folder, then renames it to `target`; leaves nothing behind if that does not happen. */
async function stage(
    name: ToolName,
    target: string,
    root: string,
    make: (folder: string, scratch: string) => Promise<void>,
): Promise<string> {
    const workplace = path.join(stagingFolder(root), `${name}.${process.pid}.${randomBytes(4).toString("hex")}`);
    const [folder, scratch] = [path.join(workplace, "entry"), path.join(workplace, "scratch")];
    const remove = (): void => rmSync(workplace, { recursive: true, force: true });
    process.once("exit", remove);
    try {
        await mkdir(folder, { recursive: true });
        await mkdir(scratch, { recursive: true });
        await make(folder, scratch);
        await mkdir(path.dirname(target), { recursive: true });
        await rename(folder, target).catch((error: NodeJS.ErrnoException) => {
            // Another process was faster; its entry is as good.
            if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") {
                throw error;
            }
        });
        return target;
    } finally {
        process.removeListener("exit", remove);
        await rm(workplace, { recursive: true, force: true });
    }
}

function goIn(name: ToolName, context: BuildContext, scratch: string) {
    const { root: cacheRoot, env, signal } = context;
    return { tool: name, cwd: moduleFolder(toolSpec(name).module), cacheRoot, env, scratch, ...(signal && { signal }) };
}

/** A binary that reports another version than it is pinned to has been linked with the wrong variables. */
async function checkVersion(build: GoCommand, binary: string): Promise<void> {
    const { onPath, version } = toolSpec(build.tool);
    if (!onPath) {
        return;
    }
    const printed = await output(binary, onPath.args, build.env, toolsFolder(build.cacheRoot));
    const reported = onPath.pattern.exec(printed)?.[1]?.split("+")[0];
    if (reported !== version) {
        const problem = `the new binary reports version ${reported ?? "unknown"}, but ${version} is pinned.`;
        throw new ToolBuildError(build.tool, problem, build.logFile, commandLine(build));
    }
}

async function copyAssets(
    name: ToolName,
    assets: Assets,
    target: string,
    scratch: string,
    context: BuildContext,
): Promise<void> {
    context.onDetail(`copying the assets from ${assets.module}`);
    const source = await moduleSource(name, assets.module, scratch, context);
    for (const relative of assets.paths) {
        // Only what tools read; a module also holds tests beside its files.
        const filter = (file: string): boolean => !file.endsWith(".go");
        await cp(path.join(source, relative), path.join(target, relative), { recursive: true, filter });
    }
    await Promise.all((assets.executables ?? []).map((relative) => chmod(path.join(target, relative), 0o755)));
}

/** Folder of the module's source in the module cache, downloaded if need be and checked against go.sum. */
async function moduleSource(name: ToolName, module: string, scratch: string, context: BuildContext): Promise<string> {
    const logFile = path.join(context.root, "logs", `${name}-assets.log`);
    const args = ["mod", "download", "-json", module];
    const printed = await runGo({ ...goIn(name, context, scratch), args, logFile });
    return (JSON.parse(printed) as { Dir: string }).Dir;
}
