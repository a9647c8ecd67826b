import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { KubeClient, KubeError } from "../../sandbox/cluster/kube-client.ts";
import { readKubeconfig } from "../../sandbox/cluster/kubeconfig.ts";
import { eventually } from "./support/eventually.ts";
import { measured } from "./support/figures.ts";
import type { Fleet } from "./support/fleet.ts";

const CLUSTER = "onprem-01";
const STACK = "onprem";
const REGISTRATION = "registrations-hub-01/data/onprem-01";
const POLICY = "sys/policies/acl/registrations-hub-01-read";
const ACCESS = "/api/v1/namespaces/fleet-access";

/** Runs last before the end, whose `destroy` ends this cluster with all others. */
export function existingClusterTests(fleet: Fleet): void {
    describe("a cluster outside AWS", () => {
        it("joins by its stack and its member file, beside the EKS clusters, and leaves AWS as it was", async () => {
            const hash = await fleet.twinHash();
            const output = await measured("npm run sandbox -- add-existing", () => fleet.cli(["add-existing"], true));
            assert.match(output, /pulumi up -s onprem: 1\d created/);
            assert.equal(await fleet.twinHash(), hash);
            const app = await fleet.application(`${CLUSTER}-podinfo`);
            const ready = app.workloads.map((workload) => [workload.ready, workload.desired]);
            assert.deepEqual([app.sync, app.health, ready], ["Synced", "Healthy", [[1, 1]]]);
        });

        it("is left as it is by another `add-existing`, and by `npm run sandbox`", async () => {
            assert.match(await fleet.cli(["add-existing"]), /pulumi up -s onprem: unchanged/);
            assert.deepEqual(Object.keys(await fleet.preview(STACK)), ["same"]);
            assert.match(await fleet.cli([]), /pulumi up -s onprem: unchanged/);
            await fleet.settled([CLUSTER]);
        });

        it("is signed in to with the token that Vault holds, which no state, output or log shows", async () => {
            const token = await tokenInVault(fleet);
            const { data } = await fleet
                .kube("hub-01")
                .get<{ data: { config: string } }>(`/api/v1/namespaces/argocd/secrets/${CLUSTER}`);
            const config = JSON.parse(Buffer.from(data.config, "base64").toString()) as { bearerToken: string };
            assert.equal(config.bearerToken, token);

            const kubeconfig = await readFile(path.join(fleet.layout.kubeconfigs, CLUSTER), "utf8");
            const administrator = /token: (\S+)/.exec(kubeconfig)?.[1] ?? "";
            assert.ok(administrator.length > 10);
            const pulumi = await fleet.pulumi();
            const seen = [
                JSON.stringify(await pulumi.export(STACK)),
                JSON.stringify(await pulumi.outputs(STACK)),
                await readFile(path.join(fleet.layout.logs, `up-${STACK}.log`), "utf8"),
                await readFile(path.join(fleet.layout.pulumiProject, "cfg", `Pulumi.${STACK}.yaml`), "utf8"),
            ].join("\n");
            for (const secret of [token, Buffer.from(token).toString("base64"), administrator]) {
                assert.ok(!seen.includes(secret));
            }
        });

        it("gets another token by a number in its stack file, and the one before ends", async () => {
            const before = await tokenInVault(fleet);
            const pulumi = await fleet.pulumi();
            await pulumi.setConfig(STACK, "fleet:cluster.existing.tokenSerial", "2");
            await measured("rotation of the hub's token", async () => {
                await pulumi.up(STACK);
                const after = await tokenInVault(fleet);
                assert.notEqual(after, before);
                assert.equal(await fleet.kube(CLUSTER).find(`${ACCESS}/secrets/hub-01-argocd-1`), undefined);
                await eventually("the old token is refused", async () => {
                    assert.deepEqual(await signIn(fleet, before), 401);
                });
                assert.equal(await signIn(fleet, after), 200);
                await forceSync(fleet);
                await fleet.refresh(`${CLUSTER}-podinfo`, "hard");
                await fleet.settled([CLUSTER]);
            });
        });

        it("is out of reach of External Secrets once Vault's policy is gone, and comes back with it", async () => {
            const { policy } = await vault<{ policy: string }>(fleet, "GET", POLICY);
            await vault(fleet, "PUT", POLICY, { policy: 'path "fleet/*" { capabilities = ["read"] }' });
            try {
                await forceSync(fleet);
                await eventually("the registration cannot be read", async () => {
                    const { status, message } = await synced(fleet);
                    assert.deepEqual([status, /permission denied|could not get secret/.test(message)], ["False", true]);
                });
                // The cluster secret stays, and with it what runs.
                const app = await fleet.application(`${CLUSTER}-podinfo`);
                assert.equal(app.sync, "Synced");
            } finally {
                await vault(fleet, "PUT", POLICY, { policy });
            }
            await forceSync(fleet);
            await eventually("the registration is read again", async () => {
                assert.equal((await synced(fleet)).status, "True");
            });
            await fleet.settled([CLUSTER]);
        });

        it("is refused with its kubeconfig in plain text, which the message does not repeat", async () => {
            const canary = "canary-credential-7f3a";
            const args = ["config", "set", "fleet:kubeconfig", `{"users": [{"user": {"token": "${canary}"}}]}`];
            const pulumi = (...words: string[]) => ["shell", "--", "pulumi", ...words, "--non-interactive"];
            const file = path.join(fleet.layout.pulumiProject, "cfg", `Pulumi.${STACK}.yaml`);
            const before = await readFile(file, "utf8");
            try {
                await fleet.cli(pulumi(...args, "--plaintext", "--stack", STACK));
                const { exitCode, all } = await fleet.start(pulumi("preview", "--stack", STACK));
                assert.notEqual(exitCode, 0);
                assert.match(all, /E-CFG-004 fleet:kubeconfig: a secret given as plain text/);
                assert.ok(!all.includes(canary));
            } finally {
                await writeFile(file, before);
            }
        });
    });
}

