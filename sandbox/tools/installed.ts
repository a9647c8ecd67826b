import { execFile } from "node:child_process";
import { accessSync, closeSync, constants, openSync, readFileSync, readSync, realpathSync, statSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";

import { toolsFolder } from "./cache.ts";
import { type ToolName, toolSpec } from "./catalog.ts";
import type { OnPath } from "./tool-spec.ts";
import { fits } from "./version.ts";

/** A version command that takes longer is not one. */
const PROBE_TIMEOUT_MS = 10_000;

/** What PATH has for a tool: the first that fits, and what was passed over, in words. */
export interface Installed {
    fitting?: { path: string; version: string };
    unfit: string[];
}

/** Looks for tools on PATH (and in KUBEBUILDER_ASSETS), remembering versions between runs. */
export class InstalledTools {
    private readonly root: string;
    private readonly env: NodeJS.ProcessEnv;
    private readonly memory: string;
    private readonly versions: Map<string, string>;
    private changed = false;

    constructor(root: string, env: NodeJS.ProcessEnv) {
        this.root = root;
        this.env = env;
        this.memory = path.join(toolsFolder(root), "path-versions.json");
        this.versions = readMemory(this.memory);
    }

    async find(name: ToolName): Promise<Installed> {
        const { onPath } = toolSpec(name);
        if (!onPath) {
            return { unfit: [] };
        }
        const candidates = this.candidates(onPath.names);
        const versions = await Promise.all(candidates.map((candidate) => this.version(candidate, onPath)));
        const found = candidates.map((candidate, index) => ({ path: candidate, version: versions[index] }));
        const unfit: string[] = [];
        for (const { path: file, version } of found) {
            if (version !== undefined && fits(version, onPath)) {
                return { fitting: { path: file, version }, unfit };
            }
            unfit.push(version === undefined ? `${file} does not tell its version` : `${file} is ${version}`);
        }
        return { unfit };
    }

    /** Keeps the versions for the next run. */
    async save(): Promise<void> {
        if (!this.changed) {
            return;
        }
        await mkdir(path.dirname(this.memory), { recursive: true });
        const draft = `${this.memory}.${process.pid}`;
        await writeFile(draft, JSON.stringify(Object.fromEntries(this.versions), undefined, 1));
        await rename(draft, this.memory);
    }

    private candidates(names: readonly string[]): string[] {
        const folders = `${this.env.PATH ?? ""}${path.delimiter}${this.env.KUBEBUILDER_ASSETS ?? ""}`
            .split(path.delimiter)
            .filter((folder) => path.isAbsolute(folder));
        // /bin and /usr/bin are often one folder.
        const real = folders.map(realPath);
        const distinct = folders.filter((_, index) => real.indexOf(real[index] ?? "") === index);
        const files = distinct.flatMap((folder) => names.map((name) => path.join(folder, name)));
        // A link to our own build (a sandbox's bin folder on PATH) is a build, not something the machine came with.
        const ours = `${realPath(toolsFolder(this.root))}${path.sep}`;
        return files.filter((file) => isExecutable(file) && !realPath(file).startsWith(ours));
    }

    private async version(file: string, { args, pattern }: OnPath): Promise<string | undefined> {
        const { mtimeMs, size } = statSync(file);
        const key = [file, realPath(file), mtimeMs, size].join("|");
        const known = this.versions.get(key);
        if (known !== undefined) {
            return known;
        }
        const printed = await output(file, args, this.env, toolsFolder(this.root));
        const version = pattern.exec(printed)?.[1]?.split("+")[0];
        if (version !== undefined && isPlainBinary(file)) {
            this.versions.set(key, version);
            this.changed = true;
        }
        return version;
    }
}

function readMemory(file: string): Map<string, string> {
    try {
        const entries = Object.entries(JSON.parse(readFileSync(file, "utf8")) as object);
        return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
    } catch {
        // None yet, or damaged: versions are asked for again.
        return new Map();
    }
}

/** What the command prints on both streams, whatever its exit code; empty if it cannot run. */
export function output(
    file: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    scratch: string,
): Promise<string> {
    // `pulumi version` otherwise makes ~/.pulumi and asks the network for a newer release.
    const quiet = { PULUMI_HOME: path.join(scratch, ".probe"), PULUMI_SKIP_UPDATE_CHECK: "true" };
    return new Promise((resolve) => {
        const options = { env: { ...env, ...quiet }, timeout: PROBE_TIMEOUT_MS, killSignal: "SIGKILL" } as const;
        const child = execFile(file, [...args], options, (_error, stdout, stderr) => resolve(`${stdout}\n${stderr}`));
        child.stdin?.end();
    });
}

function isExecutable(file: string): boolean {
    try {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
    } catch {
        return false;
    }
}

function realPath(file: string): string {
    try {
        return realpathSync(file);
    } catch {
        return file;
    }
}

/**
 * Whether the file itself decides the version: not a script, nor a version manager's shim (a link to a program of
 * another name), whose answers change while the file stays.
 */
function isPlainBinary(file: string): boolean {
    if (path.basename(realPath(file)) !== path.basename(file)) {
        return false;
    }
    const head = Buffer.alloc(2);
    const descriptor = openSync(file, "r");
    try {
        readSync(descriptor, head, 0, 2, 0);
    } finally {
        closeSync(descriptor);
    }
    return head.toString("latin1") !== "#!";
}
