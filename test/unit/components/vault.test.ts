import assert from "node:assert/strict";

import { HubRegistrations, registrationsReadPolicy } from "../../../components/vault/hub-registrations.ts";
import { HubVault, tenantReadPolicy } from "../../../components/vault/hub-vault.ts";
import { SpokeVault } from "../../../components/vault/spoke-vault.ts";
import { runMocked } from "../../harness/pulumi.ts";

describe("components/vault: HubVault", () => {
    it("is one store and a read policy per environment", async () => {
        const run = await runMocked(() => {
            new HubVault("vault", { tenant: "platform", environments: ["dev", "prod"] });
        });
        assert.deepEqual(run.inventory(), [
            "fleet:vault:HubVault vault",
            "vault:index/mount:Mount vault-mount",
            "vault:index/policy:Policy vault-dev",
            "vault:index/policy:Policy vault-prod",
        ]);
        assert.deepEqual(run.only("vault:index/mount:Mount").inputs, {
            path: "fleet",
            type: "kv",
            options: { version: "2" },
            description: "Secrets of the fleet, by tenant and environment",
        });
        assert.deepEqual(run.only("vault:index/policy:Policy", "vault-prod").inputs, {
            name: "fleet-platform-prod-read",
            policy: tenantReadPolicy("fleet", "platform", "prod"),
        });
    });

    it("lets an environment read its own secrets only", () => {
        assert.equal(
            tenantReadPolicy("fleet", "platform", "prod"),
            'path "fleet/data/platform/prod/*" {\n  capabilities = ["read"]\n}\n' +
                'path "fleet/metadata/platform/prod/*" {\n  capabilities = ["list", "read"]\n}\n',
        );
    });
});

describe("components/vault: SpokeVault", () => {
    it("binds one service account, one audience and one hour", async () => {
        const run = await runMocked(() => {
            new SpokeVault("vault", {
                clusterName: "dev-01",
                tenant: "platform",
                environment: "dev",
                kubernetesHost: "https://api.example.com",
                caData: Buffer.from("-----BEGIN CERTIFICATE-----\n").toString("base64"),
            });
        });
        assert.deepEqual(run.inventory(), [
            "fleet:vault:SpokeVault vault",
            "vault:index/authBackend:AuthBackend vault-auth",
            "vault:kubernetes/authBackendConfig:AuthBackendConfig vault-config",
            "vault:kubernetes/authBackendRole:AuthBackendRole vault-platform",
        ]);
        assert.deepEqual(run.only("vault:index/authBackend:AuthBackend").inputs, {
            type: "kubernetes",
            path: "kubernetes-dev-01",
            description: "Service accounts of cluster dev-01",
        });
        assert.deepEqual(run.only("vault:kubernetes/authBackendConfig:AuthBackendConfig").inputs, {
            backend: "kubernetes-dev-01",
            kubernetesHost: "https://api.example.com",
            kubernetesCaCert: "-----BEGIN CERTIFICATE-----\n",
            disableLocalCaJwt: true,
        });
        assert.deepEqual(run.only("vault:kubernetes/authBackendRole:AuthBackendRole").inputs, {
            backend: "kubernetes-dev-01",
            roleName: "platform",
            boundServiceAccountNames: ["external-secrets"],
            boundServiceAccountNamespaces: ["external-secrets"],
            audience: "vault",
            tokenPolicies: ["fleet-platform-dev-read"],
            tokenTtl: 3600,
            tokenMaxTtl: 3600,
        });
    });
});

describe("components/vault: HubRegistrations", () => {
    const run = () =>
        runMocked(() => {
            const { mountPath } = new HubRegistrations("registrations", {
                clusterName: "hub-01",
                kubernetesHost: "https://api.example.com",
                caData: "Y2E=",
            });
            return { mountPath };
        });

    it("is a store of its own, and a way in for the hub's External Secrets", async () => {
        const made = await run();
        assert.deepEqual(made.inventory(), [
            "fleet:vault:HubRegistrations registrations",
            "vault:index/authBackend:AuthBackend registrations-auth",
            "vault:index/mount:Mount registrations-mount",
            "vault:index/policy:Policy registrations-policy",
            "vault:kubernetes/authBackendConfig:AuthBackendConfig registrations-config",
            "vault:kubernetes/authBackendRole:AuthBackendRole registrations-role",
        ]);
        assert.deepEqual(made.value, { mountPath: "registrations-hub-01" });
        assert.deepEqual(made.only("vault:index/mount:Mount").inputs, {
            path: "registrations-hub-01",
            type: "kv",
            options: { version: "2" },
            description: "Registrations of clusters outside AWS with hub hub-01",
        });
        assert.deepEqual(made.only("vault:index/authBackend:AuthBackend").inputs, {
            type: "kubernetes",
            path: "kubernetes-hub-01",
            description: "Service accounts of cluster hub-01",
        });
        assert.deepEqual(made.only("vault:kubernetes/authBackendConfig:AuthBackendConfig").inputs, {
            backend: "kubernetes-hub-01",
            kubernetesHost: "https://api.example.com",
            kubernetesCaCert: "ca",
            disableLocalCaJwt: true,
        });
        assert.deepEqual(made.only("vault:kubernetes/authBackendRole:AuthBackendRole").inputs, {
            backend: "kubernetes-hub-01",
            roleName: "registrations",
            boundServiceAccountNames: ["external-secrets"],
            boundServiceAccountNamespaces: ["external-secrets"],
            audience: "vault",
            tokenPolicies: ["registrations-hub-01-read"],
            tokenTtl: 3600,
            tokenMaxTtl: 3600,
        });
    });

    it("lets it read each registration: no list, no history, no other store", async () => {
        const policy = ['path "registrations-hub-01/data/+" {', '  capabilities = ["read"]', "}", ""].join("\n");
        assert.equal(registrationsReadPolicy("registrations-hub-01"), policy);
        assert.deepEqual((await run()).only("vault:index/policy:Policy").inputs, {
            name: "registrations-hub-01-read",
            policy,
        });
    });
});