/** The hub's token for the cluster, as Vault has it. */
async function tokenInVault(fleet: Fleet): Promise<string> {
    const { data } = await vault<{ data: { auth: { type: string; token: string } } }>(fleet, "GET", REGISTRATION);
    assert.equal(data.auth.type, "token");
    return data.auth.token;
}

/** Status of a request to the cluster with a token. */
async function signIn(fleet: Fleet, token: string): Promise<number> {
    const { server, ca } = readKubeconfig(path.join(fleet.layout.kubeconfigs, CLUSTER));
    const client = new KubeClient({ server, ca, token });
    try {
        await client.get("/api/v1/namespaces");
        return 200;
    } catch (error) {
        assert.ok(error instanceof KubeError, String(error));
        return error.status;
    } finally {
        client.close();
    }
}

const EXTERNAL_SECRET = `/apis/external-secrets.io/v1/namespaces/argocd/externalsecrets/${CLUSTER}`;

/** Has External Secrets read the registration now. */
async function forceSync(fleet: Fleet): Promise<void> {
    const annotations = { "force-sync": new Date().toISOString() };
    await eventually(`ExternalSecret ${CLUSTER} takes an annotation`, () =>
        fleet.kube("hub-01").patch(EXTERNAL_SECRET, "merge", { metadata: { annotations } }),
    );
}

/** What the ExternalSecret says of its last reading. */
async function synced(fleet: Fleet): Promise<{ status: string; message: string }> {
    const { status } = await fleet.kube("hub-01").get<{
        status?: { conditions?: { type: string; status: string; message: string }[] };
    }>(EXTERNAL_SECRET);
    const ready = status?.conditions?.find(({ type }) => type === "Ready");
    assert.ok(ready, "no condition yet");
    return ready;
}

/** A call of Vault's API as its operator; gives the answer's data. */
async function vault<Data = unknown>(fleet: Fleet, method: string, at: string, body?: object): Promise<Data> {
    const { vaultAddress, vaultToken } = await fleet.daemon();
    const response = await fetch(`${vaultAddress}/v1/${at}`, {
        method,
        headers: { "x-vault-token": vaultToken },
        ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${at}: ${response.status}`);
    return (text === "" ? undefined : (JSON.parse(text) as { data: Data }).data) as Data;
}
