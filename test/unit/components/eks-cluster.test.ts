import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

import { addonVersion } from "../../../components/cluster/addon-versions.ts";
import { EksCluster, type EksClusterArgs } from "../../../components/cluster/eks-cluster.ts";
import { dataDevice } from "../../../components/cluster/node-group.ts";
import { secretsKeyPolicy } from "../../../components/cluster/secrets-key.ts";
import { policyOf, place, runMocked } from "../../harness/pulumi.ts";

const clusterType = "aws:eks/cluster:Cluster";
const deployer = "arn:aws:iam::222222222222:role/fleet-deployer";

function cluster(change: Partial<EksClusterArgs> = {}, preview = false) {
    return runMocked(
        () => {
            const { kubeconfig: config } = new EksCluster("eks", {
                ...place,
                clusterName: "dev-01",
                deployRoleArn: deployer,
                kubernetesVersion: "1.35",
                serviceCidr: "172.20.0.0/16",
                subnetIds: [pulumi.output("subnet-1"), pulumi.output("subnet-2")],
                endpoint: { public: true, publicCidrs: ["203.0.113.0/24"] },
                nodeGroups: {
                    general: {
                        instanceTypes: ["m7g.large"],
                        amiType: "AL2023_ARM_64_STANDARD",
                        capacityType: "SPOT",
                        diskSizeGiB: 50,
                        minSize: 1,
                        desiredSize: 2,
                        maxSize: 4,
                    },
                },
                deletionProtection: false,
                protect: false,
                ...change,
            });
            return { kubeconfig: config };
        },
        { preview },
    );
}

