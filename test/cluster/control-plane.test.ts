import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ControlPlanes } from "../../sandbox/cluster/control-planes.ts";
import { KubeClient } from "../../sandbox/cluster/kube-client.ts";
import { readKubeconfig } from "../../sandbox/cluster/kubeconfig.ts";
import { PROCESSES, processId } from "../../sandbox/cluster/processes.ts";
import type { ClusterHandle, ClusterSpec } from "../../sandbox/cluster/spec.ts";
import { startTime } from "../../sandbox/process/identity.ts";
import { Ports } from "../../sandbox/process/ports.ts";
import { Supervisor } from "../../sandbox/process/supervisor.ts";
import { resolveTools } from "../../sandbox/tools/index.ts";

const TOOLS = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"] as const;
const SPEC: ClusterSpec = {
    accountId: "222222222222",
    region: "eu-west-1",
    name: "dev-01",
    kubernetesVersion: "1.35",
    serviceCidr: "172.20.0.0/16",
    issuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/TEST",
};
const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
const SPOKE_TOKEN = "k8s-aws-v1.spoke";

interface Review {
    spec: { token?: string; user?: string; resourceAttributes?: { resource: string } };
}

async function eventually(condition: () => Promise<boolean>): Promise<void> {
    while (!(await condition())) await sleep(50);
}

/** Plays the daemon: one token is a spoke role, which may read pods and nothing else. */
function webhooks(calls: string[]): Server {
    return createServer((request, response) => {
        let body = "";
        request.on("data", (chunk: Buffer) => (body += chunk.toString()));
        request.on("end", () => {
            const review: Review = JSON.parse(body);
            const { token, user = "", resourceAttributes } = review.spec;
            calls.push(`${request.url?.split("?")[0] ?? ""} ${user}`.trim());
            const status =
                token === undefined
                    ? { allowed: user === "spoke" && resourceAttributes?.resource === "pods" }
                    : { authenticated: token === SPOKE_TOKEN, user: { username: "spoke", groups: [] } };
            response.setHeader("content-type", "application/json").end(JSON.stringify({ ...review, status }));
        });
    });
}

function deployment(name: string, image: string): object {
    const labels = { app: name };
    const template = { metadata: { labels }, spec: { containers: [{ name: "c", image }] } };
    return { metadata: { name }, spec: { replicas: 2, selector: { matchLabels: labels }, template } };
}

