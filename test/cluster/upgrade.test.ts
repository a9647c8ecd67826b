import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";

import { ControlPlanes } from "../../sandbox/cluster/control-planes.ts";
import { processId } from "../../sandbox/cluster/processes.ts";
import type { ClusterHandle } from "../../sandbox/cluster/spec.ts";
import { Ports } from "../../sandbox/process/ports.ts";
import { Supervisor } from "../../sandbox/process/supervisor.ts";
import { resolveTools } from "../../sandbox/tools/index.ts";

const TOOLS = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"] as const;
const CONFIG_MAP = "/api/v1/namespaces/default/configmaps";

interface Node {
    metadata: { name: string; uid: string };
    spec: { providerID: string };
    status: { nodeInfo: { kubeletVersion: string } };
}

describe("a control plane's upgrade", function () {
    this.timeout(120_000);
    let folder: string;
    let supervisor: Supervisor;
    let planes: ControlPlanes;
    let handle: ClusterHandle;
    let webhooks: Server;

    const client = () => planes.client(handle.key);
    const never = () => new AbortController().signal;
    const version = async () => {
        const { major, emulationMajor, emulationMinor } = await client().get<Record<string, string>>("/version");
        return `${emulationMajor ?? major}.${emulationMinor}`;
    };
    const pid = (name: "etcd" | "kube-apiserver") =>
        supervisor.list().find(({ id }) => id === processId(handle.key, name))?.pid;
    const nodes = async () => (await client().get<{ items: Node[] }>("/api/v1/nodes")).items;
    const group = { name: "system", count: 2, labels: {}, taints: [], instanceType: "m7g.large" };

    before(async function () {
        // The first time ever, the tools are built.
        this.timeout(20 * 60_000);
        const tools = await resolveTools(TOOLS);
        folder = mkdtempSync(path.join(tmpdir(), "fleet-test-"));
        const ports = new Ports({ file: path.join(folder, "ports.json") });
        const port = await ports.allocate("daemon");
        webhooks = createServer((_, response) => response.writeHead(503).end());
        await new Promise<void>((resolve) => webhooks.listen(port, "127.0.0.1", resolve));
        supervisor = new Supervisor({ stateFile: path.join(folder, "processes.json") });
        planes = new ControlPlanes({
            dir: path.join(folder, "clusters"),
            supervisor,
            tools,
            daemonUrl: `http://127.0.0.1:${port}`,
            allocatePort: (name) => ports.allocate(name),
        });
        const spec = {
            accountId: "222222222222",
            region: "eu-west-1",
            name: "dev-01",
            kubernetesVersion: "1.34",
            serviceCidr: "172.20.0.0/16",
            issuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/TEST",
        };
        handle = await planes.create(spec, never());
        await planes.scaleNodes(handle.key, { ...group, kubernetesVersion: "1.34" });
        await client().patch(`${CONFIG_MAP}/kept?fieldManager=test`, "apply", {
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: "kept" },
            data: { from: "1.34" },
        });
    });

    after(async () => {
        webhooks.close();
        webhooks.closeAllConnections();
        await planes.delete(handle.key);
        await supervisor.stopAll();
        supervisor.close();
        rmSync(folder, { recursive: true, force: true });
    });

    it("restarts the API server as the next minor, over the same etcd with the same data", async () => {
        assert.equal(await version(), "1.34");
        const [etcd, server] = [pid("etcd"), pid("kube-apiserver")];
        const upgraded = await planes.upgrade(handle.key, "1.35", never());
        assert.deepEqual(upgraded, { ...handle, version: "1.35" });
        assert.equal(planes.handle(handle.key)?.version, "1.35");
        assert.equal(await version(), "1.35");
        assert.equal(pid("etcd"), etcd);
        assert.notEqual(pid("kube-apiserver"), server);
        const kept = await client().get<{ data: object }>(`${CONFIG_MAP}/kept`);
        assert.deepEqual(kept.data, { from: "1.34" });
    });

    it("leaves the nodes as they are, until their group is upgraded: then each is replaced", async () => {
        const before = await nodes();
        assert.deepEqual(
            before.map(({ status }) => status.nodeInfo.kubeletVersion),
            ["v1.34.0-eks-kwok", "v1.34.0-eks-kwok"],
        );
        await planes.scaleNodes(handle.key, { ...group, kubernetesVersion: "1.35" });
        const after = await nodes();
        assert.deepEqual(
            after.map(({ status }) => status.nodeInfo.kubeletVersion),
            ["v1.35.0-eks-kwok", "v1.35.0-eks-kwok"],
        );
        for (const [index, node] of after.entries()) {
            assert.notEqual(node.metadata.uid, before[index]?.metadata.uid);
            assert.notEqual(node.spec.providerID, before[index]?.spec.providerID);
        }
    });

    it("is still there after everything stopped and started again", async () => {
        await planes.stopAll();
        await planes.restore();
        assert.equal(planes.handle(handle.key)?.version, "1.35");
        assert.equal(await version(), "1.35");
    });

    it("runs as before when it is aborted, or cannot run that version", async () => {
        await assert.rejects(planes.upgrade(handle.key, "1.37", never()), /Kubernetes 1\.37 cannot run in the sandbox/);
        await assert.rejects(planes.upgrade(handle.key, "1.36", AbortSignal.abort(new Error("stopped"))), /stopped/);
        assert.equal(planes.handle(handle.key)?.version, "1.35");
        assert.equal(await version(), "1.35");
        await assert.rejects(planes.upgrade("222222222222.nobody", "1.36", never()), /does not run/);
    });
});