describe("components/cluster: EksCluster", () => {
    it("is exactly these resources", async () => {
        assert.deepEqual((await cluster()).inventory(), [
            "aws:cloudwatch/logGroup:LogGroup eks-logs",
            "aws:ec2/launchTemplate:LaunchTemplate eks-general-template",
            "aws:eks/accessEntry:AccessEntry eks-deployer-entry",
            "aws:eks/accessPolicyAssociation:AccessPolicyAssociation eks-deployer-policy",
            "aws:eks/addon:Addon eks-coredns",
            "aws:eks/addon:Addon eks-eks-pod-identity-agent",
            "aws:eks/addon:Addon eks-kube-proxy",
            "aws:eks/addon:Addon eks-vpc-cni",
            "aws:eks/cluster:Cluster eks-cluster",
            "aws:eks/nodeGroup:NodeGroup eks-general-nodes",
            "aws:iam/role:Role eks-control-plane-role",
            "aws:iam/role:Role eks-node-role",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment eks-control-plane-AmazonEKSClusterPolicy",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment eks-node-AmazonEC2ContainerRegistryPullOnly",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment eks-node-AmazonEKSWorkerNodePolicy",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment eks-node-AmazonEKS_CNI_Policy",
            "aws:kms/alias:Alias eks-secrets-alias",
            "aws:kms/key:Key eks-secrets-key",
            "fleet:cluster:ClusterAdminAccess eks-deployer",
            "fleet:cluster:EksCluster eks",
            "fleet:cluster:NodeGroup eks-general",
            "fleet:cluster:SecretsKey eks-secrets",
            "fleet:cluster:ServiceRole eks-control-plane",
            "fleet:cluster:ServiceRole eks-node",
        ]);
    });

    it("asks EKS for what a fleet needs, in full", async () => {
        const run = await cluster();
        const { inputs } = run.only(clusterType);
        const { encryptionConfig, roleArn, ...rest } = inputs as Record<string, any>;
        assert.match(encryptionConfig.provider.keyArn, /^arn:aws:kms:eu-west-1:222222222222:key\//);
        assert.deepEqual(encryptionConfig.resources, ["secrets"]);
        assert.equal(roleArn, "arn:aws:iam::222222222222:role/fleet/dev-01-control-plane");
        assert.deepEqual(rest, {
            name: "dev-01",
            version: "1.35",
            accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
            bootstrapSelfManagedAddons: false,
            deletionProtection: false,
            enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
            kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: "172.20.0.0/16" },
            upgradePolicy: { supportType: "STANDARD" },
            vpcConfig: {
                subnetIds: ["subnet-1", "subnet-2"],
                endpointPrivateAccess: true,
                endpointPublicAccess: true,
                publicAccessCidrs: ["203.0.113.0/24"],
            },
        });
    });

    it("has no public endpoint and no allow-list when told so", async () => {
        const run = await cluster({ endpoint: { public: false, publicCidrs: [] } });
        assert.deepEqual(run.only(clusterType).inputs.vpcConfig, {
            subnetIds: ["subnet-1", "subnet-2"],
            endpointPrivateAccess: true,
            endpointPublicAccess: false,
        });
    });

    it("protects cluster and key, and nothing else, when told so", async () => {
        const isProtected = async (protect: boolean) =>
            (await cluster({ protect })).resources.filter((each) => each.protect).map(({ name }) => name);
        assert.deepEqual((await isProtected(true)).toSorted(), ["eks-cluster", "eks-secrets-key"]);
        assert.deepEqual(await isProtected(false), []);
    });

    it("makes nodes with encrypted disks whose metadata pods cannot reach", async () => {
        const run = await cluster();
        assert.deepEqual(run.only("aws:ec2/launchTemplate:LaunchTemplate").inputs, {
            namePrefix: "dev-01-general-",
            updateDefaultVersion: true,
            metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
            blockDeviceMappings: [
                {
                    deviceName: "/dev/xvda",
                    ebs: { encrypted: "true", volumeType: "gp3", volumeSize: 50, deleteOnTermination: "true" },
                },
            ],
            tagSpecifications: [{ resourceType: "instance", tags: { Name: "dev-01-general" } }],
        });
        const { launchTemplate, ...nodes } = run.only("aws:eks/nodeGroup:NodeGroup").inputs as Record<string, any>;
        assert.equal(launchTemplate.version, "1", "text, not a number");
        assert.deepEqual(nodes, {
            clusterName: "dev-01",
            nodeGroupNamePrefix: "general-",
            nodeRoleArn: "arn:aws:iam::222222222222:role/fleet/dev-01-node",
            subnetIds: ["subnet-1", "subnet-2"],
            version: "1.35",
            amiType: "AL2023_ARM_64_STANDARD",
            capacityType: "SPOT",
            instanceTypes: ["m7g.large"],
            scalingConfig: { minSize: 1, desiredSize: 2, maxSize: 4 },
            updateConfig: { maxUnavailablePercentage: 33 },
            labels: { "fleet/node-group": "general" },
        });
        assert.equal(dataDevice("BOTTLEROCKET_ARM_64"), "/dev/xvdb");
    });

    it("starts the network before the nodes, and DNS after them", async () => {
        const run = await cluster();
        const nodes = run.only("aws:eks/nodeGroup:NodeGroup");
        const addon = (name: string) => run.only("aws:eks/addon:Addon", `eks-${name}`);
        for (const name of ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"]) {
            assert.ok(nodes.dependencies.includes(addon(name).urn), name);
        }
        assert.ok(addon("coredns").dependencies.includes(nodes.urn));
        assert.deepEqual(addon("vpc-cni").inputs, {
            clusterName: "dev-01",
            addonName: "vpc-cni",
            addonVersion: addonVersion("1.35", "vpc-cni"),
            resolveConflictsOnCreate: "OVERWRITE",
            resolveConflictsOnUpdate: "OVERWRITE",
            configurationValues: '{"enableNetworkPolicy":"true"}',
        });
    });

    it("lets the deployer in by an access entry, nobody else", async () => {
        const run = await cluster();
        assert.deepEqual(run.only("aws:eks/accessEntry:AccessEntry").inputs, {
            clusterName: "dev-01",
            principalArn: deployer,
            type: "STANDARD",
        });
        assert.deepEqual(run.only("aws:eks/accessPolicyAssociation:AccessPolicyAssociation").inputs, {
            clusterName: "dev-01",
            principalArn: deployer,
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
            accessScope: { type: "cluster" },
        });
    });

    it("refuses a Kubernetes version without pinned add-ons", async () => {
        await assert.rejects(
            cluster({ kubernetesVersion: "1.99" }),
            /EksCluster kubernetesVersion: no add-ons pinned for 1\.99 \(pinned: 1\.34, 1\.35, 1\.36\)/,
        );
    });

    it("knows its key's policy at the first preview", async () => {
        const run = await cluster({}, true);
        const policy = policyOf(run.only("aws:kms/key:Key"), "policy");
        const clusterRole = "arn:aws:iam::222222222222:role/fleet/dev-01-control-plane";
        assert.deepEqual(policy, secretsKeyPolicy("222222222222", deployer, clusterRole));
    });
});
