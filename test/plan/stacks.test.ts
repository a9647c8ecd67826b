import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

import { readArgocdValues } from "../../config/argocd-values.ts";
import { cidrsOverlap, parseCidr } from "../../contract/cidr.ts";
import { fleetMemberSchema } from "../../contract/fleet-member.ts";
import { registrationSchema } from "../../contract/registration-secret.ts";
import { hubOutputsSchema, spokeOutputsSchema } from "../../contract/stack-outputs.ts";
import { readStackFile, runStack } from "../../sandbox/plan/runner.ts";
import { changedConfig, committedStacks, firstPreviews, stackNames } from "./stacks.ts";

const spokes = ["dev", "staging", "prod"] as const;

describe("plan: the committed stacks", function () {
    this.timeout(60_000);
    it("return exactly the outputs of the contract", async () => {
        const stacks = await committedStacks();
        assert.deepEqual(hubOutputsSchema.parse(stacks.hub.outputs), stacks.hub.outputs);
        for (const name of spokes) {
            assert.deepEqual(spokeOutputsSchema.parse(stacks[name].outputs), stacks[name].outputs);
        }
    });

    it("return no secret", async () => {
        for (const { resources, outputs } of Object.values(await committedStacks())) {
            const password = resources.find(({ type }) => type === "kubernetes:core/v1:Secret")?.inputs.stringData;
            const text = JSON.stringify(outputs);
            for (const secret of Object.values((password as Record<string, string>) ?? {})) {
                assert.ok(!text.includes(secret));
            }
        }
    });

    it("register a document of the contract, under the name that the member file gives", async () => {
        for (const [name, { resources, outputs }] of Object.entries(await committedStacks())) {
            const version = resources.find(({ type }) => type.endsWith(":SecretVersion"));
            const document = registrationSchema.parse(JSON.parse(String(version?.inputs.secretString)));
            const file = new URL(`../../gitops/fleet/members/hub-01/${document.name}.yaml`, import.meta.url);
            const member = fleetMemberSchema.parse(parse(readFileSync(file, "utf8")));
            assert.equal(member.environment, document.facts.environment, name);
            assert.equal(member.clusterName, outputs.clusterName, name);
            assert.equal(member.secretManagerSecretName, String(outputs.registrationSecretArn).slice(0, -7), name);
        }
    });

    it("have a member file each", async () => {
        const files = readdirSync(new URL("../../gitops/fleet/members/hub-01/", import.meta.url)).toSorted();
        const clusters = Object.values(await committedStacks()).map(
            ({ outputs }) => `${String(outputs.clusterName)}.yaml`,
        );
        assert.deepEqual(files, clusters.toSorted());
    });

    it("name a provider for everything but random values", async () => {
        for (const { resources } of Object.values(await committedStacks())) {
            const implicit = resources.filter(({ custom, provider }) => custom && provider === "");
            const types = new Set(implicit.map(({ type }) => type.replace(/^pulumi:providers:.*/, "provider")));
            types.delete("provider");
            types.delete("pulumi:pulumi:Stack");
            types.delete("pulumi:pulumi:StackReference");
            types.delete("random:index/randomPassword:RandomPassword");
            assert.deepEqual([...types], []);
        }
    });

    it("act in their own account and region only, as the deployer, with the fleet's tags", async () => {
        const stacks = await committedStacks();
        for (const name of stackNames) {
            const account = String(stacks[name].outputs.accountId);
            const inputs = stacks[name].resources.find(({ type }) => type === "pulumi:providers:aws")?.inputs ?? {};
            assert.equal(inputs.region, "eu-west-1");
            assert.deepEqual(JSON.parse(String(inputs.allowedAccountIds)), [account]);
            assert.deepEqual(JSON.parse(String(inputs.assumeRoles)), [
                { roleArn: `arn:aws:iam::${account}:role/fleet-deployer` },
            ]);
            assert.deepEqual(JSON.parse(String(inputs.defaultTags)), {
                tags: { fleet: "hub-01", stack: name, owner: "platform-team", "managed-by": "pulumi" },
            });
        }
    });

    it("protect in production only", async () => {
        const stacks = await committedStacks();
        const kept = (name: (typeof stackNames)[number]) =>
            stacks[name].resources
                .filter((each) => each.protect)
                .map(({ name: resource }) => resource)
                .toSorted();
        assert.deepEqual(kept("prod"), [
            "spoke-eks-cluster",
            "spoke-eks-log-key",
            "spoke-eks-secrets-key",
            "spoke-registration-key",
            "spoke-registration-secret",
        ]);
        assert.deepEqual([kept("hub"), kept("dev"), kept("staging")], [[], [], []]);
    });

    it("admit the hub's addresses and Vault's to a spoke's public endpoint, next to the office", async () => {
        const { hub, dev } = await committedStacks();
        const cluster = dev.resources.find(({ type }) => type === "aws:eks/cluster:Cluster");
        const { publicAccessCidrs } = (cluster?.inputs.vpcConfig ?? {}) as { publicAccessCidrs?: string[] };
        const addresses = hub.outputs.natPublicIps as string[];
        assert.equal(addresses.length, 3);
        assert.deepEqual(publicAccessCidrs, [
            "203.0.113.0/24",
            ...addresses.map((address) => `${address}/32`),
            "192.0.2.10/32",
        ]);
    });

    it("have disjoint VPCs", async () => {
        const ranges = Object.values(await committedStacks()).map(({ outputs }) => parseCidr(String(outputs.vpcCidr)));
        for (const [index, range] of ranges.entries()) {
            for (const other of ranges.slice(index + 1)) {
                assert.ok(range && other && !cidrsOverlap(range, other));
            }
        }
    });

    it("install Argo CD with the values it will manage itself by", async () => {
        const { hub } = await committedStacks();
        const release = hub.resources.find(({ type }) => type === "kubernetes:helm.sh/v3:Release");
        assert.deepEqual(release?.inputs.values, readArgocdValues("gitops", "hub-01").values);
        const bootstrap = parse(readFileSync(new URL("../../gitops/bootstrap/values.yaml", import.meta.url), "utf8"));
        const chart = bootstrap.charts["argo-cd"];
        assert.equal(release?.inputs.version, chart.version);
        assert.deepEqual(release?.inputs.repositoryOpts, { repo: chart.repository });
    });

    it("hold nothing that belongs to one machine or one backend", () => {
        for (const name of stackNames) {
            const text = readFileSync(new URL(`../../Pulumi.${name}.yaml`, import.meta.url), "utf8");
            assert.doesNotMatch(text, /encryptionsalt|secretsprovider|secure:|encryptedkey/);
        }
    });
});

