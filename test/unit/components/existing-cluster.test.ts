import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

import { ExistingCluster } from "../../../components/cluster/existing-cluster.ts";
import { HubServiceAccount, tokenOf } from "../../../components/identity/hub-service-account.ts";
import { VaultRegistration } from "../../../components/registration/vault-registration.ts";
import { registrationSchema } from "../../../contract/registration-secret.ts";
import { runMocked } from "../../harness/pulumi.ts";

describe("components/cluster: ExistingCluster", () => {
    it("is a way in, and nothing else", async () => {
        const run = await runMocked(() => {
            const { endpoint, caData } = new ExistingCluster("cluster", {
                clusterName: "onprem-01",
                kubeconfig: pulumi.secret("kind: Config"),
                context: "admin",
                api: { server: "https://api.example.com", caData: "Y2E=" },
            });
            return { endpoint, caData };
        });
        assert.deepEqual(run.inventory(), [
            "fleet:cluster:ExistingCluster cluster",
            "pulumi:providers:kubernetes cluster-kubernetes",
        ]);
        const { inputs, secretInputs } = run.only("pulumi:providers:kubernetes");
        assert.deepEqual(inputs, { kubeconfig: "kind: Config", context: "admin", clusterIdentifier: "onprem-01" });
        assert.deepEqual(secretInputs, ["kubeconfig"]);
        assert.deepEqual(run.value, { endpoint: "https://api.example.com", caData: "Y2E=" });
    });
});

