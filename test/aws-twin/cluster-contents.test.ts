import assert from "node:assert/strict";

import { addonNames, addonVersions as fleetVersions, kubernetesVersions } from "../../contract/kubernetes-releases.ts";
import { addonVersions } from "../../sandbox/aws-twin/services/eks/versions.ts";
import { T } from "../../sandbox/aws-twin/tokens.ts";
import type { Props } from "../../sandbox/engine/kit/types.ts";
import { type Ground, makeGround } from "./support/cluster.ts";
import { trust } from "./support/fleet.ts";
import { HUB, REGION, World } from "./support/world.ts";

const DEPLOYER = `arn:aws:iam::${HUB}:role/fleet-deployer`;

describe("What the AWS twin keeps of a cluster", () => {
    let world: World;
    let ground: Ground;
    beforeEach(async () => {
        world = new World();
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
        const addon = (addonName: string, addonVersion: string, name = addonName) =>
            world.create(T.addon, name, { clusterName: "hub-01", addonName, addonVersion });
        await assert.rejects(addon("kube-proxi", "v1"), /addonName must be one of .*kube-proxy/);
        await assert.rejects(
            addon("kube-proxy", "v1.35.0-eksbuild.2"),
            /not supported: kube-proxy v1\.35\.0-eksbuild\.2 with Kubernetes 1\.34/,
        );
        await assert.rejects(addon("coredns", "v1.12.4-eksbuild.1"), /unexpected state 'DEGRADED'/);
        await nodes();
        await addon("coredns", "v1.12.4-eksbuild.1");
        await assert.rejects(
            addon("coredns", "v1.12.4-eksbuild.1", "again"),
            /ResourceInUseException: Addon already exists/,
        );
    });

    it("knows every add-on version that a fleet may install, for the Kubernetes version it may install it on", () => {
        for (const kubernetes of kubernetesVersions) {
            for (const name of addonNames) {
                for (const version of fleetVersions(kubernetes, name)) {
                    const known = addonVersions[name]?.find((each) => each.version === version);
                    assert.ok(known?.kubernetes.includes(kubernetes), `${name} ${version} for ${kubernetes}`);
                }
            }
        }
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
