import { rmSync } from "node:fs";
import path from "node:path";
import { KubeClient } from "../cluster/kube-client.ts";
import type { ClusterHandle } from "../cluster/spec.ts";
import type { Ports } from "../process/ports.ts";
import type { Supervisor } from "../process/supervisor.ts";
import { podBackends } from "./backends.ts";
import { fillBinFolder } from "./bin-folder.ts";
import { ClusterPods } from "./cluster-pods.ts";
import type { ClusterContext, HostTools, PodIdentity } from "./context.ts";
import { processId } from "./host-process.ts";
import type { PodPhase } from "./pod-status.ts";
import { ServiceProxy } from "./service-proxy.ts";

export interface KubeletOptions {
    /** Folder with one subfolder for each cluster, `<key>/<namespace>.<pod>/`, and `bin/`. */
    dir: string;
    supervisor: Supervisor;
    tools: HostTools;
    /** `http://127.0.0.1:<port>`; serves the AWS endpoints and `/v1/credentials`. */
    daemonUrl: string;
    ports: Ports;
    podIdentity: PodIdentity;
}

/** One pod that runs as processes of this host. */
export interface PodInfo {
    /** Key of its cluster. */
    cluster: string;
    namespace: string;
    name: string;
    phase: PodPhase;
    ready: boolean;
    containers: {
        name: string;
        /** Absent while it does not run. */
        pid?: number;
        restarts: number;
        /** Absent before its first start. */
        logFile?: string;
        /** Why it waits. */
        message?: string;
    }[];
}

/**
 * Runs the pods of known workloads (Argo CD, External Secrets, Redis) as real processes, with the arguments,
 * environment, files and service account that their Pods say, and keeps the Pods' status. kwok plays all other pods.
 */
export class Kubelet {
    readonly #options: KubeletOptions;
    readonly #clusters = new Map<string, { context: ClusterContext; pods: ClusterPods }>();

    constructor(options: KubeletOptions) {
        this.#options = options;
        fillBinFolder(path.join(options.dir, "bin"), options.tools);
    }

    /** Starts to follow a cluster; processes of an earlier daemon are taken over. A second call changes nothing. */
    attach(handle: ClusterHandle): void {
        if (this.#clusters.has(handle.key)) {
            return;
        }
        const { dir, ...options } = this.#options;
        const client = KubeClient.fromKubeconfig(handle.adminKubeconfig);
        const workers = () => this.#clusters.get(handle.key)?.pods.workers() ?? [];
        const proxy = new ServiceProxy({
            ports: options.ports,
            portPrefix: `service/${handle.key}`,
            backends: podBackends(client, workers),
        });
        const folders = { dir: path.join(dir, handle.key), bin: path.join(dir, "bin") };
        const context: ClusterContext = { ...options, ...folders, handle, client, proxy };
        this.#clusters.set(handle.key, { context, pods: new ClusterPods(context) });
    }

    /** Ends the processes of a cluster's pods and removes their files; the Pods stay as they are. */
    async detach(key: string): Promise<void> {
        const cluster = this.#clusters.get(key);
        if (cluster !== undefined) {
            await cluster.pods.stop();
            await cluster.context.proxy.close();
            cluster.context.client.close();
            this.#clusters.delete(key);
            rmSync(cluster.context.dir, { recursive: true, force: true });
        }
    }

    pods(): PodInfo[] {
        const processes = new Map(this.#options.supervisor.list().map((info) => [info.id, info]));
        return [...this.#clusters].flatMap(([cluster, { pods }]) =>
            pods.workers().map(({ pod, report, ready }) => ({
                cluster,
                namespace: pod.metadata.namespace,
                name: pod.metadata.name,
                phase: report.phase,
                ready,
                containers: pod.spec.containers.map(({ name }) => {
                    const info = processes.get(processId(cluster, pod, name));
                    const state = report.main.get(name)?.state;
                    return {
                        name,
                        pid: info?.running === true ? info.pid : undefined,
                        restarts: info?.restarts ?? 0,
                        logFile: info?.logFile,
                        message: state?.kind === "waiting" ? state.message : undefined,
                    };
                }),
            })),
        );
    }

    /** Where the ready pods of a cluster serve on this machine, by workload (`argocd-server`, `redis`…). */
    endpoints(key: string): { service: string; namespace: string; url: string }[] {
        const ready =
            this.#clusters
                .get(key)
                ?.pods.workers()
                .filter((worker) => worker.ready) ?? [];
        return ready.flatMap((worker) =>
            worker.served().map(({ workload, port }) => ({
                service: workload,
                namespace: worker.pod.metadata.namespace,
                url: `http://127.0.0.1:${port}`,
            })),
        );
    }

    /** `127.0.0.1:<port>` for a Service's port in a cluster, e.g. to reach argocd-server from this machine. */
    async serviceAddress(key: string, namespace: string, service: string, port: number): Promise<string> {
        const cluster = this.#clusters.get(key);
        if (cluster === undefined) {
            throw new Error(
                `Cluster ${key} is not attached; attached: ${[...this.#clusters.keys()].join(", ") || "none"}.`,
            );
        }
        return cluster.context.proxy.address(namespace, service, port);
    }
}
