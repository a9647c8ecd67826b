import assert from "node:assert/strict";
import type { Fleet } from "./support/fleet.ts";

export function vaultTests(fleet: Fleet): void {
    describe("Vault", () => {
        it("has an auth mount for each spoke, whose role is bound to that cluster's External Secrets", async () => {
            await assertVault(fleet);
        });
    });
}

/** What the stacks of the spokes write into Vault is there. */
export async function assertVault(fleet: Fleet): Promise<void> {
    const mounts = Object.keys(await read(fleet, "sys/auth"));
    for (const [cluster, environment] of [
        ["dev-01", "dev"],
        ["staging-01", "staging"],
        ["prod-01", "prod"],
    ]) {
        assert.ok(mounts.includes(`kubernetes-${cluster}/`), `${cluster} in ${mounts.join(", ")}`);
        const role = await read(fleet, `auth/kubernetes-${cluster}/role/platform`);
        const bound = {
            audience: role["audience"],
            names: role["bound_service_account_names"],
            namespaces: role["bound_service_account_namespaces"],
            policies: role["token_policies"],
            ttl: role["token_ttl"],
            maxTtl: role["token_max_ttl"],
        };
        assert.deepEqual(bound, {
            audience: "vault",
            names: ["external-secrets"],
            namespaces: ["external-secrets"],
            policies: [`fleet-platform-${environment}-read`],
            ttl: 3600,
            maxTtl: 3600,
        });
        const policy = await read(fleet, `sys/policies/acl/fleet-platform-${environment}-read`);
        assert.match(String(policy["policy"]), /capabilities = \["read"/);
    }
    assert.ok(Object.keys(await read(fleet, "sys/mounts")).includes("fleet/"), "the mount fleet/");
}

async function read(fleet: Fleet, path: string): Promise<Record<string, unknown>> {
    const { vaultAddress, vaultToken } = await fleet.daemon();
    const response = await fetch(`${vaultAddress}/v1/${path}`, { headers: { "x-vault-token": vaultToken } });
    const text = await response.text();
    assert.equal(response.status, 200, `${path}: ${text}`);
    return (JSON.parse(text) as { data: Record<string, unknown> }).data;
}
