import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { rm } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { KubeClient } from "../../../sandbox/cluster/kube-client.ts";
import { control, findDaemon } from "../../../sandbox/daemon/client.ts";
import type { ProcessInfo } from "../../../sandbox/process/supervisor.ts";
import { sandboxEnvironment, type DaemonInfo } from "../../../sandbox/stacks/environment.ts";
import { layout, type Layout } from "../../../sandbox/stacks/layout.ts";
import { hubCluster } from "../../../sandbox/stacks/project.ts";
import { Pulumi, type ChangeSummary } from "../../../sandbox/stacks/pulumi.ts";
import { readToolDirs } from "../../../sandbox/stacks/tools-file.ts";
import {
    collectStatus,
    type ApplicationStatus,
    type ClusterEntry,
    type FleetStatus,
} from "../../../sandbox/status/collect.ts";
import { members, waitForFleet } from "../../../sandbox/status/wait.ts";

export const repo = path.resolve(import.meta.dirname, "..", "..", "..");

/** Longest wait for the fleet to run what Git says, on a machine that is busy with other things. */
const SETTLE_MS = 300_000;

/** The words of `npm run sandbox -- --dir <folder> <words>`. */
export function sandboxCommand(folder: string, words: string[]): string[] {
    return ["run", "--silent", "sandbox", "--", "--dir", folder, ...words];
}

/** A sandbox in a folder of a checkout, as its user has it: the CLI, and what lies behind it. */
export class Fleet {
    readonly folder: string;
    readonly layout: Layout;
    readonly #commands = new Set<ChildProcess>();
    readonly #clients = new Map<string, KubeClient>();

    /** @param checkout where the sandbox is started. @default this one */
    constructor(folder: string, checkout: string = repo) {
        this.folder = folder;
        this.layout = layout(checkout, folder);
    }

    /** `npm run sandbox -- <words>`; gives what it printed. `show` also lets the reader of the test see it. */
    async cli(words: string[], show = false): Promise<string> {
        const { exitCode, stdout, all } = await this.start(words, { show });
        assert.equal(exitCode, 0, `npm run sandbox -- ${words.join(" ")}\n${all}`);
        return stdout;
    }

    /** Starts `npm run sandbox -- <words>`; whether it fails is in what it resolves with. */
    start(words: string[], options: { show?: boolean; detached?: boolean } = {}) {
        const shown = options.show === true ? (["pipe", "inherit"] as const) : ("pipe" as const);
        const command = execa("npm", sandboxCommand(this.folder, words), {
            cwd: this.layout.repo,
            reject: false,
            all: true,
            stdin: "ignore",
            stdout: shown,
            stderr: shown,
            detached: options.detached ?? false,
        });
        this.#commands.add(command);
        command.once("close", () => this.#commands.delete(command));
        return command;
    }

    /** Ctrl-C for the commands that run. */
    interrupt(): void {
        for (const command of this.#commands) command.kill("SIGINT");
    }

    async daemon(): Promise<DaemonInfo> {
        const daemon = await findDaemon(this.layout);
        assert.ok(daemon, `no daemon runs in ${this.layout.root}`);
        return daemon;
    }

    async control<T>(command: string, body?: unknown): Promise<T> {
        return await control<T>(await this.daemon(), command, body);
    }

    /** The environment of `npm run sandbox -- shell`. */
    async environment(): Promise<Record<string, string>> {
        return sandboxEnvironment(this.layout, await this.daemon(), await readToolDirs(this.layout));
    }

    async pulumi(): Promise<Pulumi> {
        return new Pulumi({ layout: this.layout, environment: await this.environment() });
    }

    /** What `pulumi up` would do, in the engine's words. */
    async preview(stack: string): Promise<ChangeSummary> {
        return await (await this.pulumi()).preview(stack);
    }

    /** Of everything that is in AWS. */
    async twinHash(): Promise<string> {
        return (await this.control<{ hash: string }>("hash")).hash;
    }

    /** The commit that Argo CD reads. */
    async gitHead(): Promise<string> {
        const args = ["-C", this.layout.gitRepository, "rev-parse", "refs/heads/main"];
        return (await execa("git", args)).stdout.trim();
    }

    /** A client of a cluster's API server, with the administrator's kubeconfig. */
    kube(cluster: string): KubeClient {
        const client =
            this.#clients.get(cluster) ?? KubeClient.fromKubeconfig(path.join(this.layout.kubeconfigs, cluster));
        this.#clients.set(cluster, client);
        return client;
    }

    async status(): Promise<FleetStatus> {
        return await collectStatus(await this.control<ClusterEntry[]>("clusters"), await hubCluster(this.layout.repo));
    }

    async application(name: string): Promise<ApplicationStatus> {
        const { clusters } = await this.status();
        const found = clusters.flatMap(({ applications }) => applications).find((app) => app.name === name);
        assert.ok(found, `no Application is called ${name}`);
        return found;
    }

    /** Waits until every Application is Synced and Healthy and every workload ready. */
    async settled(more: string[] = []): Promise<FleetStatus> {
        const hub = await hubCluster(this.layout.repo);
        return await waitForFleet({
            clusters: () => this.control<ClusterEntry[]>("clusters"),
            hub,
            expected: [...(await members(this.layout.repo, hub)), ...more],
            timeoutMs: SETTLE_MS,
            onPoll: () => {},
        });
    }

    /** Asks Argo CD to compare an Application with Git and cluster now. */
    async refresh(application: string, how: "normal" | "hard" = "normal"): Promise<void> {
        await this.kube("hub-01").patch(
            `/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/${application}`,
            "merge",
            { metadata: { annotations: { "argocd.argoproj.io/refresh": how } } },
        );
    }

    async processes(): Promise<ProcessInfo[]> {
        return await this.control<ProcessInfo[]>("processes");
    }

    /** The one running process whose id ends so, e.g. `222222222222.dev-01/etcd`. */
    async process(idEnd: string): Promise<ProcessInfo> {
        const found = await this.running(idEnd);
        assert.equal(found.length, 1, `${found.length} running processes end in ${idEnd}`);
        return found[0] as ProcessInfo;
    }

    /** The running processes whose ids end so: one for each replica. */
    async running(idEnd: string): Promise<ProcessInfo[]> {
        return (await this.processes()).filter(({ id, running }) => running && id.endsWith(idEnd));
    }

    /** Ends every process and deletes the folder, whatever state the sandbox is in. */
    async reset(): Promise<void> {
        for (const client of this.#clients.values()) client.close();
        this.#clients.clear();
        await this.cli(["reset"]);
        await rm(this.layout.root, { recursive: true, force: true });
    }
}
