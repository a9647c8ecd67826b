import assert from "node:assert/strict";

import { T } from "../../sandbox/aws-twin/tokens.ts";
import type { Props } from "../../sandbox/engine/kit/types.ts";
import { type Ground, makeGround } from "./support/cluster.ts";
import { FakeClusters, UpgradableClusters } from "./support/fake-clusters.ts";
import { keyPolicyText, policyText, trust } from "./support/fleet.ts";
import { HUB, REGION, World } from "./support/world.ts";

const DEPLOYER = `arn:aws:iam::${HUB}:role/fleet-deployer`;

describe("The AWS twin's clusters", () => {
    let world: World;
    let ground: Ground;
    beforeEach(async () => {
        world = new World({ clusters: new UpgradableClusters() });
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
        const keyArn = key.outputs["arn"] ?? "";
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

    it("says so when its control planes cannot be upgraded, and stays as it was", async () => {
        world = new World();
        ground = await makeGround(world);
        const cluster = await make();
        await assert.rejects(
            world.update(cluster, { ...ground.cluster, version: "1.35" }),
            /cannot upgrade the running control plane/,
        );
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

    it("clears the nodes of groups whose creation ended with an earlier daemon", async () => {
        const clusters = new FakeClusters();
        const stateFile = `${process.env["TMPDIR"] ?? "/tmp"}/fleet-twin-interrupted-${process.pid}.json`;
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

describe("What the AWS twin keeps of a cluster", () => {
    let world: World;
    let ground: Ground;
    beforeEach(async () => {
        world = new World({ clusters: new UpgradableClusters() });
        ground = await makeGround(world);
        await world.create(T.cluster, "cluster", ground.cluster);
    });

    const nodes = (more: Props = {}, name = "nodes") => world.create(T.nodeGroup, name, { ...ground.nodes, ...more });

    it("makes nodes as a group wants them, and changes and removes them", async () => {
        const taints = [{ key: "dedicated", value: "argocd", effect: "NO_SCHEDULE" }];
        const arm = { amiType: "AL2023_ARM_64_STANDARD", instanceTypes: ["m7g.large"] };
        const group = await nodes({ ...arm, taints, labels: { a: "b" }, version: "1.33" });
        const running = () => world.clusters.nodes.get(`${HUB}.hub-01/system`);
        assert.deepEqual(running(), {
            name: "system",
            count: 2,
            kubernetesVersion: "1.33",
            labels: { a: "b", "eks.amazonaws.com/capacityType": "ON_DEMAND" },
            taints: [{ key: "dedicated", value: "argocd", effect: "NoSchedule" }],
            instanceType: "m7g.large",
        });
        const scaled = await world.update(group, {
            ...ground.nodes,
            ...arm,
            version: "1.34",
            scalingConfig: { minSize: 1, desiredSize: 3, maxSize: 4 },
        });
        assert.deepEqual([running()?.count, running()?.kubernetesVersion], [3, "1.34"]);
        await world.delete(scaled);
        assert.equal(running(), undefined);
    });

    it("lets nodes be as new as the cluster or three minors older", async () => {
        await assert.rejects(nodes({ version: "1.35" }), /the cluster runs 1\.34/);
        await nodes({ version: "1.31" });
        await assert.rejects(
            nodes({ version: "1.30", nodeGroupName: "old" }, "old"),
            /unsupported Kubernetes version 1\.30/,
        );
    });

    it("wants a node role that EC2 may hold and that may join, one architecture, and sizes in order", async () => {
        await assert.rejects(
            nodes({ nodeRoleArn: `arn:aws:iam::${HUB}:role/control-plane` }),
            /\[ec2\.amazonaws\.com\] were not found/,
        );
        await assert.rejects(
            nodes({ instanceTypes: ["m7g.large"] }),
            /\[m7g\.large\] is not a valid instance type for requested amiType AL2023_x86_64_STANDARD/,
        );
        await assert.rejects(
            nodes({ scalingConfig: { minSize: 3, desiredSize: 2, maxSize: 4 } }),
            /minSize ≤ desiredSize ≤ maxSize, got 3, 2, 4/,
        );
        await assert.rejects(nodes({ subnetIds: [] }), /must have 1 or more items/);
        await assert.rejects(
            nodes({ clusterName: "hub-02" }),
            /ResourceNotFoundException: The cluster 'hub-02' does not exist/,
        );
        await assert.rejects(
            nodes({ launchTemplate: { id: "lt-00000000000000000", version: "1" } }),
            /InvalidLaunchTemplateId\.NotFound/,
        );
        await world.delete(ground.nodePolicy);
        await assert.rejects(nodes(), /NodeCreationFailure: Instances failed to join/);
        assert.equal(world.clusters.nodes.size, 0);
    });

    it("has add-ons in versions that fit the cluster, coredns only where there are nodes", async () => {
        const addon = (addonName: string, addonVersion: string) =>
            world.create(T.addon, addonName, { clusterName: "hub-01", addonName, addonVersion });
        await assert.rejects(addon("kube-proxi", "v1"), /addonName must be one of .*kube-proxy/);
        await assert.rejects(
            addon("kube-proxy", "v1.35.0-eksbuild.2"),
            /not supported: kube-proxy v1\.35\.0-eksbuild\.2 with Kubernetes 1\.34/,
        );
        await assert.rejects(addon("coredns", "v1.12.4-eksbuild.1"), /unexpected state 'DEGRADED'/);
        await nodes();
        await addon("coredns", "v1.12.4-eksbuild.1");
        await assert.rejects(addon("coredns", "v1.12.4-eksbuild.1"), /ResourceInUseException: Addon already exists/);
    });

    it("lets in whom an access entry names, as far as its policy associations go", async () => {
        const common = { clusterName: "hub-01", principalArn: DEPLOYER };
        const policyArn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
        const associate = (more: Props) =>
            world.create(T.accessPolicyAssociation, "a", { ...common, policyArn, ...more });
        const scope = { accessScope: { type: "namespace", namespaces: ["apps"] } };
        await assert.rejects(associate(scope), /You can only associate access policies to existing access entries/);
        await assert.rejects(
            world.create(T.accessEntry, "e", { ...common, principalArn: `arn:aws:iam::${HUB}:role/nobody` }),
            /The specified principalArn is invalid: invalid principal/,
        );
        const entry = await world.create(T.accessEntry, "e", common);
        await assert.rejects(associate({ ...scope, policyArn: `${policyArn}x` }), /policyArn must be one of/);
        await assert.rejects(associate({ accessScope: { type: "namespace" } }), /belongs to type namespace/);
        await associate(scope);
        const entries = () => world.twin.cluster(HUB, REGION, "hub-01")?.accessEntries;
        assert.equal(entries()?.[0]?.principalId, world.twin.role(DEPLOYER)?.uniqueId);
        assert.deepEqual(entries()?.[0]?.policies, [{ policyArn, scope: { type: "namespace", namespaces: ["apps"] } }]);
        await world.delete(entry);
        assert.deepEqual(entries(), []);
    });

    it("associates a service account with one role of its own account", async () => {
        const name = "argocd";
        await world.create(T.role, name, { name, assumeRolePolicy: trust({ Service: "pods.eks.amazonaws.com" }) });
        const roleArn = `arn:aws:iam::${HUB}:role/argocd`;
        const inputs = { clusterName: "hub-01", namespace: "argocd", serviceAccount: "argocd-server", roleArn };
        const association = await world.create(T.podIdentityAssociation, "one", inputs);
        assert.match(association.id, /^a-[a-z0-9]{17}$/);
        await assert.rejects(world.create(T.podIdentityAssociation, "two", inputs), /Association already exists: a-/);
        await assert.rejects(
            world.create(T.podIdentityAssociation, "three", { ...inputs, serviceAccount: "x", roleArn: `${roleArn}x` }),
            /Role .*argocdx does not exist/,
        );
        assert.equal((await world.read(T.podIdentityAssociation, `hub-01,${association.id}`))?.id, association.id);
        assert.deepEqual(world.twin.cluster(HUB, REGION, "hub-01")?.podIdentityAssociations[0]?.roleArn, roleArn);
    });
});
