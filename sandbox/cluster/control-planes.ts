import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic } from "../process/atomic-file.ts";
import type { Supervisor } from "../process/supervisor.ts";
import { KubeClient } from "./kube-client.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { kwokStages } from "./kwok-stages.ts";
import { removeNodes, scaleNodes } from "./node-groups.ts";
import { ensurePki, type Component } from "./pki.ts";
import { CLIENTS, processId, processSpecs, SERVERS, type ProcessInputs, type ProcessName } from "./processes.ts";
import { apiReady, controllersReady, waitUntil } from "./readiness.ts";
import { ClusterRecords } from "./record.ts";
import {
    checkKubernetesVersion,
    clusterKey,
    firstAddress,
    type ClusterHandle,
    type ClusterSpec,
    type ClusterTools,
    type NodeGroup,
    type NodeKind,
} from "./spec.ts";
import { writeWebhooks } from "./webhooks.ts";

export interface ControlPlanesOptions {
    /** Folder with one subfolder for each cluster: `<account>.<name>/{cluster.json,pki,etcd,logs,admin.kubeconfig}`. */
    dir: string;
    supervisor: Supervisor;
    tools: ClusterTools;
    /** `http://127.0.0.1:<port>`; serves `/eks/<account>/<region>/<name>/{authenticate,authorize}`. */
    daemonUrl: string;
    /** The same port for the same name, always. */
    allocatePort: (name: string) => Promise<number>;
}

/** Real Kubernetes control planes, each as five processes on loopback. */
export class ControlPlanes {
    readonly #options: ControlPlanesOptions;
    readonly #records: ClusterRecords;
    readonly #handles = new Map<string, ClusterHandle>();
    readonly #clients = new Map<string, KubeClient>();

    constructor(options: ControlPlanesOptions) {
        this.#options = options;
        this.#records = new ClusterRecords(options.dir);
    }

    /**
     * Starts a cluster and resolves when its API server and controllers answer.
     * An abort, like a failure, leaves nothing behind.
     */
    async create(spec: ClusterSpec, signal: AbortSignal): Promise<ClusterHandle> {
        const key = clusterKey(spec);
        checkKubernetesVersion(spec.kubernetesVersion);
        if (this.#records.read(key) !== undefined) {
            throw new Error(`Cluster ${key} exists already; delete it first.`);
        }
        this.#records.write(key, { spec, state: "creating" });
        try {
            const handle = await this.#start(spec, signal);
            this.#records.write(key, { spec, state: "active" });
            this.#handles.set(key, handle);
            return handle;
        } catch (error) {
            await this.delete(key);
            throw error;
        }
    }

    /**
     * Restarts a cluster's processes as another Kubernetes version; etcd keeps running with its data. Resolves when the
     * API server and the controllers answer. After a failure or an abort the cluster runs as it did before.
     */
    async upgrade(key: string, kubernetesVersion: string, signal: AbortSignal): Promise<ClusterHandle> {
        checkKubernetesVersion(kubernetesVersion);
        const record = this.#records.read(key);
        if (record?.state !== "active") throw new Error(`Cluster ${key} does not run; only a running one is upgraded.`);
        const spec = { ...record.spec, kubernetesVersion };
        // Idle connections end with the old API server.
        this.#clients.get(key)?.close();
        this.#clients.delete(key);
        try {
            const handle = await this.#start(spec, signal);
            this.#records.write(key, { spec, state: "active" });
            this.#handles.set(key, handle);
            return handle;
        } catch (error) {
            await this.#start(record.spec, new AbortController().signal);
            throw error;
        }
    }

    handle(key: string): ClusterHandle | undefined {
        return this.#handles.get(key);
    }

