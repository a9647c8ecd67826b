import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

import { fleetMemberSchema } from "../../contract/fleet-member.ts";
import { registrationSchema } from "../../contract/registration-secret.ts";
import { existingSpokeOutputsSchema } from "../../contract/stack-outputs.ts";
import { runStack, type StackConfig } from "../../sandbox/plan/runner.ts";
import { committedStacks } from "./stacks.ts";

const example = new URL("../../examples/existing-cluster/", import.meta.url);

function read(file: string): unknown {
    return parse(readFileSync(new URL(file, example), "utf8"));
}

const canary = "canary-credential-7f3a";

/** The example's stack with its kubeconfig, for which the plan has a stand-in: only the engine can decrypt. */
async function onprem(options: { kubeconfig?: unknown; hubOutputs?: Record<string, unknown>; preview?: boolean } = {}) {
    const { kubeconfig = { secure: "v1:abc" }, ...others } = options;
    const { config } = read("Pulumi.onprem.yaml") as { config: StackConfig };
    const { hub } = await committedStacks();
    return runStack("onprem", { ...config, "fleet:kubeconfig": kubeconfig }, { hubOutputs: hub.outputs, ...others });
}

describe("plan: a spoke whose cluster exists already", function () {
    this.timeout(60_000);
    it("registers nothing of AWS, and exactly this", async () => {
        const { resources } = await onprem();
        assert.deepEqual(resources.map(({ type, name }) => `${type} ${name}`).toSorted(), [
            "fleet:cluster:ExistingCluster spoke-cluster",
            "fleet:identity:HubServiceAccount spoke-hub-access",
            "fleet:registration:VaultRegistration spoke-registration",
            "fleet:stack:ExistingSpoke spoke",
            "fleet:vault:SpokeVault spoke-vault",
            "kubernetes:core/v1:Namespace spoke-hub-access-namespace",
            "kubernetes:core/v1:Secret spoke-hub-access-token",
            "kubernetes:core/v1:ServiceAccount spoke-hub-access-account",
            "kubernetes:networking.k8s.io/v1:NetworkPolicy spoke-hub-access-no-ingress",
            "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding spoke-hub-access-binding",
            "pulumi:providers:kubernetes spoke-cluster-kubernetes",
            "pulumi:providers:vault spoke-vault-api",
            "pulumi:pulumi:Stack fleet-onprem",
            "pulumi:pulumi:StackReference organization/fleet/hub",
            "vault:index/authBackend:AuthBackend spoke-vault-auth",
            "vault:kubernetes/authBackendConfig:AuthBackendConfig spoke-vault-config",
            "vault:kubernetes/authBackendRole:AuthBackendRole spoke-vault-platform",
            "vault:kv/secretV2:SecretV2 spoke-registration-secret",
        ]);
        const implicit = resources.filter(
            ({ custom, provider, type }) => custom && !type.startsWith("pulumi:") && provider === "",
        );
        assert.deepEqual(implicit, []);
    });

    it("returns exactly the outputs of the contract, and no credential", async () => {
        const { outputs } = await onprem();
        assert.deepEqual(existingSpokeOutputsSchema.parse(outputs), outputs);
        assert.doesNotMatch(JSON.stringify(outputs), /encrypted|token/);
    });

    it("lets the kubeconfig into the provider and nowhere else, as a secret", async () => {
        const { resources } = await onprem();
        const holders = resources.filter(({ inputs }) =>
            JSON.stringify(inputs).includes('\\"token\\":\\"encrypted\\"'),
        );
        assert.deepEqual(
            holders.map(({ name, secretInputs }) => [name, secretInputs]),
            [["spoke-cluster-kubernetes", ["kubeconfig"]]],
        );
    });

    it("registers a document of the contract, where the example's member file looks for it", async () => {
        const { resources, outputs } = await onprem();
        const { inputs } = resources.find(({ type }) => type === "vault:kv/secretV2:SecretV2") ?? {};
        const document = registrationSchema.parse(JSON.parse(String(inputs?.["dataJson"])));
        const member = fleetMemberSchema.parse(read("onprem-01.yaml"));
        assert.deepEqual(
            [member.clusterName, member.environment, member.secretManagerSecretName],
            [document.name, document.facts.environment, `vault:${String(outputs["registrationVaultPath"])}`],
        );
        assert.equal(document.server, "https://kubernetes.invalid");
    });

    it("refuses a kubeconfig in plain text before it registers anything, and does not repeat it", async () => {
        await assert.rejects(onprem({ kubeconfig: `users: [{user: {token: ${canary}}}]` }), (error: Error) => {
            assert.match(error.message, /E-CFG-004 fleet:kubeconfig/);
            assert.ok(!error.message.includes(canary));
            return true;
        });
    });

    it("says so when its hub has no Vault for registrations", async () => {
        const { hub } = await committedStacks();
        const { vaultRegistrationsMount: _, ...hubOutputs } = hub.outputs;
        await assert.rejects(
            onprem({ hubOutputs }),
            /E-REF-002 organization\/fleet\/hub: the stack has no output vaultRegistrationsMount\. Fix: run `pulumi up -s hub`/,
        );
    });

    it("knows, at the first preview, every name that Vault and Git rely on", async () => {
        const { resources } = await onprem({ preview: true });
        const secret = resources.find(({ type }) => type === "vault:kv/secretV2:SecretV2");
        assert.deepEqual([secret?.inputs["mount"], secret?.inputs["name"]], ["registrations-hub-01", "onprem-01"]);
    });
});
