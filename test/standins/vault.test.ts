import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { UNKNOWN } from "../../sandbox/engine/kit/types.ts";
import type { Props, ProviderInstance } from "../../sandbox/engine/kit/types.ts";
import { vault as definition } from "../../sandbox/engine/vault/definition.ts";
import { Resource, configure } from "./support/resource.ts";
import { startVault } from "./support/vault.ts";
import type { TestVault } from "./support/vault.ts";

const MOUNT = "vault:index/mount:Mount";
const AUDIT = "vault:index/audit:Audit";
const POLICY = "vault:index/policy:Policy";
const AUTH = "vault:index/authBackend:AuthBackend";
const CONFIG = "vault:kubernetes/authBackendConfig:AuthBackendConfig";
const ROLE = "vault:kubernetes/authBackendRole:AuthBackendRole";
const SECRET = "vault:kv/secretV2:SecretV2";
const VALUE = "a-value-nobody-may-see";

describe("The vault stand-in, on a real Vault", function () {
    this.timeout(30_000);
    let vault: TestVault;
    let provider: ProviderInstance;
    let folder: string;

    before(async () => {
        vault = await startVault();
        folder = mkdtempSync(path.join(tmpdir(), "fleet-vault-"));
        provider = await configure(definition, { address: vault.address, token: vault.token, skipChildToken: "true" });
        const auth = { type: "kubernetes", path: "kubernetes-dev-01" };
        await new Resource(provider, AUTH, "auth").create(auth);
        await new Resource(provider, MOUNT, "kv").create({ path: "fleet", type: "kv", options: { version: "2" } });
    });
    after(() => {
        vault.stop();
        rmSync(folder, { recursive: true });
    });

    /** Creates, changes nothing on the same inputs, is imported with the same inputs, and goes. */
    async function livesAs(type: string, inputs: Props, id: string): Promise<Resource> {
        const resource = await new Resource(provider, type, "r").create(inputs);
        assert.equal(resource.id, id);
        assert.deepEqual((await resource.diff(inputs)).changed, []);
        await resource.refresh();
        assert.deepEqual((await resource.diff(inputs)).changed, [], "after a refresh");
        return resource;
    }

    async function goes(resource: Resource): Promise<void> {
        await resource.delete();
        assert.equal(await resource.refresh(), false);
        await resource.delete();
    }

    async function replaces(resource: Resource, inputs: Props, property: string, value: string): Promise<void> {
        assert.deepEqual((await resource.diff({ ...inputs, [property]: value })).replace, [property]);
    }

    it("keeps a mount: KV v2, tuned in place, replaced when its path or type changes", async () => {
        const inputs = { path: "team/kv", type: "kv", options: { version: "2" }, description: "first" };
        const mount = await livesAs(MOUNT, inputs, "team/kv");
        assert.match(mount.outputs["accessor"] as string, /^kv_/);
        await mount.update({ ...inputs, description: "second", maxLeaseTtlSeconds: 3600 });
        const { data } = await vault.api("GET", "sys/mounts");
        const live = data["team/kv/"] as { description: string; config: { max_lease_ttl: number } };
        assert.deepEqual([live.description, live.config.max_lease_ttl], ["second", 3600]);
        await replaces(mount, mount.inputs, "path", "other");
        assert.equal((await mount.diff({ ...mount.inputs, type: "kv-v1" })).deleteBeforeReplace, true);
        await vault.api("POST", "sys/mounts/team/kv/tune", { description: "changed by hand" });
        await mount.refresh();
        assert.deepEqual((await mount.diff({ ...inputs, description: "second", maxLeaseTtlSeconds: 3600 })).changed, [
            "description",
        ]);
        const imported = new Resource(provider, MOUNT, "i");
        assert.equal(await imported.import("team/kv"), true);
        assert.equal(imported.inputs["type"], "kv");
        await goes(mount);
    });

    it("takes kv-v2 as a mount's type without seeing a change in Vault's own name for it", async () => {
        const mount = await livesAs(MOUNT, { path: "alias", type: "kv-v2" }, "alias");
        assert.equal(mount.outputs["type"], "kv-v2");
        assert.deepEqual(mount.outputs["options"], {});
        await goes(mount);
    });

    it("says in a preview what it does not know, and changes nothing", async () => {
        const outputs = await new Resource(provider, MOUNT, "m").preview({ path: "p", type: "kv" });
        assert.deepEqual(outputs, { path: "p", type: "kv", accessor: UNKNOWN });
        assert.equal((await vault.api("GET", "sys/mounts")).data["p/"], undefined);
    });

    it("keeps a file audit device, replaced by any change", async () => {
        const inputs = { type: "file", options: { file_path: path.join(folder, "audit.log") } };
        const audit = await livesAs(AUDIT, inputs, "file");
        assert.deepEqual((await audit.diff({ ...inputs, description: "x" })).replace, ["description"]);
        await goes(audit);
    });

    it("keeps a policy, named by itself if the program gives no name, and sees its drift", async () => {
        const inputs = { name: "reader", policy: 'path "fleet/*" { capabilities = ["read"] }' };
        const policy = await livesAs(POLICY, inputs, "reader");
        await replaces(policy, inputs, "name", "other");
        const changed = { ...inputs, policy: 'path "fleet/*" { capabilities = ["list"] }' };
        await policy.update(changed);
        assert.equal((await vault.api("GET", "sys/policies/acl/reader")).data["policy"], changed.policy);
        await vault.api("PUT", "sys/policies/acl/reader", { policy: inputs.policy });
        await policy.refresh();
        assert.deepEqual((await policy.diff(changed)).changed, ["policy"]);
        await goes(policy);
        const unnamed = await new Resource(provider, POLICY, "auto").create({ policy: inputs.policy });
        assert.match(unnamed.id, /^auto-[0-9a-f]{7}$/);
        await assert.rejects(
            policy.create({ name: "broken", policy: "path {" }),
            /Vault answered 400 .*sys\/policies\/acl\/broken/,
        );
    });

    it("keeps an auth backend with its tuning, whatever way a time is written", async () => {
        const inputs = {
            type: "kubernetes",
            path: "kubernetes-x",
            tune: { maxLeaseTtl: "1h", defaultLeaseTtl: "30m" },
        };
        const auth = await livesAs(AUTH, inputs, "kubernetes-x");
        assert.match(auth.outputs["accessor"] as string, /^auth_kubernetes_/);
        await auth.update({ ...inputs, tune: { maxLeaseTtl: "2h" } });
        const { data } = await vault.api("GET", "sys/auth/kubernetes-x/tune");
        assert.equal(data["max_lease_ttl"], 7200);
        await replaces(auth, auth.inputs, "path", "kubernetes-y");
        await assert.rejects(auth.check({ ...inputs, path: "kubernetes-x/" }), /must not begin or end with a slash/);
        await assert.rejects(
            auth.check({ ...inputs, tune: { maxTtl: "1h" } }),
            /tune\.maxTtl: "maxTtl" is no setting of tune/,
        );
        await goes(auth);
    });

    it("keeps the configuration of a kubernetes auth backend, and never shows the reviewer's token", async () => {
        const inputs = {
            backend: "kubernetes-dev-01",
            kubernetesHost: "https://127.0.0.1:6443",
            tokenReviewerJwt: VALUE,
            disableLocalCaJwt: true,
        };
        const config = await livesAs(CONFIG, inputs, "auth/kubernetes-dev-01/config");
        await config.update({ ...inputs, kubernetesHost: "https://127.0.0.1:7443" });
        assert.equal((await vault.api("GET", config.id)).data["kubernetes_host"], "https://127.0.0.1:7443");
        await replaces(config, config.inputs, "backend", "kubernetes-x");
        await config.delete();
        const error = await new Resource(provider, CONFIG, "c")
            .create({ ...inputs, kubernetesHost: "https://127.0.0.1:1", pemKeys: [VALUE] })
            .catch((thrown: unknown) => thrown);
        assert.ok(error instanceof Error);
        assert.match(error.message, /Vault answered 400/);
        assert.doesNotMatch(error.message, new RegExp(VALUE));
    });

    it("keeps a kubernetes role, takes lists in any order, and clears what leaves the program", async () => {
        const inputs = {
            backend: "kubernetes-dev-01",
            roleName: "shop",
            boundServiceAccountNames: ["web", "api"],
            boundServiceAccountNamespaces: ["shop"],
            audience: "vault",
            tokenPolicies: ["reader"],
            tokenTtl: 3600,
        };
        const role = await livesAs(ROLE, inputs, "auth/kubernetes-dev-01/role/shop");
        assert.deepEqual((await role.diff({ ...inputs, boundServiceAccountNames: ["api", "web"] })).changed, []);
        const { tokenPolicies: _, ...fewer } = inputs;
        await role.update(fewer);
        assert.deepEqual((await vault.api("GET", role.id)).data["token_policies"], []);
        await replaces(role, role.inputs, "roleName", "other");
        await vault.api("POST", role.id, { token_ttl: 60 });
        await role.refresh();
        assert.deepEqual((await role.diff(fewer)).changed, ["tokenTtl"]);
        const imported = new Resource(provider, ROLE, "i");
        await imported.import(role.id);
        assert.equal(imported.inputs["roleName"], "shop");
        await goes(role);
    });

    it("keeps a KV v2 secret by the meaning of its JSON, right after its mount was made", async () => {
        await new Resource(provider, MOUNT, "fresh").create({ path: "fresh", type: "kv-v2" });
        const inputs = { mount: "fresh", name: "clusters/dev-01", dataJson: `{"token":"${VALUE}"}` };
        const secret = await livesAs(SECRET, inputs, "fresh/data/clusters/dev-01");
        assert.equal((secret.outputs["metadata"] as Props)["version"], "1");
        assert.deepEqual((await secret.diff({ ...inputs, dataJson: `{ "token": "${VALUE}" }` })).changed, []);
        assert.deepEqual((await secret.diff({ ...inputs, dataJson: '{"token":"new"}' })).changed, ["dataJson"]);
        await secret.update({ ...inputs, dataJson: '{"token":"new"}', customMetadata: { maxVersions: 3 } });
        assert.deepEqual((await vault.api("GET", secret.id)).data["data"], { token: "new" });
        await replaces(secret, secret.inputs, "name", "other");
        await assert.rejects(secret.check({ ...inputs, dataJson: VALUE }), (error: Error) => {
            assert.match(error.message, /dataJson: .* must be the JSON text of an object/);
            assert.doesNotMatch(error.message, new RegExp(VALUE));
            return true;
        });
        await goes(secret);
    });

    it("refuses unknown types and inputs, unsupported ones and wrong types, by name", async () => {
        const check = (type: string, inputs: Props): Promise<Props> => new Resource(provider, type, "r").check(inputs);
        await assert.rejects(
            check("vault:aws/secretBackend:SecretBackend", {}),
            /vault:aws\/secretBackend:SecretBackend is not supported/,
        );
        await assert.rejects(
            check(MOUNT, { path: "p", type: "kv", pth: "x" }),
            /pth: "pth" is not an input of vault:index\/mount:Mount/,
        );
        await assert.rejects(check(MOUNT, { path: "p" }), /type: "type" of vault:index\/mount:Mount is needed/);
        await assert.rejects(check(MOUNT, { path: "p", type: "kv", namespace: "n" }), /namespace: .* not supported/);
        await assert.rejects(check(MOUNT, { path: "p", type: "kv", local: "yes" }), /local: .* must be a boolean/);
        await assert.rejects(
            provider.invoke("vault:index/getAuthBackend:getAuthBackend", {}),
            /getAuthBackend is not supported/,
        );
    });
});
