import assert from "node:assert/strict";

import { readStackFile, runStack, type StackConfig } from "../../sandbox/plan/runner.ts";
import { decideAttempt } from "../iam/planned/attempt.ts";
import { PlannedSource, PlannedStack } from "../iam/planned/source.ts";
import { changedConfig, committedStacks } from "./stacks.ts";

const boundary = (account: string) => `arn:aws:iam::${account}:policy/platform/fleet-boundary`;

/** A hub and a spoke with these keys in both. */
async function both(change: (account: string) => StackConfig) {
    const hub = await runStack("hub", await changedConfig("hub", change("111111111111")));
    const config = await changedConfig("dev", change("222222222222"));
    return { hub, dev: await runStack("dev", config, { hubOutputs: hub.outputs }) };
}

describe("plan: path and boundary of the roles", function () {
    this.timeout(60_000);
    it("reach every role, and every ARN that another policy mentions", async () => {
        const { hub, dev } = await both((account) => ({
            "fleet:iam": { path: "/platform/fleet/", permissionsBoundary: boundary(account) },
        }));
        for (const { resources, outputs } of [hub, dev]) {
            const roles = resources.filter(({ type }) => type === "aws:iam/role:Role");
            assert.ok(roles.length >= 4);
            for (const { name, inputs } of roles) {
                assert.equal(inputs.path, "/platform/fleet/", name);
                assert.equal(inputs.permissionsBoundary, boundary(String(outputs.accountId)), name);
            }
            assert.doesNotMatch(JSON.stringify(resources), /:role\/fleet\//);
            assert.equal(outputs.iamPath, "/platform/fleet/");
        }
        const source = new PlannedSource([hub, dev]);
        const attempt = {
            caller: String(hub.outputs.argocdRoleArn),
            action: "sts:AssumeRole",
            resource: String(dev.outputs.spokeRoleArn),
            "aws:PrincipalTag/eks-cluster-arn": String(hub.outputs.clusterArn),
            "aws:PrincipalTag/kubernetes-namespace": "argocd",
            "aws:PrincipalTag/kubernetes-service-account": "argocd-server",
        };
        assert.equal(attempt.resource, "arn:aws:iam::222222222222:role/platform/fleet/dev-01-argocd-spoke");
        assert.equal(decideAttempt(source, attempt).allowed, true);
    });

    it("refuse a spoke whose path is not its hub's", async () => {
        const { hub } = await committedStacks();
        const config = await changedConfig("dev", { "fleet:iam": { path: "/other/" } });
        await assert.rejects(
            runStack("dev", config, { hubOutputs: hub.outputs }),
            /E-IAM-003 fleet:iam\.path: not the hub's, .* \(got \/other\/; allowed: \/fleet\/\)/,
        );
    });
});

describe("plan: a spoke in another region than its hub", function () {
    this.timeout(60_000);
    const elsewhere = async (): Promise<StackConfig> => ({
        ...(await readStackFile("dev")),
        "fleet:region": "eu-central-1",
        "fleet:network": {
            cidr: "10.1.0.0/16",
            availabilityZones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
        },
    });

    it("keeps a copy in the hub's region, under a key of that region, which the hub may read", async () => {
        const { hub } = await committedStacks();
        const dev = await runStack("dev", await elsewhere(), { hubOutputs: hub.outputs });
        const named = (name: string) => dev.resources.find((each) => each.name === name) ?? assert.fail(name);
        const key = named("spoke-registration-key-eu-west-1");
        assert.equal(key.provider, named("spoke-aws-eu-west-1").urn);
        assert.equal(named("spoke-registration-alias-eu-west-1").provider, key.provider);
        assert.equal(named("spoke-aws-eu-west-1").inputs.region, "eu-west-1");
        assert.equal(key.parent, named("spoke-registration").urn);
        const { replicas } = named("spoke-registration-secret").inputs as { replicas: Record<string, string>[] };
        assert.deepEqual(
            replicas.map(({ region }) => region),
            ["eu-west-1"],
        );
        const secret = String(dev.outputs.registrationSecretArn);
        assert.match(secret, /^arn:aws:secretsmanager:eu-west-1:222222222222:secret:fleet\/hub-01\/dev-01-/);

        const source = new PlannedSource([hub, dev]);
        const policy = String(named("spoke-registration-policy").inputs.policy);
        source.addSecret(secret, policy);
        const keyArn = String(replicas[0]?.kmsKeyId);
        source.addKey(keyArn, String(key.inputs.policy));
        const caller = String(hub.outputs.externalSecretsRoleArn);
        assert.ok(decideAttempt(source, { caller, action: "secretsmanager:GetSecretValue", resource: secret }).allowed);
        const inHere = { caller, action: "kms:Decrypt", resource: keyArn.replace("eu-central-1", "eu-west-1") };
        source.addKey(inHere.resource, String(key.inputs.policy));
        const through = {
            "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
            "kms:EncryptionContext:SecretARN": secret,
        };
        assert.ok(decideAttempt(source, { ...inHere, ...through }).allowed);
        const original = new PlannedStack(dev).arnOf("aws:secretsmanager/secret:Secret", "registration-secret");
        assert.ok(
            !decideAttempt(source, { ...inHere, ...through, "kms:EncryptionContext:SecretARN": original }).allowed,
        );
    });
});

describe("plan: distributed mode", function () {
    this.timeout(60_000);
    it("lets the spoke's own Argo CD into its own cluster, and nowhere else", async () => {
        const { hub, dev: central } = await committedStacks();
        const config = await changedConfig("dev", {
            "fleet:distributed": true,
            "fleet:addonRoles": { loadBalancerController: true, externalSecrets: { prefixes: ["argocd/dev-01/"] } },
        });
        const dev = await runStack("dev", config, { hubOutputs: hub.outputs });
        const before = new Set(central.resources.map(({ urn }) => urn));
        const added = dev.resources.filter(({ urn }) => !before.has(urn)).map(({ name }) => name);
        assert.deepEqual(added.toSorted(), [
            "spoke-addons-external-secrets",
            "spoke-addons-external-secrets-external-secrets",
            "spoke-addons-external-secrets-permissions",
            "spoke-addons-external-secrets-role",
            "spoke-argocd",
            "spoke-argocd-admin",
            "spoke-argocd-admin-entry",
            "spoke-argocd-admin-policy",
            "spoke-argocd-pods",
            "spoke-argocd-pods-argocd-application-controller",
            "spoke-argocd-pods-argocd-applicationset-controller",
            "spoke-argocd-pods-argocd-server",
            "spoke-argocd-pods-role",
        ]);
        const own = "arn:aws:iam::222222222222:role/fleet/dev-01-argocd";
        const entry = dev.resources.find(({ name }) => name === "spoke-argocd-admin-entry");
        assert.equal(entry?.inputs.principalArn, own);

        const source = new PlannedSource([hub, dev]);
        assert.deepEqual(source.role(own)?.identityPolicies, []);
        const tags = (cluster: string) => ({
            "aws:PrincipalTag/eks-cluster-arn": cluster,
            "aws:PrincipalTag/kubernetes-namespace": "argocd",
            "aws:PrincipalTag/kubernetes-service-account": "argocd-server",
        });
        for (const resource of [String(dev.outputs.spokeRoleArn), String(hub.outputs.argocdRoleArn)]) {
            const attempt = {
                caller: own,
                action: "sts:AssumeRole",
                resource,
                ...tags(String(dev.outputs.clusterArn)),
            };
            assert.equal(decideAttempt(source, attempt).allowed, false, resource);
        }
        const content = dev.resources.find(({ type }) => type === "aws:secretsmanager/secretVersion:SecretVersion");
        const { capabilities } = JSON.parse(String(content?.inputs.secretString)) as { capabilities: object };
        assert.deepEqual(
            Object.entries(capabilities)
                .filter(([, ready]) => ready === "true")
                .map(([key]) => key),
            ["aws_load_balancer_controller", "external_secrets_aws", "distributed", "vault"],
        );
    });
});
