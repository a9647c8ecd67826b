import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ControlPlanes } from "../../../sandbox/cluster/control-planes.ts";
import { Ports } from "../../../sandbox/process/ports.ts";
import { Supervisor } from "../../../sandbox/process/supervisor.ts";
import { resolveTools } from "../../../sandbox/tools/index.ts";

const CLUSTER = { accountId: "111111111111", region: "eu-west-1", name: "standins" };
const KEY = `${CLUSTER.accountId}.${CLUSTER.name}`;

/** A real control plane with one node, shared by the test files of a run. */
export interface TestCluster {
    /** Text of a kubeconfig for its administrator. */
    kubeconfig: string;
    /** Folder of the run, a sandbox state folder to the providers. */
    folder: string;
}

let started: Promise<TestCluster> | undefined;
let stop = async (): Promise<void> => {};

/** Starts the cluster at first use. It ends after the last test of the run. */
export function testCluster(): Promise<TestCluster> {
    started ??= start();
    return started;
}

after(async function () {
    this.timeout(60_000);
    await stop();
});

async function start(): Promise<TestCluster> {
    const tools = await resolveTools([
        "etcd",
        "kube-apiserver",
        "kube-controller-manager",
        "kube-scheduler",
        "kwok",
        "helm",
    ]);
    const folder = mkdtempSync(path.join(tmpdir(), "fleet-standins-"));
    const ports = new Ports({ file: path.join(folder, "ports.json") });
    const supervisor = new Supervisor({ stateFile: path.join(folder, "processes.json") });
    const planes = new ControlPlanes({
        dir: path.join(folder, "clusters"),
        supervisor,
        tools,
        // Nobody serves the webhooks: the administrator needs neither.
        daemonUrl: `http://127.0.0.1:${await ports.allocate("nobody")}`,
        allocatePort: (name) => ports.allocate(name),
    });
    const environment = { PATH: process.env["PATH"], FLEET_SANDBOX_DIR: process.env["FLEET_SANDBOX_DIR"] };
    stop = async () => {
        await planes.delete(KEY);
        await supervisor.stopAll();
        Object.assign(process.env, environment);
        rmSync(folder, { recursive: true, force: true });
    };
    process.env["PATH"] = `${path.dirname(tools.helm.path)}${path.delimiter}${process.env["PATH"] ?? ""}`;
    process.env["FLEET_SANDBOX_DIR"] = folder;
    const { adminKubeconfig } = await planes.create(
        {
            ...CLUSTER,
            kubernetesVersion: "1.35",
            serviceCidr: "172.20.0.0/16",
            issuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/STANDINS",
        },
        new AbortController().signal,
    );
    const group = { name: "default", count: 1, kubernetesVersion: "1.35", labels: {}, taints: [] };
    await planes.scaleNodes(KEY, { ...group, instanceType: "m7g.large" });
    return { kubeconfig: readFileSync(adminKubeconfig, "utf8"), folder };
}
