import assert from "node:assert/strict";

import { T } from "../../sandbox/aws-twin/tokens.ts";
import type { Props } from "../../sandbox/engine/kit/types.ts";
import { type Ground, makeGround } from "./support/cluster.ts";
import { policyText } from "./support/fleet.ts";
import { HUB, type Made, REGION, World } from "./support/world.ts";

const POLICIES = [
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
];
const nodeRoleArn = `arn:aws:iam::${HUB}:role/node`;
const key = `${HUB}.hub-01`;

describe("The AWS twin's clusters with Auto Mode", () => {
    let world: World;
    let ground: Ground;
    let attachments: Made[];
    const pools = (...nodePools: string[]): Props => ({
        bootstrapSelfManagedAddons: false,
        computeConfig: { enabled: true, nodePools, ...(nodePools.length > 0 && { nodeRoleArn }) },
        kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
        storageConfig: { blockStorage: { enabled: true } },
    });
    const inputs = (...nodePools: string[]): Props => ({
        ...ground.cluster,
        roleArn: `arn:aws:iam::${HUB}:role/auto`,
        ...pools(...nodePools),
    });
    const make = (more: Props = {}) =>
        world.create(T.cluster, "cluster", { ...inputs("general-purpose", "system"), ...more });

    beforeEach(async () => {
        world = new World();
        ground = await makeGround(world);
        const assumeRolePolicy = policyText({
            Effect: "Allow",
            Principal: { Service: "eks.amazonaws.com" },
            Action: ["sts:AssumeRole", "sts:TagSession"],
        });
        await world.create(T.role, "auto", { name: "auto", assumeRolePolicy });
        attachments = [];
        for (const policy of ["AmazonEKSClusterPolicy", ...POLICIES]) {
            const policyArn = `arn:aws:iam::aws:policy/${policy}`;
            attachments.push(await world.create(T.rolePolicyAttachment, policy, { role: "auto", policyArn }));
        }
    });

    it("have nodes for each built-in pool, labelled and tainted as AWS does", async () => {
        const { outputs } = await make();
        assert.deepEqual(outputs["computeConfig"], {
            enabled: true,
            nodePools: ["general-purpose", "system"],
            nodeRoleArn,
        });
        const labels = { "eks.amazonaws.com/compute-type": "auto", "karpenter.sh/capacity-type": "on-demand" };
        const common = { kind: "nodePool", kubernetesVersion: "1.34", labels };
        assert.deepEqual(
            [...world.clusters.nodes],
            [
                [
                    `${key}/general-purpose`,
                    { ...common, name: "general-purpose", count: 2, instanceType: "m6i.large", taints: [] },
                ],
                [
                    `${key}/system`,
                    {
                        ...common,
                        name: "system",
                        count: 1,
                        instanceType: "m7g.large",
                        taints: [{ key: "CriticalAddonsOnly", effect: "NoSchedule" }],
                    },
                ],
            ],
        );
    });

    it("want all three capabilities, or none, and no self-managed add-ons", async () => {
        const all = /must all be set to either true or false/;
        await assert.rejects(make({ storageConfig: { blockStorage: { enabled: false } } }), all);
        await assert.rejects(make({ kubernetesNetworkConfig: {} }), all);
        await assert.rejects(
            make({ bootstrapSelfManagedAddons: true }),
            /bootstrapSelfManagedAddons must be set to false if EKS Auto Mode is enabled/,
        );
    });

    it("want a role for the nodes of built-in pools, and none without", async () => {
        await assert.rejects(
            make({ computeConfig: { enabled: true, nodePools: ["system"] } }),
            /nodeRoleArn must be provided/,
        );
        await assert.rejects(make({ computeConfig: { enabled: true, nodeRoleArn } }), /nodePools must be provided/);
        await assert.rejects(
            make({ computeConfig: { enabled: true, nodePools: ["spot"], nodeRoleArn } }),
            /must be one of general-purpose, system/,
        );
    });

    it("want the cluster's role to let EKS tag its sessions", async () => {
        await assert.rejects(
            make({ roleArn: `arn:aws:iam::${HUB}:role/control-plane` }),
            /the trust policy of an EKS Auto Mode cluster must allow sts:TagSession/,
        );
        assert.equal(world.clusters.running.size, 0);
    });

    for (const [index, policy] of POLICIES.entries()) {
        it(`want ${policy} on the cluster's role`, async () => {
            await world.delete(attachments[index + 1] as Made);
            await assert.rejects(make(), new RegExp(`following policies \\[${policy}\\] are attached`));
        });
    }

    it("let the nodes of built-in pools in by themselves, so that nobody else does", async () => {
        await make();
        const [entry] = world.twin.cluster(HUB, REGION, "hub-01")?.accessEntries ?? [];
        assert.deepEqual([entry?.principalArn, entry?.type], [nodeRoleArn, "EC2"]);
        assert.match(entry?.policies[0]?.policyArn ?? "", /AmazonEKSAutoNodePolicy$/);
        await assert.rejects(
            world.create(T.accessEntry, "e", { clusterName: "hub-01", principalArn: nodeRoleArn, type: "EC2" }),
            /The specified access entry resource is already in use/,
        );
    });

    it("leave it to others to let the nodes of their node classes in, with the policy of nodes only", async () => {
        await world.create(T.cluster, "cluster", inputs());
        assert.equal(world.clusters.nodes.size, 0);
        assert.deepEqual(world.twin.cluster(HUB, REGION, "hub-01")?.accessEntries, []);
        const entry = { clusterName: "hub-01", principalArn: nodeRoleArn };
        await assert.rejects(
            world.create(T.accessEntry, "e", { ...entry, type: "EC2", userName: "x" }),
            /"EC2" takes neither userName nor kubernetesGroups/,
        );
        await world.create(T.accessEntry, "e", { ...entry, type: "EC2" });
        const associate = (policy: string) =>
            world.create(T.accessPolicyAssociation, policy, {
                ...entry,
                policyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`,
                accessScope: { type: "cluster" },
            });
        await assert.rejects(associate("AmazonEKSViewPolicy"), /cannot be associated with an access entry of type EC2/);
        await associate("AmazonEKSAutoNodePolicy");
    });

    it("take no policy for nodes of one's own, whose entry gives them what kubelets need", async () => {
        await world.create(T.cluster, "cluster", inputs());
        const entry = { clusterName: "hub-01", principalArn: nodeRoleArn };
        const linux = { ...entry, type: "EC2_LINUX" };
        await assert.rejects(
            world.create(T.accessEntry, "e", { ...linux, kubernetesGroups: ["nodes"] }),
            /"EC2_LINUX" takes neither userName nor kubernetesGroups/,
        );
        await world.create(T.accessEntry, "e", linux);
        await assert.rejects(
            world.create(T.accessPolicyAssociation, "p", {
                ...entry,
                policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy",
                accessScope: { type: "cluster" },
            }),
            /no access policy can be associated with an entry of type EC2_LINUX/,
        );
    });

    it("get another set of pools, and nodes of the next version when the control plane goes up", async () => {
        const cluster = await make();
        const fewer = await world.update(cluster, inputs("system"));
        assert.deepEqual([...world.clusters.nodes.keys()], [`${key}/system`]);
        await world.update(fewer, { ...inputs("system"), version: "1.35" });
        assert.equal(world.clusters.nodes.get(`${key}/system`)?.kubernetesVersion, "1.35");
        const other = { enabled: true, nodePools: ["system"], nodeRoleArn: `${nodeRoleArn}x` };
        const changed = await world.check(T.cluster, "cluster", { ...inputs(), computeConfig: other }, fewer.inputs);
        assert.deepEqual((await world.diff(fewer, changed.inputs)).replace, ["computeConfig"]);
    });
});
