import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { textOf } from "../../sandbox/aws-twin/schema/resource-type.ts";
import { T } from "../../sandbox/aws-twin/tokens.ts";
import type { ClusterHandle } from "../../sandbox/cluster/spec.ts";
import type { Props } from "../../sandbox/engine/kit/types.ts";
import { type Ground, makeGround } from "./support/cluster.ts";
import { FakeClusters } from "./support/fake-clusters.ts";
import { keyPolicyText, policyText } from "./support/fleet.ts";
import { HUB, REGION, World } from "./support/world.ts";

const DEPLOYER = `arn:aws:iam::${HUB}:role/fleet-deployer`;

describe("The AWS twin's clusters", () => {
    let world: World;
    let ground: Ground;
    const folder = mkdtempSync(path.join(tmpdir(), "fleet-twin-"));
    after(() => rmSync(folder, { recursive: true }));
    beforeEach(async () => {
        world = new World();
        ground = await makeGround(world);
    });

    const make = (more: Props = {}, name = "cluster") => world.create(T.cluster, name, { ...ground.cluster, ...more });

    it("starts a control plane and gives what EKS gives", async () => {
        const { outputs } = await make({ kubernetesNetworkConfig: { serviceIpv4Cidr: "172.21.0.0/16" } });
        const issuer = world.twin.cluster(HUB, REGION, "hub-01")?.issuer ?? "";
        assert.match(issuer, /^https:\/\/oidc\.eks\.eu-west-1\.amazonaws\.com\/id\/[0-9A-F]{32}$/);
        assert.equal(world.clusters.handle(`${HUB}.hub-01`)?.issuer, issuer);
        assert.equal(world.twin.clusterByIssuer(issuer)?.name, "hub-01");
        assert.deepEqual(outputs["identities"], [{ oidcs: [{ issuer }] }]);
        assert.deepEqual(outputs["certificateAuthority"], { data: "Q0E=" });
        assert.equal(outputs["endpoint"], "https://127.0.0.1:6443");
        assert.equal(outputs["status"], "ACTIVE");
        assert.equal(outputs["arn"], `arn:aws:eks:eu-west-1:${HUB}:cluster/hub-01`);
        const vpcConfig = outputs["vpcConfig"] as Props;
        assert.equal(vpcConfig["vpcId"], ground.vpcId);
        assert.deepEqual(vpcConfig["publicAccessCidrs"], ["0.0.0.0/0"]);
        assert.deepEqual(outputs["kubernetesNetworkConfig"], { ipFamily: "ipv4", serviceIpv4Cidr: "172.21.0.0/16" });
    });

    it("wants subnets of one VPC in two zones, and Services outside it", async () => {
        const [first = ""] = ground.subnetIds;
        await assert.rejects(make({ vpcConfig: { subnetIds: [first] } }), /must be in at least two different AZs/);
        await assert.rejects(
            make({ vpcConfig: { subnetIds: ["subnet-00000000000000000"] } }),
            /InvalidSubnetID\.NotFound/,
        );
        await assert.rejects(
            make({ kubernetesNetworkConfig: { serviceIpv4Cidr: "10.0.0.0/16" } }),
            /service CIDR 10\.0\.0\.0\/16 overlaps the VPC's CIDR/,
        );
        await assert.rejects(
            make({ kubernetesNetworkConfig: { serviceIpv4Cidr: "8.0.0.0/16" } }),
            /must be a block between/,
        );
        assert.equal(world.clusters.running.size, 0);
    });

    it("wants a role that EKS may hold and that has the cluster policy", async () => {
        await assert.rejects(make({ roleArn: `arn:aws:iam::${HUB}:role/node` }), /trusted entity is not correct/);
        await assert.rejects(make({ roleArn: `arn:aws:iam::${HUB}:role/nobody` }), /does not exist/);
        await world.delete(ground.clusterPolicy);
        await assert.rejects(make(), /doesn't have the Amazon EKS Managed Policies/);
    });

    it("wants a key that is usable, and that the caller may let EKS use", async () => {
        const key = await world.create(T.key, "key", {
            policy: policyText({
                Effect: "Allow",
                Principal: { AWS: `arn:aws:iam::${HUB}:root` },
                Action: ["kms:PutKeyPolicy", "kms:DescribeKey"],
                Resource: "*",
            }),
        });
        const keyArn = textOf(key.outputs, "arn");
        const encryptionConfig = { provider: { keyArn }, resources: ["secrets"] };
        await assert.rejects(make({ encryptionConfig }), /not authorized to perform: kms:CreateGrant/);
        await world.update(key, { policy: keyPolicyText(HUB) });
        const cluster = await make({ encryptionConfig });
        const without = await world.check(T.cluster, "cluster", ground.cluster, cluster.inputs);
        assert.deepEqual((await world.diff(cluster, without.inputs)).replace, ["encryptionConfig"]);
        await world.delete(key);
        await assert.rejects(make({ encryptionConfig, name: "hub-02" }, "other"), /pending deletion/);
    });

    it("has one cluster of a name", async () => {
        await make();
        await assert.rejects(make({}, "again"), /ResourceInUseException: Cluster already exists with name: hub-01/);
    });

    it("offers 1.31 to 1.36, goes up one minor at a time, and never down", async () => {
        await assert.rejects(
            make({ version: "1.30" }),
            /unsupported Kubernetes version 1\.30 \(supported: 1\.31, .*1\.36\)/,
        );
        const cluster = await make();
        const to = (version: string) => world.update(cluster, { ...ground.cluster, version });
        await assert.rejects(to("1.36"), /Unsupported Kubernetes minor version update from 1\.34 to 1\.36/);
        await assert.rejects(
            to("1.33"),
            /from 1\.34 to 1\.33: a cluster goes up one minor version at a time and never down/,
        );
        const upgraded = await to("1.35");
        assert.equal(upgraded.outputs["version"], "1.35");
        assert.equal(world.clusters.handle(`${HUB}.hub-01`)?.version, "1.35");
    });

    it("stays as it was when its control plane cannot be upgraded", async () => {
        const cluster = await make();
        world.clusters.upgrade = async () => {
            throw new Error("the API server does not answer");
        };
        await assert.rejects(world.update(cluster, { ...ground.cluster, version: "1.35" }), /does not answer/);
        assert.equal((await world.read(T.cluster, "hub-01"))?.outputs["version"], "1.34");
    });

    it("is not deleted while it is protected or has nodes", async () => {
        const cluster = await make({ deletionProtection: true });
        await assert.rejects(
            world.delete(cluster),
            /InvalidRequestException: Cluster hub-01 has deletion protection enabled/,
        );
        const open = await world.update(cluster, { ...ground.cluster, deletionProtection: false });
        const nodes = await world.create(T.nodeGroup, "nodes", ground.nodes);
        await assert.rejects(world.delete(open), /ResourceInUseException: Cluster has nodegroups attached/);
        await world.delete(nodes);
        await world.create(T.accessEntry, "entry", { clusterName: "hub-01", principalArn: DEPLOYER });
        await world.delete(open);
        assert.equal(world.clusters.running.size, 0);
        assert.deepEqual(
            world.twin.inventory().filter(({ type }) => type.startsWith("aws:eks/")),
            [],
        );
    });

    it("leaves nothing of a cluster whose creation is aborted or fails", async () => {
        const abort = new AbortController();
        world.clusters.gate = new Promise(() => {});
        const creating = world.create(T.cluster, "cluster", ground.cluster, abort.signal);
        while (!world.twin.inventory().some(({ status }) => status === "CREATING")) await Promise.resolve();
        await assert.rejects(make({}, "again"), /Cluster already exists with name: hub-01/);
        abort.abort();
        await assert.rejects(creating, /create was aborted/);
        assert.equal(world.twin.cluster(HUB, REGION, "hub-01"), undefined);
        world.clusters.gate = undefined;
        await make();
    });

    it("goes from ConfigMap to API authentication and not back, and refuses access entries before", async () => {
        const mode = (authenticationMode: string) => ({
            accessConfig: { authenticationMode, bootstrapClusterCreatorAdminPermissions: false },
        });
        const cluster = await make(mode("CONFIG_MAP"));
        const entry = () => world.create(T.accessEntry, "entry", { clusterName: "hub-01", principalArn: DEPLOYER });
        await assert.rejects(entry(), /authentication mode must be set to one of \[API, API_AND_CONFIG_MAP\]/);
        const api = await world.update(cluster, { ...ground.cluster, ...mode("API") });
        await entry();
        await assert.rejects(
            world.update(api, { ...ground.cluster, ...mode("API_AND_CONFIG_MAP") }),
            /Unsupported authentication mode update from API to API_AND_CONFIG_MAP/,
        );
    });

    it("lets its creator in unless told otherwise", async () => {
        await make({ accessConfig: { authenticationMode: "API" } });
        const [entry] = world.twin.cluster(HUB, REGION, "hub-01")?.accessEntries ?? [];
        assert.equal(entry?.principalArn, DEPLOYER);
        assert.match(entry?.policies[0]?.policyArn ?? "", /AmazonEKSClusterAdminPolicy$/);
        await assert.rejects(
            world.create(T.accessEntry, "entry", { clusterName: "hub-01", principalArn: DEPLOYER }),
            /ResourceInUseException: The specified access entry resource is already in use/,
        );
    });

    it("takes up the deletion that ended with an earlier daemon", async () => {
        const stateFile = path.join(folder, "deleting.json");
        world = new World({ stateFile });
        ground = await makeGround(world);
        const cluster = await make();
        world.clusters.delete = () => new Promise(() => {});
        void world.delete(cluster);
        while (!world.twin.inventory().some(({ status }) => status === "DELETING")) await Promise.resolve();
        const second = new World({ stateFile });
        second.clusters.running.set(`${HUB}.hub-01`, world.clusters.handle(`${HUB}.hub-01`) as ClusterHandle);
        assert.equal((await second.read(T.cluster, "hub-01"))?.id, "hub-01");
        await second.delete(cluster);
        assert.equal(second.clusters.running.size, 0);
        assert.equal(second.twin.cluster(HUB, REGION, "hub-01"), undefined);
    });

    it("clears the nodes of groups whose creation ended with an earlier daemon", async () => {
        const clusters = new FakeClusters();
        const stateFile = path.join(folder, "twin.json");
        world = new World({ clusters, stateFile });
        ground = await makeGround(world);
        await make();
        clusters.nodes.set("x", {
            name: "x",
            count: 0,
            kubernetesVersion: "",
            labels: {},
            taints: [],
            instanceType: "",
        });
        clusters.scaleNodes = async (key, group) => {
            clusters.nodes.set(`${key}/${group.name}`, group);
            await new Promise(() => {});
        };
        void world.create(T.nodeGroup, "nodes", ground.nodes);
        while (!clusters.nodes.has(`${HUB}.hub-01/system`)) await Promise.resolve();

        const later = new FakeClusters();
        for (const [key, value] of clusters.nodes) later.nodes.set(key, value);
        const second = new World({ clusters: later, stateFile });
        assert.equal(await second.read(T.nodeGroup, "hub-01:system"), null);
        await second.create(T.nodeGroup, "nodes", { ...ground.nodes, nodeGroupName: "other" });
        assert.deepEqual([...later.nodes.keys()], ["x", `${HUB}.hub-01/other`]);
    });
});
