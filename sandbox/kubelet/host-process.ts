import { createHash } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { writeFileAtomic } from "../process/atomic-file.ts";
import type { ProcessSpec } from "../process/supervisor.ts";
import { containerEnv, expand } from "./container-env.ts";
import type { Association, ClusterContext } from "./context.ts";
import { flagValue, withoutFlag } from "./flags.ts";
import { awsEnv, kubernetesEnv } from "./identity.ts";
import type { Objects } from "./objects.ts";
import { podFolder, type Container, type Pod } from "./pod.ts";
import { serviceAddress } from "./service-proxy.ts";
import { hostPath, mountVolumes } from "./volumes.ts";
import type { Listen, Workload } from "./workload.ts";

/** A container as a process of this host. */
export interface HostProcess {
    /** Name of its workload. */
    workload: string;
    spec: ProcessSpec;
    /** Port on loopback of what it serves first of all; undefined for one that serves nothing. */
    servedPort?: number;
    /** Port on loopback by the container port that it stands for. */
    ports: Map<number, number>;
    /** Where its health is asked; undefined for one that runs once. */
    health?: { port: number; path?: string };
}

export interface HostProcessInputs {
    context: ClusterContext;
    pod: Pod;
    podDir: string;
    container: Container;
    workload: Workload;
    /** The container's words after its executable. */
    args: string[];
    objects: Objects;
    /** Of the pod's service account. */
    association: Association | undefined;
}

export function processId(clusterKey: string, pod: Pod, containerName: string): string {
    return `pod/${clusterKey}/${podFolder(pod)}/${containerName}`;
}

/** The folder that a container sees as `/`. */
function containerRoot(podDir: string, container: Container): string {
    return path.join(podDir, container.name);
}

/** A Unix socket's path may have 104 bytes on some systems; a pod's folder is longer. */
function socketFile(root: string): string {
    return path.join(tmpdir(), `fleet-${createHash("sha256").update(root).digest("hex").slice(0, 12)}.sock`);
}

/** Removes what a container's process leaves outside of the pod's folder. */
export function removeTraces(podDir: string, container: Container): void {
    rmSync(socketFile(containerRoot(podDir, container)), { force: true });
}

/** The process that stands for a container: its own arguments and environment, and what the workload table changes. */
export async function hostProcess(inputs: HostProcessInputs): Promise<HostProcess> {
    const { context, pod, podDir, container, workload } = inputs;
    const own = await containerEnv(pod, container, inputs.objects);
    const root = containerRoot(podDir, container);
    mountVolumes(podDir, root, container);
    const onHost = (value: string) => hostPath(root, container, value);
    const env = Object.fromEntries(Object.entries(own).map(([name, value]) => [name, onHost(value)]));
    let args = inputs.args.map((word) => pathsOnHost(expand(word, own), onHost));
    if (workload.refuse !== undefined && args.includes(workload.refuse.flag)) {
        throw new Error(`${workload.refuse.flag} cannot work in the sandbox: ${workload.refuse.reason}`);
    }
    const base = baseEnv(inputs, root);
    if (workload.password !== undefined) {
        const password = flagValue(args, workload.password.flag);
        args = withoutFlag(args, workload.password.flag);
        args = [...passwordFile(inputs, password), ...args];
        base[workload.password.env] = password ?? "";
    }
    const ports = new Map<number, number>();
    const byName = new Map<string, number>();
    const moved: string[] = [];
    for (const listen of workload.listens) {
        const name = `pod/${context.handle.key}/${podFolder(pod)}/${container.name}/${listen.name}`;
        const port = await context.ports.allocate(name);
        ports.set(containerPort(args, listen), port);
        byName.set(listen.name, port);
        moved.push(listen.flag, listen.value === "host:port" ? `127.0.0.1:${port}` : String(port));
    }
    const dials = await dialFlags(inputs, args, own);
    const { health } = workload;
    return {
        workload: workload.name,
        servedPort: byName.get(workload.listens[0]?.name ?? ""),
        spec: {
            id: processId(context.handle.key, pod, container.name),
            command: path.join(context.bin, workload.executable),
            args: [...args, ...workload.flags, ...moved, ...dials],
            env: { ...env, ...base },
            cwd: root,
            logFile: path.join(podDir, "logs", `${container.name}.log`),
        },
        ports,
        health: health && { port: byName.get(health.listen) ?? 0, path: health.path },
    };
}

/** `--flag=/mounted/path` and `/mounted/path`. */
function pathsOnHost(word: string, onHost: (value: string) => string): string {
    const match = /^(--?[\w-]+=)(\/.*)$/.exec(word);
    return match === null ? onHost(word) : `${match[1]}${onHost(match[2] ?? "")}`;
}

function containerPort(args: readonly string[], listen: Listen): number {
    const own = flagValue(args, listen.flag)?.split(":").at(-1);
    return own === undefined ? listen.containerPort : Number(own);
}

/** Flags that send each call of a Service by name to the proxy's address for it. */
async function dialFlags(
    { context, pod, workload }: HostProcessInputs,
    args: readonly string[],
    env: Record<string, string>,
): Promise<string[]> {
    const flags: string[] = [];
    for (const dial of workload.dials) {
        // An empty variable counts as not set, as it does in Argo CD.
        const value = flagValue(args, dial.flag) ?? (env[dial.env] || dial.fallback);
        const target = serviceAddress(value, pod.metadata.namespace);
        if (target !== undefined) {
            const address = await context.proxy.address(target.namespace, target.service, target.port);
            flags.push(dial.flag, `${target.scheme}${address}`);
        }
    }
    return flags;
}

/** What the sandbox decides about the environment; it wins over the Pod's own. */
function baseEnv(inputs: HostProcessInputs, root: string): Record<string, string> {
    const { context, pod, podDir, container, workload, association } = inputs;
    const folder = (inContainer: string): string => {
        const onHost = path.join(root, inContainer);
        mkdirSync(onHost, { recursive: true });
        return onHost;
    };
    const table = Object.entries(workload.env).map(([k, v]) => [k, v.startsWith("/") ? folder(v) : v]);
    const socket = workload.socketEnv === undefined ? {} : { [workload.socketEnv]: socketFile(root) };
    return {
        // git, and on some machines gpg and ssh, come from the user's PATH.
        PATH: `${context.bin}:${process.env.PATH ?? "/usr/bin:/bin"}`,
        HOME: folder("/home/argocd"),
        TMPDIR: folder("/tmp"),
        HOSTNAME: pod.metadata.name,
        ...ordinalEnv(pod, workload),
        ...Object.fromEntries(table),
        ...socket,
        ...kubernetesEnv(context.handle, pod.metadata.namespace, container, root),
        ...awsEnv(context, podDir, association),
    };
}

/** A StatefulSet's ordinal. The application controller would read it from the host name, which here is the machine's. */
function ordinalEnv(pod: Pod, workload: Workload): Record<string, string> {
    const ordinal = /-(\d+)$/.exec(pod.metadata.name)?.[1];
    return workload.name === "argocd-application-controller" && ordinal !== undefined
        ? { ARGOCD_CONTROLLER_SHARD: ordinal }
        : {};
}

/** A real redis-server reads its password from a file only; the embedded one from the environment. */
function passwordFile({ context, podDir }: HostProcessInputs, password: string | undefined): string[] {
    if (password === undefined || context.tools.redis.origin !== "path") {
        return [];
    }
    const file = path.join(podDir, "redis.conf");
    writeFileAtomic(file, `requirepass "${password.replaceAll(/["\\]/g, "\\$&")}"\n`);
    return [file];
}
