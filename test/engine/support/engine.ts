import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { execa } from "execa";

import { installEngineParts, installProviderLauncher } from "../../../sandbox/engine/install.ts";
import { resolveTools } from "../../../sandbox/tools/index.ts";

const REPOSITORY = path.resolve(import.meta.dirname, "../../..");

/** Longest time that the CLI may take to be built, where it is neither on PATH nor in the cache. */
export const ENGINE_SETUP_TIMEOUT_MS = 900_000;

/** A provider of the suite besides the sandbox's own. */
export interface ExtraProvider {
    name: string;
    version: string;
    /** Absolute path of the file that calls `serve`. */
    entry: string;
}

/** One line of a provider's journal. */
export interface JournalEntry {
    did: string;
    pid: number;
    id?: string;
    config?: Record<string, unknown>;
    inputs?: Record<string, unknown>;
    args?: Record<string, unknown>;
}

/** A resource of a stack's state, as `pulumi stack export` shows it. */
export interface StateResource {
    urn: string;
    type: string;
    id?: string;
    inputs?: Record<string, unknown>;
    outputs?: Record<string, unknown>;
    initErrors?: string[];
}

/**
 * The real engine with a folder of its own: PULUMI_HOME, file backend, projects. `close` removes it.
 * Made once per test file, because installing and initialising costs more than a preview.
 */
export class Engine {
    readonly root: string;
    readonly #cli: string;
    #projects = 0;

    private constructor(root: string, cli: string) {
        this.root = root;
        this.#cli = cli;
    }

    static async start(extra: ExtraProvider[] = []): Promise<Engine> {
        const { pulumi } = await resolveTools(["pulumi"]);
        const root = await mkdtemp(path.join(tmpdir(), "fleet-engine-"));
        const pulumiHome = path.join(root, "home");
        await mkdir(path.join(root, "backend"));
        await installEngineParts({ layout: { pulumiHome }, tools: { pulumi } });
        for (const { name, version, entry } of extra) {
            await installProviderLauncher(pulumiHome, name, version, entry);
        }
        return new Engine(root, pulumi.path);
    }

    /**
     * A project with one stack, `dev`. `program` is the text of an ES module; "typescript" runs it through tsx, as
     * the product's own programs are.
     */
    async project(program: string, language: "javascript" | "typescript" = "javascript"): Promise<Project> {
        const name = `contract-${++this.#projects}`;
        const folder = path.join(this.root, name);
        await mkdir(folder);
        await symlink(path.join(REPOSITORY, "node_modules"), path.join(folder, "node_modules"));
        await writeFile(path.join(folder, "package.json"), JSON.stringify({ type: "module" }));
        const options = { typescript: false, ...(language === "typescript" && { nodeargs: "--import tsx" }) };
        const main = language === "typescript" ? "index.ts" : "index.js";
        const settings = { name, runtime: { name: "nodejs", options }, main };
        await writeFile(path.join(folder, "Pulumi.yaml"), JSON.stringify(settings));
        const project = new Project(this.#cli, folder, main, this.#environment());
        await project.write(program);
        await project.run("stack", "init", "dev");
        return project;
    }

    async close(): Promise<void> {
        await rm(this.root, { recursive: true });
    }

    #environment(): Record<string, string> {
        return {
            PULUMI_HOME: path.join(this.root, "home"),
            PULUMI_BACKEND_URL: `file://${path.join(this.root, "backend")}`,
            PULUMI_CONFIG_PASSPHRASE: "contract",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
            PULUMI_SKIP_UPDATE_CHECK: "true",
        };
    }
}

/** What one command of the CLI did; `output` is stdout and stderr together. */
export interface Outcome {
    ok: boolean;
    output: string;
}

export class Project {
    readonly folder: string;
    readonly journalFile: string;
    readonly #cli: string;
    readonly #main: string;
    readonly #environment: Record<string, string>;

    constructor(cli: string, folder: string, main: string, environment: Record<string, string>) {
        this.folder = folder;
        this.#main = main;
        this.journalFile = path.join(folder, "journal");
        this.#cli = cli;
        this.#environment = { ...environment, JOURNAL: this.journalFile };
    }

    async write(program: string): Promise<void> {
        await writeFile(path.join(this.folder, this.#main), program);
    }

    /** Runs the CLI and waits; a failure is an outcome, not an exception. */
    async run(...args: string[]): Promise<Outcome> {
        return this.spawn(...args).outcome;
    }

    /** Starts the CLI without waiting for it. */
    spawn(...args: string[]): { kill(signal: NodeJS.Signals): void; outcome: Promise<Outcome> } {
        const child = execa(this.#cli, [...args, "--non-interactive", "--color=never"], {
            cwd: this.folder,
            env: this.#environment,
            all: true,
            reject: false,
            stdin: "ignore",
        });
        const outcome = child.then(({ failed, all }) => ({ ok: !failed, output: all }));
        return { kill: (signal) => child.kill(signal), outcome };
    }

    preview(...args: string[]): Promise<Outcome> {
        return this.run("preview", "--stack=dev", "--diff", ...args);
    }

    up(...args: string[]): Promise<Outcome> {
        return this.run("up", "--stack=dev", "--yes", "--skip-preview", ...args);
    }

    /** The text of the stack's state file, as it lies on disk. */
    async stateText(): Promise<string> {
        const { output } = await this.run("stack", "export", "--stack=dev");
        return output;
    }

    /** The stack's resources without stack and providers. */
    async resources(): Promise<StateResource[]> {
        const state = JSON.parse(await this.stateText()) as { deployment: { resources?: StateResource[] } };
        return (state.deployment.resources ?? []).filter(({ type }) => !type.startsWith("pulumi:"));
    }

    /** What the tiny provider wrote since the last call. */
    async journal(): Promise<JournalEntry[]> {
        const text = await readFile(this.journalFile, "utf8").catch(() => "");
        await rm(this.journalFile, { force: true });
        const lines = text.split("\n").filter((line) => line !== "");
        return lines.map((line) => JSON.parse(line) as JournalEntry);
    }
}