describe("components/identity: HubServiceAccount", () => {
    const run = (tokenSerial = 1) =>
        runMocked(() => {
            const { token } = new HubServiceAccount("access", { hubClusterName: "hub-01", tokenSerial });
            return { token, secret: pulumi.isSecret(token) };
        });
    const metadata = { name: "hub-01-argocd", namespace: "fleet-access" };

    it("is a service account that is cluster-admin, and a token of it", async () => {
        const made = await run();
        assert.deepEqual(made.inventory(), [
            "fleet:identity:HubServiceAccount access",
            "kubernetes:core/v1:Namespace access-namespace",
            "kubernetes:core/v1:Secret access-token",
            "kubernetes:core/v1:ServiceAccount access-account",
            "kubernetes:networking.k8s.io/v1:NetworkPolicy access-no-ingress",
            "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding access-binding",
        ]);
        assert.deepEqual(made.only("kubernetes:core/v1:Namespace").inputs, {
            apiVersion: "v1",
            kind: "Namespace",
            metadata: { name: "fleet-access", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
        });
        assert.deepEqual(made.only("kubernetes:networking.k8s.io/v1:NetworkPolicy").inputs, {
            apiVersion: "networking.k8s.io/v1",
            kind: "NetworkPolicy",
            metadata: { name: "no-ingress", namespace: "fleet-access" },
            spec: { podSelector: {}, policyTypes: ["Ingress"] },
        });
        assert.deepEqual(made.only("kubernetes:core/v1:ServiceAccount").inputs, {
            apiVersion: "v1",
            kind: "ServiceAccount",
            metadata,
            automountServiceAccountToken: false,
        });
        assert.deepEqual(made.only("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding").inputs, {
            apiVersion: "rbac.authorization.k8s.io/v1",
            kind: "ClusterRoleBinding",
            metadata: { name: "fleet-access:hub-01-argocd" },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
            subjects: [{ kind: "ServiceAccount", ...metadata }],
        });
        assert.deepEqual(made.only("kubernetes:core/v1:Secret").inputs, {
            apiVersion: "v1",
            kind: "Secret",
            metadata: {
                name: "hub-01-argocd-1",
                namespace: "fleet-access",
                annotations: { "kubernetes.io/service-account.name": "hub-01-argocd" },
            },
            type: "kubernetes.io/service-account-token",
        });
        assert.deepEqual(made.value, { token: "token", secret: true });
    });

    it("makes another token, and so another Secret, of another number", async () => {
        const { inputs } = (await run(2)).only("kubernetes:core/v1:Secret");
        assert.equal((inputs.metadata as { name: string }).name, "hub-01-argocd-2");
    });

    it("says what to do while Kubernetes has not filled the Secret in", () => {
        assert.equal(tokenOf({ token: "dG9rZW4=" }), "token");
        assert.throws(() => tokenOf({ "ca.crt": "Y2E=" }), /no token .* Fix: run pulumi up --refresh/);
        assert.throws(() => tokenOf(undefined), pulumi.RunError);
    });
});

describe("components/registration: VaultRegistration", () => {
    const git = { url: "https://github.com/x/y.git", revision: "main", path: "gitops" };
    const run = (protect = false) =>
        runMocked(() => {
            const { path } = new VaultRegistration("registration", {
                clusterName: "onprem-01",
                environment: "dev",
                kubernetesVersion: "1.35",
                git,
                mountPath: "registrations-hub-01",
                server: "https://api.example.com",
                caData: "Y2E=",
                token: pulumi.secret("t0ken"),
                capabilities: { vault: "true" },
                protect,
            });
            return { path };
        });

    it("is one secret, called after its cluster, that keeps no old token", async () => {
        const made = await run();
        assert.deepEqual(made.inventory(), [
            "fleet:registration:VaultRegistration registration",
            "vault:kv/secretV2:SecretV2 registration-secret",
        ]);
        const { inputs, secretInputs } = made.only("vault:kv/secretV2:SecretV2");
        const { dataJson, ...rest } = inputs;
        assert.deepEqual(rest, {
            mount: "registrations-hub-01",
            name: "onprem-01",
            customMetadata: { maxVersions: 1 },
            deleteAllVersions: true,
        });
        assert.deepEqual(secretInputs, ["dataJson"]);
        assert.deepEqual(made.value, { path: "registrations-hub-01/onprem-01" });
        assert.equal(typeof dataJson, "string");
    });

    it("publishes the contract's document, with the token and without a fact of AWS", async () => {
        const content: unknown = JSON.parse(
            String((await run()).only("vault:kv/secretV2:SecretV2").inputs["dataJson"]),
        );
        assert.deepEqual(registrationSchema.parse(content), content);
        assert.deepEqual(content, {
            contract: "fleet.registration/v1",
            name: "onprem-01",
            server: "https://api.example.com",
            caData: "Y2E=",
            auth: { type: "token", token: "t0ken" },
            facts: {
                environment: "dev",
                kubernetes_version: "1.35",
                fleet_repo_url: git.url,
                fleet_repo_revision: "main",
                fleet_repo_basepath: "gitops",
                apps_repo_url: git.url,
                apps_repo_revision: "main",
                apps_repo_basepath: "gitops",
            },
            capabilities: { vault: "true" },
        });
    });

    it("is protected on request", async () => {
        assert.equal((await run(true)).only("vault:kv/secretV2:SecretV2").protect, true);
        assert.equal((await run()).only("vault:kv/secretV2:SecretV2").protect, false);
    });

    it("is no document of the contract with facts of AWS, nor a role without them", async () => {
        const good = JSON.parse(String((await run()).only("vault:kv/secretV2:SecretV2").inputs["dataJson"]));
        const withAccount = { ...good, facts: { ...good.facts, aws_account_id: "111111111111" } };
        const messages = (document: unknown) =>
            registrationSchema
                .safeParse(document)
                .error?.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
        assert.deepEqual(messages(withAccount), ["facts.aws_account_id is no fact of a cluster outside AWS"]);
        const auth = { type: "aws", clusterName: "c-01", roleArn: "arn:aws:iam::111111111111:role/fleet/c-01" };
        assert.deepEqual(messages({ ...good, auth }), [
            "facts.aws_cluster_name is missing for a cluster in AWS",
            "facts.aws_account_id is missing for a cluster in AWS",
            "facts.aws_region is missing for a cluster in AWS",
            "facts.aws_vpc_id is missing for a cluster in AWS",
        ]);
    });
});
