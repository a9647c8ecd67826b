import { createWriteStream, existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { once } from "node:events";
import { execa } from "execa";
import { policyConfigFile } from "../plan/policy-config.ts";
import type { Layout } from "./layout.ts";
import { environmentOf } from "./project.ts";

export interface PulumiOptions {
    layout: Layout;
    /** From {@link sandboxEnvironment}. */
    environment: Record<string, string>;
    signal?: AbortSignal;
    /** Each line that the CLI prints, for a progress display. */
    onLine?: (line: string) => void;
}

/** What an update did, in the CLI's words: `{created: 61, unchanged: 2}`; a preview in the engine's: `{same: 63}`. */
export type ChangeSummary = Record<string, number>;

export interface StateResource {
    urn: string;
    type: string;
    outputs?: Record<string, unknown>;
}

/** The `pulumi` CLI on the sandbox's private project. */
export class Pulumi {
    readonly #options: PulumiOptions;

    constructor(options: PulumiOptions) {
        this.#options = options;
    }

    /**
     * `pulumi up`, the policy pack on. Rejects with the CLI's own diagnostics.
     * @param refresh First look at what is really there, for when something forgot what it held.
     */
    async up(stack: string, refresh = false): Promise<ChangeSummary> {
        const { stdout } = await this.#run(stack, "up", [
            "up",
            "--yes",
            "--skip-preview",
            ...(refresh ? ["--refresh"] : []),
            "--policy-pack",
            path.join(this.#options.layout.repo, "policy-pack"),
            ...(await this.#policyConfig(stack)),
        ]);
        return summaryOf(stdout);
    }

    /** The policy configuration of the stack's environment, if there is one. */
    async #policyConfig(stack: string): Promise<string[]> {
        const { layout } = this.#options;
        const file = policyConfigFile(layout.repo, await environmentOf(layout, stack));
        return existsSync(file) ? ["--policy-pack-config", file] : [];
    }

    /** What `pulumi up` would do. */
    async preview(stack: string): Promise<ChangeSummary> {
        const { stdout } = await this.#run(stack, "preview", ["preview", "--json"], false);
        const plan = JSON.parse(stdout) as { changeSummary?: ChangeSummary };
        return plan.changeSummary ?? {};
    }

    async destroy(stack: string): Promise<void> {
        await this.#run(stack, "destroy", ["destroy", "--yes", "--skip-preview"]);
    }

    /** Lifts `protect` from every resource: the step the docs tell a user to take before `destroy`. */
    async unprotect(stack: string): Promise<void> {
        await this.#run(stack, "unprotect", ["state", "unprotect", "--all", "--yes"]);
    }

    /**
     * Has AWS give the stack's cluster up: the step the docs tell a user to take before `destroy`. Without the policy
     * pack, which refuses it in production, as it should.
     */
    async liftDeletionProtection(stack: string): Promise<void> {
        await this.setConfig(stack, "fleet:cluster.deletionProtection", "false");
        await this.#run(stack, "lift", ["up", "--yes", "--skip-preview"]);
    }

    async setConfig(stack: string, key: string, value: string): Promise<void> {
        await this.#run(stack, "config", ["config", "set", "--path", key, value]);
    }

    /** An encrypted value, by standard input: arguments can be read by every process. */
    async setSecret(stack: string, key: string, value: string): Promise<void> {
        await this.#run(stack, "config", ["config", "set", "--secret", key], false, value);
    }

    /** Whether the stack's EKS cluster refuses to be deleted, as its state says. */
    async hasDeletionProtection(stack: string): Promise<boolean> {
        const { resources } = await this.export(stack);
        return resources.some(
            ({ type, outputs }) => type === "aws:eks/cluster:Cluster" && outputs?.["deletionProtection"] === true,
        );
    }

    /** Creates the stack in the backend unless it is there. */
    async ensureStack(stack: string): Promise<void> {
        await this.#run(stack, "select", ["stack", "select", "--create", "--secrets-provider", "passphrase"]);
    }

    /** Releases the lock that a killed CLI left. */
    async cancel(stack: string): Promise<void> {
        await this.#run(stack, "cancel", ["cancel", "--yes"]);
    }

    /** Drops operations that an interrupted run left as "creating": the next `up` finds what exists. */
    async clearPendingCreates(stack: string): Promise<void> {
        await this.#run(stack, "refresh", ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
    }

    async outputs(stack: string): Promise<Record<string, unknown>> {
        const { stdout } = await this.#run(stack, "output", ["stack", "output", "--json"], false);
        return JSON.parse(stdout) as Record<string, unknown>;
    }

    /** The deployment as the backend holds it: resources and pending operations. */
    async export(stack: string): Promise<{ resources: StateResource[]; pending: number }> {
        const { stdout } = await this.#run(stack, "export", ["stack", "export"], false);
        const state = JSON.parse(stdout) as {
            deployment: { resources?: StateResource[]; pending_operations?: unknown[] };
        };
        return {
            resources: state.deployment.resources ?? [],
            pending: state.deployment.pending_operations?.length ?? 0,
        };
    }

    /** `log: false` for commands whose output is an answer: it is not kept in a file. */
    async #run(stack: string, name: string, args: string[], log = true, input?: string): Promise<{ stdout: string }> {
        const { layout, environment, signal, onLine } = this.#options;
        const child = execa("pulumi", [...args, "--stack", stack, "--non-interactive", "--color", "never"], {
            cwd: layout.pulumiProject,
            env: environment,
            extendEnv: false,
            reject: false,
            all: true,
            ...(input === undefined ? {} : { input }),
            ...(signal === undefined ? {} : { cancelSignal: signal }),
            // Time for the engine to stop running operations and to write its state.
            forceKillAfterDelay: 30_000,
        });
        const file = path.join(layout.logs, `${name}-${stack}.log`);
        if (log) {
            await mkdir(layout.logs, { recursive: true });
            const stream = createWriteStream(file);
            child.all.pipe(stream, { end: false });
            void (async () => {
                for await (const line of child.iterable({ from: "all" })) onLine?.(line);
            })().catch(() => {});
            const result = await child;
            stream.end();
            await once(stream, "finish");
            if (result.exitCode !== 0) throw failure(args, stack, result.all, file);
            return { stdout: result.stdout };
        }
        const result = await child;
        if (result.exitCode !== 0) throw failure(args, stack, result.all, undefined);
        return { stdout: result.stdout };
    }
}

/** The counts under "Resources:" at the end of the CLI's output: `    + 95 created`. */
export function summaryOf(output: string): ChangeSummary {
    const summary: ChangeSummary = {};
    const closing = output.slice(output.lastIndexOf("\nResources:"));
    for (const [, count, operation] of closing.matchAll(/^ +(?:[-+~]+ ?)?(\d+) (\w+)$/gm)) {
        summary[operation ?? ""] = Number(count);
    }
    return summary;
}

/** The CLI's diagnostics without its progress lines. */
function failure(args: string[], stack: string, output: string, file: string | undefined): Error {
    const lines = output.split("\n");
    const start = lines.findIndex((line) => /^(Diagnostics:|error:|Policies:)/.test(line));
    const tail = start === -1 ? lines.slice(-15) : lines.slice(start, start + 40);
    const where = file === undefined ? "" : `\nThe whole output: ${file}`;
    const command = args.slice(0, 2).filter((arg) => !arg.startsWith("-"));
    return new Error(`pulumi ${command.join(" ")} of stack ${stack} failed.\n${tail.join("\n").trim()}${where}`);
}
