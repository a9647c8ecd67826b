import path from "node:path";
import type { ProcessSpec } from "../process/supervisor.ts";
import type { Component } from "./pki.ts";
import type { ClusterSpec, ClusterTools } from "./spec.ts";
import type { WebhookFiles } from "./webhooks.ts";

/** What an API server needs; stops last, since an API server without etcd hangs. */
export const SERVERS = ["etcd", "kube-apiserver"] as const;
/** What needs an API server. */
export const CLIENTS = ["kube-controller-manager", "kube-scheduler", "kwok"] as const;
export const PROCESSES = [...SERVERS, ...CLIENTS] as const;
export type ProcessName = (typeof PROCESSES)[number];

export interface ProcessInputs {
    key: string;
    spec: ClusterSpec;
    tools: ClusterTools;
    /** Folder of the cluster: `pki/`, `etcd/`, `logs/`. */
    dir: string;
    ports: Record<ProcessName | "etcd-peer", number>;
    kubeconfigs: Record<Component, string>;
    /** Absent for a cluster outside AWS. */
    webhooks?: WebhookFiles;
    daemonUrl: string;
    /** Stage file of kwok. */
    stages: string;
}

export function processId(key: string, name: ProcessName): string {
    return `cluster/${key}/${name}`;
}

/** The five processes of a control plane. */
export function processSpecs(inputs: ProcessInputs): Record<ProcessName, ProcessSpec> {
    const spec = (name: ProcessName, args: string[], env: Record<string, string>): ProcessSpec => ({
        id: processId(inputs.key, name),
        command: inputs.tools[name].path,
        args,
        // No proxy, no credentials and no KUBECONFIG of the user.
        env: { PATH: "/usr/bin:/bin", HOME: inputs.dir, ...env },
        cwd: inputs.dir,
        logFile: path.join(inputs.dir, "logs", `${name}.log`),
        restart: true,
    });
    return {
        etcd: spec("etcd", etcdArgs(inputs), {}),
        // The webhook files are read at start only; naming their address here restarts the server when it changes.
        "kube-apiserver": spec("kube-apiserver", apiServerArgs(inputs), { WEBHOOK_SERVER: inputs.daemonUrl }),
        "kube-controller-manager": spec("kube-controller-manager", controllerManagerArgs(inputs), {}),
        "kube-scheduler": spec("kube-scheduler", schedulerArgs(inputs), {}),
        kwok: spec("kwok", kwokArgs(inputs), {}),
    };
}

function etcdArgs({ dir, key, ports }: ProcessInputs): string[] {
    const client = `http://127.0.0.1:${ports.etcd}`;
    const peer = `http://127.0.0.1:${ports["etcd-peer"]}`;
    return [
        `--name=${key}`,
        `--data-dir=${path.join(dir, "etcd")}`,
        `--listen-client-urls=${client}`,
        `--advertise-client-urls=${client}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=${key}=${peer}`,
        // Survives the death of the process, not of the machine; a laptop's disk is spared.
        "--unsafe-no-fsync",
        "--log-level=warn",
    ];
}

function apiServerArgs({ dir, spec, ports, webhooks }: ProcessInputs): string[] {
    const pki = (file: string) => path.join(dir, "pki", file);
    return [
        `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
        "--bind-address=127.0.0.1",
        `--secure-port=${ports["kube-apiserver"]}`,
        // Endpoints may not be loopback addresses.
        "--endpoint-reconciler-type=none",
        `--tls-cert-file=${pki("server.crt")}`,
        `--tls-private-key-file=${pki("server.key")}`,
        `--cert-dir=${path.join(dir, "pki")}`,
        `--token-auth-file=${pki("tokens.csv")}`,
        ...(webhooks === undefined
            ? ["--authorization-mode=RBAC"]
            : [
                  `--authentication-token-webhook-config-file=${webhooks.authentication}`,
                  "--authentication-token-webhook-version=v1",
                  "--authentication-token-webhook-cache-ttl=2s",
                  `--authorization-config=${webhooks.authorization}`,
              ]),
        `--service-account-issuer=${spec.issuer}`,
        // As on EKS: tokens for another audience (pods.eks.amazonaws.com) are issued, and are no key to this API.
        "--api-audiences=https://kubernetes.default.svc",
        `--service-account-key-file=${pki("sa.pub")}`,
        `--service-account-signing-key-file=${pki("sa.key")}`,
        `--service-cluster-ip-range=${spec.serviceCidr}`,
        `--emulated-version=${spec.kubernetesVersion}`,
        "--allow-privileged=true",
        "--profiling=false",
    ];
}

function controllerManagerArgs({ dir, spec, ports, kubeconfigs }: ProcessInputs): string[] {
    return [
        `--kubeconfig=${kubeconfigs["controller-manager"]}`,
        "--bind-address=127.0.0.1",
        `--secure-port=${ports["kube-controller-manager"]}`,
        `--cert-dir=${path.join(dir, "pki", "controller-manager")}`,
        `--emulated-version=${spec.kubernetesVersion}`,
        "--leader-elect=false",
        "--use-service-account-credentials=true",
        `--service-account-private-key-file=${path.join(dir, "pki", "sa.key")}`,
        `--root-ca-file=${path.join(dir, "pki", "ca.crt")}`,
        // Each controller makes its own client at start; the default of 20 a second would take 4 s.
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
        "--controllers=*,-cloud-node-lifecycle-controller,-node-route-controller,-service-lb-controller",
        "--profiling=false",
    ];
}

function schedulerArgs({ dir, spec, ports, kubeconfigs }: ProcessInputs): string[] {
    return [
        `--kubeconfig=${kubeconfigs.scheduler}`,
        "--bind-address=127.0.0.1",
        `--secure-port=${ports["kube-scheduler"]}`,
        `--cert-dir=${path.join(dir, "pki", "scheduler")}`,
        `--emulated-version=${spec.kubernetesVersion}`,
        "--leader-elect=false",
        "--profiling=false",
    ];
}

function kwokArgs({ ports, kubeconfigs, stages }: ProcessInputs): string[] {
    return [
        `--kubeconfig=${kubeconfigs.kwok}`,
        `--config=${stages}`,
        "--manage-all-nodes=true",
        "--node-lease-duration-seconds=40",
        // Addresses for show: nothing listens there (192.0.2.0/24 is reserved for documentation).
        "--cidr=10.244.0.1/16",
        "--node-ip=192.0.2.10",
        `--server-address=127.0.0.1:${ports.kwok}`,
    ];
}
