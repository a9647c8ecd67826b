import assert from "node:assert/strict";

import { HubRegistrations, registrationsReadPolicy } from "../../../components/vault/hub-registrations.ts";
import { HubVault, tenantReadPolicy } from "../../../components/vault/hub-vault.ts";
import { SpokeVault } from "../../../components/vault/spoke-vault.ts";
import { runMocked } from "../../harness/pulumi.ts";

describe("components/vault: HubVault", () => {
    it("is a record, one store and a read policy per environment", async () => {
        const run = await runMocked(() => {
            new HubVault("vault", { tenant: "platform", environments: ["dev", "prod"] });
        });
        assert.deepEqual(run.inventory(), [
            "fleet:vault:HubVault vault",
            "vault:index/audit:Audit vault-audit",
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

    it("records every request before there is anything to read", async () => {
        const run = await runMocked(() => {
            new HubVault("vault", { tenant: "platform", environments: ["dev"], auditFile: "/var/log/vault/fleet.log" });
        });
        const audit = run.only("vault:index/audit:Audit");
        assert.deepEqual(audit.inputs, {
            type: "file",
            path: "fleet",
            description: "Every request, with secrets as hashes",
            options: { file_path: "/var/log/vault/fleet.log" },
        });
        assert.ok(run.only("vault:index/mount:Mount").dependencies.includes(audit.urn));
    });

    it("keeps further tenants apart, in a store of another name", async () => {
        const run = await runMocked(() => {
            const tenants = ["shop", "platform"];
            new HubVault("vault", { tenant: "platform", tenants, environments: ["dev"], mountPath: "teams/fleet" });
        });
        assert.equal(run.only("vault:index/mount:Mount").inputs.path, "teams/fleet");
        assert.deepEqual(run.only("vault:index/policy:Policy", "vault-shop-dev").inputs, {
            name: "fleet-shop-dev-read",
            policy: tenantReadPolicy("teams/fleet", "shop", "dev"),
        });
        assert.equal(run.inventory().filter((each) => each.includes("Policy")).length, 2);
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

    it("gives each further tenant a role for one service account of one namespace", async () => {
        const run = await runMocked(() => {
            new SpokeVault("vault", {
                clusterName: "dev-01",
                tenant: "platform",
                tenants: [
                    { name: "shop", serviceAccount: "secret-reader" },
                    { name: "billing", namespace: "invoices", serviceAccount: "vault" },
                ],
                environment: "dev",
                kubernetesHost: "https://api.example.com",
                caData: "",
            });
        });
        const role = (name: string) => run.only("vault:kubernetes/authBackendRole:AuthBackendRole", name).inputs;
        assert.deepEqual(role("vault-shop"), {
            backend: "kubernetes-dev-01",
            roleName: "shop",
            boundServiceAccountNames: ["secret-reader"],
            boundServiceAccountNamespaces: ["shop"],
            audience: "vault",
            tokenPolicies: ["fleet-shop-dev-read"],
            tokenTtl: 3600,
            tokenMaxTtl: 3600,
        });
        assert.deepEqual(role("vault-billing").boundServiceAccountNamespaces, ["invoices"]);
        assert.deepEqual(role("vault-billing").boundServiceAccountNames, ["vault"]);
    });
});
