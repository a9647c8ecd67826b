import { rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KubeError, type WatchEvent } from "../cluster/kube-client.ts";
import type { ClusterContext } from "./context.ts";
import { runsOnHost } from "./images.ts";
import { podFolder, type Pod } from "./pod.ts";
import { PodWorker } from "./pod-worker.ts";

interface PodList {
    metadata: { resourceVersion: string };
    items: Pod[];
}

const SCHEDULED = `/api/v1/pods?fieldSelector=${encodeURIComponent("spec.nodeName!=")}`;
const MAX_BACKOFF_MS = 5_000;

/** Follows one cluster's pods and keeps a worker for each that runs on this host. */
export class ClusterPods {
    readonly #context: ClusterContext;
    readonly #workers = new Map<string, PodWorker>();
    readonly #ends = new Map<string, Promise<void>>();
    readonly #stopped = new AbortController();
    readonly #watching: Promise<void>;

    constructor(context: ClusterContext) {
        this.#context = context;
        this.#watching = this.#follow();
    }

    workers(): PodWorker[] {
        return [...this.#workers.values()];
    }

    /** Stops watching and ends every pod's processes. */
    async stop(): Promise<void> {
        this.#stopped.abort();
        await this.#watching;
        for (const folder of this.#workers.keys()) {
            this.#remove(folder);
        }
        await Promise.all(this.#ends.values());
    }

    /** List, then watch; again from the start whenever the watch cannot go on. */
    async #follow(): Promise<void> {
        const { signal } = this.#stopped;
        let delay = 100;
        while (!signal.aborted) {
            try {
                let version = await this.#list();
                delay = 100;
                for (;;) {
                    await this.#context.client.watch<Pod>(
                        SCHEDULED,
                        version,
                        (event) => {
                            version = event.object.metadata.resourceVersion;
                            this.#apply(event);
                        },
                        signal,
                    );
                    signal.throwIfAborted();
                }
            } catch (error) {
                // An expired version asks for a new list at once; anything else means that the server is away.
                if (!(error instanceof KubeError && error.status === 410)) {
                    await sleep(delay, undefined, { signal }).catch(() => undefined);
                    delay = Math.min(delay * 2, MAX_BACKOFF_MS);
                }
            }
        }
    }

    async #list(): Promise<string> {
        const list = await this.#context.client.get<PodList>(SCHEDULED);
        const present = new Set(list.items.map(podFolder));
        for (const folder of this.#workers.keys()) {
            if (!present.has(folder)) {
                this.#remove(folder);
            }
        }
        for (const pod of list.items) {
            this.#keep(pod);
        }
        await this.#stopOrphans();
        return list.metadata.resourceVersion;
    }

    #apply(event: WatchEvent<Pod>): void {
        if (event.type === "DELETED") {
            const folder = podFolder(event.object);
            if (this.#workers.get(folder)?.pod.metadata.uid === event.object.metadata.uid) {
                this.#remove(folder);
            }
        } else if (event.type !== "BOOKMARK") {
            this.#keep(event.object);
        }
    }

    #keep(pod: Pod): void {
        if (!runsOnHost(pod.spec.containers.map((container) => container.image))) {
            return;
        }
        const folder = podFolder(pod);
        const worker = this.#workers.get(folder);
        if (worker?.pod.metadata.uid === pod.metadata.uid) {
            worker.update(pod);
            return;
        }
        this.#remove(folder);
        this.#workers.set(folder, new PodWorker(this.#context, pod, this.#ends.get(folder) ?? Promise.resolve()));
    }

    #remove(folder: string): void {
        const worker = this.#workers.get(folder);
        if (worker !== undefined) {
            this.#workers.delete(folder);
            const end = worker.end().finally(() => {
                if (this.#ends.get(folder) === end) {
                    this.#ends.delete(folder);
                }
            });
            this.#ends.set(folder, end);
        }
    }

    /** Ends processes of pods that went while no daemon ran. */
    async #stopOrphans(): Promise<void> {
        const prefix = `pod/${this.#context.handle.key}/`;
        const orphans = this.#context.supervisor
            .list()
            .filter(({ id }) => id.startsWith(prefix))
            .map(({ id }) => ({ id, folder: id.slice(prefix.length).split("/")[0] ?? "" }))
            .filter(({ folder }) => !this.#workers.has(folder) && !this.#ends.has(folder));
        await Promise.all(
            orphans.map(async ({ id, folder }) => {
                await this.#context.supervisor.stop(id);
                rmSync(path.join(this.#context.dir, folder), { recursive: true, force: true });
            }),
        );
    }
}
