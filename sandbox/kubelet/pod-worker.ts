import { rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Association, ClusterContext } from "./context.ts";
import { hostProcess, processId, removeTraces, type HostProcess } from "./host-process.ts";
import { Objects } from "./objects.ts";
import { observe } from "./observe.ts";
import { PodFiles } from "./pod-files.ts";
import { isReady, type ContainerReport, type PodReport } from "./pod-status.ts";
import { podFolder, type Container, type Pod } from "./pod.ts";
import { runOnce } from "./run-once.ts";
import { StatusWriter } from "./status-writer.ts";
import { program } from "./workload-table.ts";

const POLL_MS = 150;
const READY_POLL_MS = 1_000;
const RETRY_MS = 300;
const REFRESH_MS = 30_000;
const MAX_GRACE_MS = 30_000;

/** Runs one pod as host processes, from its first sight to its end, and keeps its status. */
export class PodWorker {
    readonly #context: ClusterContext;
    readonly #dir: string;
    readonly #files: PodFiles;
    readonly #status: StatusWriter;
    readonly #ended = new AbortController();
    readonly #gone = new AbortController();
    readonly #report: PodReport = { phase: "Pending", initialized: false, init: new Map(), main: new Map() };
    readonly #processes = new Map<string, HostProcess>();
    readonly #running: Promise<void>;
    #pod: Pod;
    #association: Association | undefined;
    #terminating?: Promise<void>;

    /** @param after a namesake's end; this pod uses the same folder. */
    constructor(context: ClusterContext, pod: Pod, after: Promise<void>) {
        this.#context = context;
        this.#pod = pod;
        this.#dir = path.join(context.dir, podFolder(pod));
        this.#files = new PodFiles(context, this.#dir);
        this.#status = new StatusWriter(context);
        this.#running = after.then(() => this.#run()).catch((error: unknown) => this.#failed(error));
        this.update(pod);
    }

    get pod(): Pod {
        return this.#pod;
    }

    get report(): Readonly<PodReport> {
        return this.#report;
    }

    get ready(): boolean {
        return isReady(this.#report);
    }

    /** Port on loopback that stands for a container port. */
    hostPort(containerPort: number): number | undefined {
        return [...this.#processes.values()].map(({ ports }) => ports.get(containerPort)).find((port) => port);
    }

    /** What it serves: name of the workload and port on loopback. */
    served(): { workload: string; port: number }[] {
        return [...this.#processes.values()].flatMap(({ workload, servedPort }) =>
            servedPort === undefined ? [] : [{ workload, port: servedPort }],
        );
    }

    /** The API's newest version of the pod. */
    update(pod: Pod): void {
        this.#pod = pod;
        if (pod.metadata.deletionTimestamp !== undefined) {
            this.#terminating ??= this.#terminate();
        }
    }

    /** The pod is no longer in the API: resolves when nothing of it is left here either. */
    async end(): Promise<void> {
        this.#gone.abort();
        this.#terminating ??= this.#terminate();
        await this.#terminating;
        this.#pod.spec.containers.forEach((container) => removeTraces(this.#dir, container));
        // Not the synchronous one: a repo-server's clones take a while, and the daemon answers webhooks meanwhile.
        await rm(this.#dir, { recursive: true, force: true });
        this.#context.ports.release(`pod/${this.#context.handle.key}/${podFolder(this.#pod)}`);
    }

    async #run(): Promise<void> {
        const { spec, status } = this.#pod;
        if (status?.phase === "Succeeded" || status?.phase === "Failed") {
            return;
        }
        await this.#persist(spec.containers, async () => {
            const { namespace } = this.#pod.metadata;
            const account = spec.serviceAccountName ?? "default";
            this.#association = await this.#context.podIdentity(this.#context.handle.key, namespace, account);
            await this.#files.write(this.#pod, this.#association !== undefined);
        });
        await this.#initialise();
        this.#report.initialized = true;
        await (spec.restartPolicy === "Never" || spec.restartPolicy === "OnFailure" ? this.#complete() : this.#serve());
    }

    /** Init containers one after the other; not again when a new daemon finds the pod running. */
    async #initialise(): Promise<void> {
        const ids = this.#pod.spec.containers.map((c) => processId(this.#context.handle.key, this.#pod, c.name));
        const runs = this.#context.supervisor.list().some((info) => info.running && ids.includes(info.id));
        for (const container of this.#pod.spec.initContainers ?? []) {
            await this.#once(container, this.#report.init, runs);
        }
    }

