import assert from "node:assert/strict";

import { policyOf } from "../../harness/pulumi.ts";
import { cluster, clusterType } from "./eks-fixture.ts";

const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const builtIn = { auto: { nodePools: ["general-purpose", "system"] as const } };
const fromGit = { auto: { nodePools: [] } };

describe("components/cluster: EksCluster with Auto Mode", () => {
    it("is exactly these resources: no node group and no add-on", async () => {
        assert.deepEqual((await cluster({ compute: builtIn })).inventory(), [
            "aws:cloudwatch/logGroup:LogGroup eks-logs",
            "aws:eks/accessEntry:AccessEntry eks-deployer-entry",
            "aws:eks/accessPolicyAssociation:AccessPolicyAssociation eks-deployer-policy",
            "aws:eks/cluster:Cluster eks-cluster",
            "aws:iam/role:Role eks-control-plane-role",
            "aws:iam/role:Role eks-node-role",
            `${attachment} eks-control-plane-AmazonEKSBlockStoragePolicy`,
            `${attachment} eks-control-plane-AmazonEKSClusterPolicy`,
            `${attachment} eks-control-plane-AmazonEKSComputePolicy`,
            `${attachment} eks-control-plane-AmazonEKSLoadBalancingPolicy`,
            `${attachment} eks-control-plane-AmazonEKSNetworkingPolicy`,
            `${attachment} eks-node-AmazonEC2ContainerRegistryPullOnly`,
            `${attachment} eks-node-AmazonEKSWorkerNodeMinimalPolicy`,
            "aws:kms/alias:Alias eks-log-alias",
            "aws:kms/alias:Alias eks-secrets-alias",
            "aws:kms/key:Key eks-log-key",
            "aws:kms/key:Key eks-secrets-key",
            "fleet:cluster:ClusterAdminAccess eks-deployer",
            "fleet:cluster:EksCluster eks",
            "fleet:cluster:LogKey eks-log",
            "fleet:cluster:SecretsKey eks-secrets",
            "fleet:cluster:ServiceRole eks-control-plane",
            "fleet:cluster:ServiceRole eks-node",
        ]);
    });

    it("switches all three capabilities on, in the same request", async () => {
        const { inputs } = (await cluster({ compute: builtIn })).only(clusterType);
        assert.deepEqual(inputs.computeConfig, {
            enabled: true,
            nodePools: ["general-purpose", "system"],
            nodeRoleArn: "arn:aws:iam::222222222222:role/fleet/dev-01-node",
        });
        assert.deepEqual(inputs.kubernetesNetworkConfig, {
            ipFamily: "ipv4",
            serviceIpv4Cidr: "172.20.0.0/16",
            elasticLoadBalancing: { enabled: true },
        });
        assert.deepEqual(inputs.storageConfig, { blockStorage: { enabled: true } });
        assert.equal(inputs.bootstrapSelfManagedAddons, false);
    });

    it("lets EKS tag the sessions of the control plane's role, and of no other", async () => {
        const run = await cluster({ compute: builtIn });
        const trust = (name: string) => policyOf(run.only("aws:iam/role:Role", name), "assumeRolePolicy");
        const statement = (service: string, ...actions: string[]) => ({
            Version: "2012-10-17",
            Statement: [{ Sid: "Service", Effect: "Allow", Principal: { Service: service }, Action: actions }],
        });
        assert.deepEqual(
            trust("eks-control-plane-role"),
            statement("eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession"),
        );
        assert.deepEqual(trust("eks-node-role"), statement("ec2.amazonaws.com", "sts:AssumeRole"));
    });

    it("makes the cluster once both roles have their policies", async () => {
        const run = await cluster({ compute: builtIn });
        const needed = run.resources.filter(({ type }) => type === attachment).map(({ urn }) => urn);
        const { dependencies } = run.only(clusterType);
        assert.deepEqual(
            needed.filter((urn) => !dependencies.includes(urn)),
            [],
        );
    });

    it("lets the nodes of Git's own node classes join, since EKS only does that for its built-in pools", async () => {
        const run = await cluster({ compute: fromGit });
        assert.deepEqual(run.only(clusterType).inputs.computeConfig, { enabled: true, nodePools: [] });
        const principalArn = "arn:aws:iam::222222222222:role/fleet/dev-01-node";
        const entry = run.only("aws:eks/accessEntry:AccessEntry", "eks-nodes-entry");
        assert.deepEqual(entry.inputs, { clusterName: "dev-01", principalArn, type: "EC2" });
        const association = run.only("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "eks-nodes-policy");
        assert.deepEqual(association.inputs, {
            clusterName: "dev-01",
            principalArn,
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy",
            accessScope: { type: "cluster" },
        });
        for (const before of [run.only(clusterType), run.only("aws:iam/role:Role", "eks-node-role")]) {
            assert.ok(entry.dependencies.includes(before.urn), before.name);
        }
        assert.ok(association.dependencies.includes(entry.urn));
    });

    it("takes one compute, not two and not none", async () => {
        const message = /EksCluster compute: set exactly one of nodeGroups and auto/;
        await assert.rejects(cluster({ compute: {} }), message);
        await assert.rejects(cluster({ compute: { ...builtIn, nodeGroups: {} } }), message);
    });
});