describe("a control plane", function () {
    this.timeout(60_000);
    const calls: string[] = [];
    let folder: string;
    let supervisor: Supervisor;
    let planes: ControlPlanes;
    let handle: ClusterHandle;
    let hooks: Server;
    let pids: number[];

    const client = () => planes.client(handle.key);
    const as = (token: string) => new KubeClient({ ...readKubeconfig(handle.adminKubeconfig), token });

    before(async function () {
        // The first time ever, the tools are built.
        this.timeout(20 * 60_000);
        const tools = await resolveTools(TOOLS);
        folder = mkdtempSync(path.join(tmpdir(), "fleet-test-"));
        const ports = new Ports({ file: path.join(folder, "ports.json") });
        const port = await ports.allocate("daemon");
        hooks = webhooks(calls);
        await new Promise<void>((resolve) => hooks.listen(port, "127.0.0.1", resolve));
        supervisor = new Supervisor({ stateFile: path.join(folder, "processes.json") });
        planes = new ControlPlanes({
            dir: path.join(folder, "clusters"),
            supervisor,
            tools,
            daemonUrl: `http://127.0.0.1:${port}`,
            allocatePort: (name) => ports.allocate(name),
        });
        handle = await planes.create(SPEC, new AbortController().signal);
        pids = supervisor.list().map(({ pid }) => pid);
        const group = { name: "system", kubernetesVersion: "1.35", labels: { team: "a" }, taints: [] };
        await planes.scaleNodes(handle.key, { ...group, count: 2, instanceType: "m7g.large" });
    });

    after(async () => {
        hooks.close();
        hooks.closeAllConnections();
        await planes.delete(handle.key);
        await supervisor.stopAll();
        supervisor.close();
        rmSync(folder, { recursive: true, force: true });
    });

    it("has nodes as EKS labels them, and one less after scaling in", async () => {
        type Node = { metadata: { name: string; labels: Record<string, string> }; status: { nodeInfo: object } };
        const nodes = async () => (await client().get<{ items: Node[] }>("/api/v1/nodes")).items;
        const [first] = await nodes();
        assert.equal(first?.metadata.labels["eks.amazonaws.com/nodegroup"], "system");
        assert.equal(first?.metadata.labels["topology.kubernetes.io/zone"], "eu-west-1a");
        assert.equal(first?.metadata.labels["kubernetes.io/arch"], "arm64");
        const group = { name: "system", kubernetesVersion: "1.35", labels: {}, taints: [] };
        await planes.scaleNodes(handle.key, { ...group, count: 1, instanceType: "m7g.large" });
        assert.deepEqual(
            (await nodes()).map((n) => n.metadata.name),
            ["system-0.eu-west-1.compute.internal"],
        );
    });

    it("makes a Deployment available, and one whose tag starts with bad never", async () => {
        type Status = { status: { availableReplicas?: number } };
        type Pods = { items: { status: { containerStatuses?: { state: { waiting?: { reason: string } } }[] } }[] };
        await client().create(DEPLOYMENTS, deployment("bad", "nginx:bad-1"));
        await client().create(DEPLOYMENTS, deployment("good", "nginx:1.27"));
        const available = async (name: string) =>
            (await client().get<Status>(`${DEPLOYMENTS}/${name}`)).status.availableReplicas ?? 0;
        await eventually(async () => (await available("good")) === 2);
        await eventually(async () => {
            const { items } = await client().get<Pods>("/api/v1/namespaces/default/pods?labelSelector=app%3Dbad");
            const reasons = items.map((p) => p.status.containerStatuses?.[0]?.state.waiting?.reason);
            return reasons.length === 2 && reasons.every((reason) => reason === "ImagePullBackOff");
        });
        assert.equal(await available("bad"), 0);
    });

    it("leaves pods of known workloads to the kubelet: they stay pending without one", async () => {
        type PodStatus = { spec: { nodeName?: string }; status: { phase: string; containerStatuses?: object[] } };
        const spec = { containers: [{ name: "c", image: "quay.io/argoproj/argocd:v3.5.7" }] };
        const pods = "/api/v1/namespaces/default/pods";
        await client().create(pods, { metadata: { name: "argo" }, spec });
        await client().create(pods, { metadata: { name: "other" }, spec: { containers: [{ name: "c", image: "x" }] } });
        const read = (name: string) => client().get<PodStatus>(`${pods}/${name}`);
        await eventually(async () => (await read("other")).status.phase === "Running");
        await eventually(async () => (await read("argo")).spec.nodeName !== undefined);
        const { phase, containerStatuses } = (await read("argo")).status;
        assert.deepEqual({ phase, containerStatuses }, { phase: "Pending", containerStatuses: undefined });
    });

    it("asks the daemon who a token is and what it may do, after RBAC", async () => {
        const spoke = as(SPOKE_TOKEN);
        await spoke.get("/api/v1/namespaces/default/pods");
        await assert.rejects(spoke.get("/api/v1/namespaces/default/secrets"), { status: 403 });
        type Token = { status: { token: string } };
        const account = "/api/v1/namespaces/default/serviceaccounts/default/token";
        const { status } = await client().create<Token>(account, { spec: {} });
        await assert.rejects(as(status.token).get("/api/v1/namespaces/default/secrets"), { status: 403 });
        assert.ok(calls.includes("/eks/222222222222/eu-west-1/dev-01/authenticate"));
        assert.ok(calls.includes("/eks/222222222222/eu-west-1/dev-01/authorize spoke"));
        assert.deepEqual(
            calls.filter((call) => call.includes(" system:")),
            [],
        );
        await assert.rejects(as("k8s-aws-v1.stranger").get("/api/v1/pods"), { status: 401 });
    });

    it("reviews Pod Identity tokens, which are no key to its own API", async () => {
        type Tokens = { status: { token: string; authenticated?: boolean; audiences?: string[] } };
        const audiences = ["pods.eks.amazonaws.com"];
        const account = "/api/v1/namespaces/default/serviceaccounts/default/token";
        const { status } = await client().create<Tokens>(account, { spec: { audiences } });
        const reviews = "/apis/authentication.k8s.io/v1/tokenreviews";
        const review = await client().create<Tokens>(reviews, { spec: { token: status.token, audiences } });
        assert.equal(review.status.authenticated, true);
        await assert.rejects(as(status.token).get("/api/v1/pods"), { status: 401 });
        const own = await client().create<Tokens>(account, { spec: {} });
        assert.equal((await client().create<Tokens>(reviews, { spec: own.status })).status.authenticated, true);
    });

    it("recovers its API server after kill -9, with its data", async () => {
        const id = processId(handle.key, "kube-apiserver");
        const pid = () => supervisor.list().find((info) => info.id === id)?.pid ?? 0;
        const before = pid();
        process.kill(before, "SIGKILL");
        await eventually(() => Promise.resolve(startTime(before) === undefined));
        await planes.restore();
        assert.notEqual(pid(), before);
        await client().get(`${DEPLOYMENTS}/good`);
        pids.push(pid());
    });

    it("refuses a cluster that exists", async () => {
        const again = planes.create(SPEC, new AbortController().signal);
        await assert.rejects(again, /Cluster 222222222222\.dev-01 exists already/);
        assert.equal(planes.handle(handle.key)?.endpoint, handle.endpoint);
    });

    it("leaves nothing behind when its creation is aborted", async () => {
        const abort = new AbortController();
        const creating = planes.create({ ...SPEC, name: "late" }, abort.signal);
        await eventually(() =>
            Promise.resolve(supervisor.list().some(({ id }) => id.startsWith("cluster/222222222222.late"))),
        );
        abort.abort();
        await assert.rejects(creating, { name: "AbortError" });
        assert.equal(supervisor.list().length, PROCESSES.length);
        assert.equal(existsSync(path.join(folder, "clusters", "222222222222.late")), false);
    });

    it("leaves no process and no file when it is deleted", async () => {
        await planes.delete(handle.key);
        assert.deepEqual(
            pids.map(startTime),
            pids.map(() => undefined),
        );
        assert.deepEqual(supervisor.list(), []);
        assert.equal(existsSync(path.join(folder, "clusters", handle.key)), false);
        assert.equal(planes.handle(handle.key), undefined);
    });
});
