import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

import { type ToolName, toolSpec } from "./catalog.ts";
import { goPlatform, type GoToolchain, moduleFolder } from "./go.ts";
import type { ToolSpec } from "./tool-spec.ts";

/** Raise it when the layout of a cache entry changes. */
const LAYOUT = 1;

/** `$XDG_CACHE_HOME/gitops-fleet`, by default `~/.cache/gitops-fleet`. */
export function cacheRoot(env: NodeJS.ProcessEnv): string {
    const home = env.XDG_CACHE_HOME;
    // The XDG specification: a relative path is invalid and to be ignored.
    return path.join(home && path.isAbsolute(home) ? home : path.join(env.HOME ?? homedir(), ".cache"), "gitops-fleet");
}

/** Where everything of the tools is: `<tool>/<entry>/{bin,assets}`, the build lock, unfinished builds. */
export function toolsFolder(root: string): string {
    return path.join(root, "tools");
}

/** Hash of everything that decides what a build gives, the Go release and a checkout's place aside. */
export function buildHash(name: ToolName): string {
    const spec = toolSpec(name);
    const folder = moduleFolder(spec.module);
    const hash = createHash("sha256");
    hash.update(JSON.stringify([LAYOUT, name, spec.package, spec.binary, linkFlags(spec), spec.assets, goPlatform()]));
    for (const file of ["go.mod", "go.sum", ...ownSources(spec)]) {
        hash.update(`\0${file}\0`).update(readFileSync(path.join(folder, file)));
    }
    return hash.digest("hex").slice(0, 12);
}

/** Value of `-ldflags`. */
export function linkFlags(spec: ToolSpec): string {
    const variables = Object.entries(spec.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
    return ["-s -w", ...variables].join(" ");
}

/** Go files of our own main package, relative to the module's folder. */
function ownSources(spec: ToolSpec): string[] {
    if (!spec.package.startsWith(".")) {
        return [];
    }
    const files = readdirSync(path.join(moduleFolder(spec.module), spec.package)).toSorted();
    return files.filter((file) => file.endsWith(".go")).map((file) => path.join(spec.package, file));
}

/** The folder that a build with this Go makes. */
export function entryFolder(root: string, name: ToolName, go: GoToolchain): string {
    return path.join(toolsFolder(root), name, `${toolSpec(name).version}-${buildHash(name)}-go${go.minor}`);
}

/**
 * The finished build of the tool, if there is one. Where no Go is installed (any more), one made by any Go release
 * serves. Entries appear by rename, so one that exists is whole.
 */
export function cachedEntry(root: string, name: ToolName, go: GoToolchain | undefined): string | undefined {
    if (go) {
        const entry = entryFolder(root, name, go);
        return existsSync(entryBinary(entry, name)) ? entry : undefined;
    }
    const folder = path.join(toolsFolder(root), name);
    const prefix = `${toolSpec(name).version}-${buildHash(name)}-go`;
    const entries = existsSync(folder) ? readdirSync(folder).filter((entry) => entry.startsWith(prefix)) : [];
    return entries.map((entry) => path.join(folder, entry)).find((entry) => existsSync(entryBinary(entry, name)));
}

export function entryBinary(entry: string, name: ToolName): string {
    return path.join(entry, "bin", toolSpec(name).binary);
}

/** Assets of a tool that itself comes from PATH; they depend on the pinned module only. */
export function assetsFolder(root: string, name: ToolName): string {
    const { assets, module, version } = toolSpec(name);
    const sums = readFileSync(path.join(moduleFolder(module), "go.sum"), "utf8");
    const pinned = sums.split("\n").filter((line) => line.startsWith(`${assets?.module} `));
    const hash = createHash("sha256").update(JSON.stringify([LAYOUT, assets, pinned]));
    return path.join(toolsFolder(root), name, `assets-${version}-${hash.digest("hex").slice(0, 12)}`);
}