    handles(): ClusterHandle[] {
        return [...this.#handles.values()];
    }

    /** A client with the sandbox's own administrator. */
    client(key: string): KubeClient {
        const handle = this.#handles.get(key);
        if (handle === undefined) {
            const known = [...this.#handles.keys()].join(", ") || "none";
            throw new Error(`Cluster ${key} does not run; running: ${known}.`);
        }
        let client = this.#clients.get(key);
        if (client === undefined) {
            client = KubeClient.fromKubeconfig(handle.adminKubeconfig);
            this.#clients.set(key, client);
        }
        return client;
    }

    /** Stops the cluster and removes its folder. A cluster that is not there is no error. */
    async delete(key: string, signal?: AbortSignal): Promise<void> {
        signal?.throwIfAborted();
        const record = this.#records.read(key);
        if (record !== undefined) {
            this.#records.write(key, { ...record, state: "deleting" });
        }
        await this.#stop(key);
        rmSync(this.#records.folder(key), { recursive: true, force: true });
    }

    /** Stops every cluster and keeps its data; {@link restore} starts them again. */
    async stopAll(): Promise<void> {
        await Promise.all(this.#records.all().map(({ key }) => this.#stop(key)));
    }

    /** Starts what is missing of every cluster, and finishes what was being created or deleted when all ended. */
    async restore(): Promise<void> {
        await Promise.all(
            this.#records.all().map(async ({ key, record }) => {
                if (record === undefined || record.state !== "active") {
                    await this.delete(key);
                    return;
                }
                this.#handles.set(key, await this.#start(record.spec, new AbortController().signal));
            }),
        );
    }

    scaleNodes(key: string, group: NodeGroup): Promise<void> {
        checkKubernetesVersion(group.kubernetesVersion);
        const client = this.client(key);
        return scaleNodes(client, this.#handles.get(key)!, group);
    }

    removeNodes(key: string, groupName: string, kind?: NodeKind): Promise<void> {
        return removeNodes(this.client(key), groupName, kind);
    }

    async #start(spec: ClusterSpec, signal: AbortSignal): Promise<ClusterHandle> {
        const inputs = await this.#prepare(spec);
        const specs = processSpecs(inputs);
        signal.throwIfAborted();
        const { supervisor } = this.#options;
        const handle: ClusterHandle = {
            key: inputs.key,
            accountId: spec.accountId,
            region: spec.region,
            name: spec.name,
            endpoint: `https://127.0.0.1:${inputs.ports["kube-apiserver"]}`,
            caData: Buffer.from(readFileSync(path.join(inputs.dir, "pki", "ca.crt"))).toString("base64"),
            issuer: spec.issuer,
            adminKubeconfig: inputs.kubeconfigs.admin,
            version: spec.kubernetesVersion,
        };
        const start = (names: readonly ProcessName[]) =>
            Promise.all(names.map((name) => supervisor.ensure(specs[name])));
        await start(SERVERS);
        await waitUntil(apiReady, handle, supervisor, signal);
        await start(CLIENTS);
        await waitUntil(controllersReady, handle, supervisor, signal);
        return handle;
    }

    async #prepare(spec: ClusterSpec): Promise<ProcessInputs> {
        const { tools, daemonUrl } = this.#options;
        const key = clusterKey(spec);
        const dir = this.#records.folder(key);
        const [pki, ports] = await Promise.all([
            ensurePki(path.join(dir, "pki"), spec.name, firstAddress(spec.serviceCidr)),
            this.#ports(key),
        ]);
        const server = `https://127.0.0.1:${ports["kube-apiserver"]}`;
        const caData = Buffer.from(pki.ca).toString("base64");
        const kubeconfig = (component: Component): string => {
            const file = path.join(dir, `${component}.kubeconfig`);
            writeKubeconfig(file, { name: spec.name, server, caData, user: { token: pki.tokens[component] } });
            return file;
        };
        const stages = path.join(dir, "kwok-stages.yaml");
        if (tools.kwok.assets === undefined) {
            throw new Error("kwok comes without its stage files: resolve the tool with its assets.");
        }
        writeFileAtomic(stages, kwokStages(tools.kwok.assets));
        const kubeconfigs: Record<Component, string> = {
            admin: kubeconfig("admin"),
            "controller-manager": kubeconfig("controller-manager"),
            scheduler: kubeconfig("scheduler"),
            kwok: kubeconfig("kwok"),
        };
        return {
            key,
            spec,
            tools,
            dir,
            ports,
            kubeconfigs,
            ...(spec.eks === false ? {} : { webhooks: writeWebhooks(dir, daemonUrl, spec) }),
            daemonUrl,
            stages,
        };
    }

    async #ports(key: string): Promise<ProcessInputs["ports"]> {
        const port = (name: string) => this.#options.allocatePort(`cluster/${key}/${name}`);
        return {
            etcd: await port("etcd"),
            "etcd-peer": await port("etcd-peer"),
            "kube-apiserver": await port("kube-apiserver"),
            "kube-controller-manager": await port("kube-controller-manager"),
            "kube-scheduler": await port("kube-scheduler"),
            kwok: await port("kwok"),
        };
    }

    /** Clients of the API server first, etcd last. */
    async #stop(key: string): Promise<void> {
        const stop = (name: ProcessName) => this.#options.supervisor.stop(processId(key, name));
        this.#clients.get(key)?.close();
        this.#clients.delete(key);
        this.#handles.delete(key);
        await Promise.all(CLIENTS.map(stop));
        await stop("kube-apiserver");
        await stop("etcd");
    }
}