    /** A pod of a Job. */
    async #complete(): Promise<void> {
        this.#report.phase = "Running";
        for (const container of this.#pod.spec.containers) {
            await this.#once(container, this.#report.main, false);
        }
        const failed = [...this.#report.main.values()].some(
            ({ state }) => state.kind === "terminated" && state.exitCode !== 0,
        );
        this.#report.phase = failed ? "Failed" : "Succeeded";
        // The last word must arrive: nothing follows it.
        for (;;) {
            await this.#status.write(this.#pod, this.#report);
            await this.#pause(REFRESH_MS);
        }
    }

    async #serve(): Promise<void> {
        const { containers } = this.#pod.spec;
        const { supervisor } = this.#context;
        for (const container of containers) {
            await this.#persist([container], async () => {
                const process = await this.#process(container);
                if (process !== undefined) {
                    await supervisor.ensure({ ...process.spec, restart: true });
                    this.#processes.set(container.name, process);
                }
            });
        }
        this.#report.phase = "Running";
        for (let refreshAt = Date.now() + REFRESH_MS; ;) {
            await Promise.all(
                containers.map(async ({ name }) => {
                    const report = await observe(supervisor, this.#processes.get(name), this.#report.main.get(name));
                    this.#report.main.set(name, report);
                }),
            );
            await this.#status.write(this.#pod, this.#report);
            if (Date.now() > refreshAt) {
                // What cannot be read now stays as it was, as in a running pod.
                await this.#files.write(this.#pod, this.#association !== undefined).catch(() => undefined);
                refreshAt = Date.now() + REFRESH_MS;
            }
            await this.#pause(this.ready ? READY_POLL_MS : POLL_MS);
        }
    }

    /** Runs a container until it is through: again after a failure unless the pod's policy is Never. */
    async #once(container: Container, reports: Map<string, ContainerReport>, done: boolean): Promise<void> {
        const never = this.#pod.spec.restartPolicy === "Never";
        let process: HostProcess | undefined;
        await this.#persist([container], async () => {
            process = done ? undefined : await this.#process(container);
        });
        const report = await runOnce(this.#context.supervisor, process?.spec, never, this.#ended.signal, (interim) => {
            reports.set(container.name, interim);
            void this.#status.write(this.#pod, this.#report);
        });
        reports.set(container.name, report);
        await this.#status.write(this.#pod, this.#report);
    }

    /** Undefined for a container that has nothing to run here. */
    async #process(container: Container): Promise<HostProcess | undefined> {
        const what = program(container);
        if (what === undefined || "skip" in what) {
            return undefined;
        }
        const [context, pod, association] = [this.#context, this.#pod, this.#association];
        const objects = new Objects(context.client, pod.metadata.namespace);
        return hostProcess({ context, pod, podDir: this.#dir, container, ...what, objects, association });
    }

    /** Tries until it works, and says in the containers' status why it does not. */
    async #persist(containers: Container[], work: () => Promise<void>): Promise<void> {
        for (;;) {
            this.#ended.signal.throwIfAborted();
            try {
                await work();
                return;
            } catch (error) {
                const message = error instanceof Error ? error.message : String(error);
                const init = containers.every((c) => this.#pod.spec.initContainers?.includes(c));
                for (const { name } of containers) {
                    const reports = init ? this.#report.init : this.#report.main;
                    const state = { kind: "waiting", reason: "CreateContainerConfigError", message } as const;
                    reports.set(name, { state, restartCount: 0 });
                }
                await this.#status.write(this.#pod, this.#report);
            }
            await this.#pause(RETRY_MS);
        }
    }

    async #terminate(): Promise<void> {
        this.#ended.abort();
        await this.#running;
        const { metadata, spec } = this.#pod;
        const grace = Math.min((metadata.deletionGracePeriodSeconds ?? 10) * 1000, MAX_GRACE_MS);
        const containers = [...(spec.initContainers ?? []), ...spec.containers];
        const ids = containers.map((c) => processId(this.#context.handle.key, this.#pod, c.name));
        await Promise.all(ids.map((id) => this.#context.supervisor.stop(id, grace)));
        const resource = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
        while (!this.#gone.signal.aborted) {
            try {
                await this.#context.client.delete(resource, {
                    gracePeriodSeconds: 0,
                    preconditions: { uid: metadata.uid },
                });
                return;
            } catch {
                await sleep(RETRY_MS, undefined, { signal: this.#gone.signal }).catch(() => undefined);
            }
        }
    }

    /** What no retry helps: the containers wait, with the reason, until the pod goes. */
    async #failed(error: unknown): Promise<void> {
        if (!this.#ended.signal.aborted) {
            const message = error instanceof Error ? error.message : String(error);
            for (const { name } of this.#pod.spec.containers) {
                const state = { kind: "waiting", reason: "RunContainerError", message } as const;
                this.#report.main.set(name, { state, restartCount: 0 });
            }
            await this.#status.write(this.#pod, this.#report);
        }
    }

    async #pause(ms: number): Promise<void> {
        await sleep(ms, undefined, { signal: this.#ended.signal });
    }
}