describe("plan: changes of configuration", function () {
    this.timeout(60_000);
    it("a mirror replaces the chart's repository, not its version", async () => {
        const chartMirror = "http://127.0.0.1:1/charts";
        const { resources } = await runStack("hub", await changedConfig("hub", { "fleet:chartMirror": chartMirror }));
        const release = resources.find(({ type }) => type === "kubernetes:helm.sh/v3:Release");
        assert.deepEqual(release?.inputs.repositoryOpts, { repo: chartMirror });
        assert.equal(release?.inputs.version, "10.9.0");
    });

    it("without Vault there is nothing of Vault, and the registration says so", async () => {
        const { hub } = await committedStacks();
        const { "fleet:vault": _, ...config } = await readStackFile("dev");
        const { resources } = await runStack("dev", config, { hubOutputs: hub.outputs });
        assert.deepEqual(
            resources.filter(({ type }) => type.includes("vault")).map(({ type }) => type),
            [],
        );
        const version = resources.find(({ type }) => type.endsWith(":SecretVersion"));
        assert.equal(JSON.parse(String(version?.inputs.secretString)).capabilities.vault, "false");
    });

    it("a downgrade registers nothing, and the next minor is one line", async () => {
        const { hub, dev } = await committedStacks();
        const deploy = async (kubernetesVersion: string, before: string) => {
            const file = await readStackFile("dev");
            const cluster = { ...(file["fleet:cluster"] as object), kubernetesVersion };
            const lastOutputs = { ...dev.outputs, kubernetesVersion: before };
            return runStack("dev", { ...file, "fleet:cluster": cluster }, { hubOutputs: hub.outputs, lastOutputs });
        };
        await assert.rejects(deploy("1.34", "1.35"), /E-K8S-003 fleet:cluster\.kubernetesVersion: 1\.35 → 1\.34/);
        await assert.rejects(deploy("1.36", "1.34"), /E-K8S-004 fleet:cluster\.kubernetesVersion: 1\.34 → 1\.36/);
        const { resources } = await deploy("1.36", "1.35");
        const versions = resources.flatMap(({ type, inputs }) =>
            type === "aws:eks/cluster:Cluster" || type === "aws:eks/nodeGroup:NodeGroup" ? [inputs.version] : [],
        );
        assert.deepEqual(versions, ["1.36", "1.36"]);
        const proxy = resources.find(({ name }) => name === "spoke-eks-kube-proxy");
        assert.match(String(proxy?.inputs.addonVersion), /^v1\.36\./);
    });

    it("Auto Mode is one key: no node group, no add-on, the same door for the hub", async () => {
        const { hub, dev } = await committedStacks();
        const file = await readStackFile("dev");
        const cluster = { ...(file["fleet:cluster"] as object), compute: { auto: {} } };
        const run = await runStack("dev", { ...file, "fleet:cluster": cluster }, { hubOutputs: hub.outputs });
        const count = (type: string) => run.resources.filter((each) => each.type === type).length;
        assert.deepEqual([count("aws:eks/nodeGroup:NodeGroup"), count("aws:eks/addon:Addon")], [0, 0]);
        const made = run.resources.find(({ type }) => type === "aws:eks/cluster:Cluster");
        assert.deepEqual(made?.inputs.computeConfig, {
            enabled: true,
            nodePools: ["general-purpose", "system"],
            nodeRoleArn: "arn:aws:iam::222222222222:role/fleet/dev-01-node",
        });
        assert.deepEqual(run.outputs, dev.outputs);
    });

    it("a bad configuration registers nothing", async () => {
        const config = await changedConfig("dev", { "fleet:region": "us-esat-1" });
        await assert.rejects(runStack("dev", config), /E-REG-001 fleet:region/);
    });

    it("a hub that is not deployed yet is named, with what to do", async () => {
        await assert.rejects(
            runStack("dev", await readStackFile("dev"), { hubOutputs: {} }),
            /E-REF-002 organization\/fleet\/hub: the stack has no output \w+\. Fix: run `pulumi up -s hub`/,
        );
    });

    it("any name, range and account make another spoke, with no code", async () => {
        const { hub } = await committedStacks();
        const dev = await readStackFile("dev");
        const config = {
            ...dev,
            "fleet:account": { id: "333333333333" },
            "fleet:network": { ...(dev["fleet:network"] as object), cidr: "10.77.0.0/20" },
            "fleet:cluster": { ...(dev["fleet:cluster"] as object), name: "sandbox-7f" },
        };
        const { outputs } = await runStack("anything", config, { hubOutputs: hub.outputs });
        assert.equal(outputs.spokeRoleArn, "arn:aws:iam::333333333333:role/fleet/sandbox-7f-argocd-spoke");
    });
});

describe("plan: first preview", function () {
    this.timeout(60_000);
    it("knows every policy document before anything exists", async () => {
        for (const [name, { resources }] of Object.entries(await firstPreviews())) {
            for (const { name: resource, type, inputs } of resources) {
                for (const document of ["policy", "assumeRolePolicy"]) {
                    if (document in inputs) {
                        assert.equal(typeof inputs[document], "string", `${name}: ${type} ${resource} ${document}`);
                    }
                }
            }
        }
    });

    it("knows every name that another program relies on", async () => {
        for (const [name, { resources }] of Object.entries(await firstPreviews())) {
            const named = resources.filter(({ type }) =>
                /iam\/role:|eks\/cluster:|secret:Secret|kms\/alias:/.test(type),
            );
            assert.ok(named.length > 5);
            for (const { name: resource, inputs } of named) {
                assert.equal(typeof inputs.name, "string", `${name}: ${resource}`);
            }
        }
    });
});
