import assert from "node:assert/strict";

import { logKeyPolicy } from "../../../components/cluster/log-key.ts";
import { dataDevice } from "../../../components/cluster/node-group.ts";
import { secretsKeyPolicy } from "../../../components/cluster/secrets-key.ts";
import { serviceTrust } from "../../../components/cluster/service-role.ts";
import { podIdentityTrust } from "../../../components/identity/pod-identity-role.ts";
import { addonVersion } from "../../../contract/kubernetes-releases.ts";
import { place, policyOf } from "../../harness/pulumi.ts";
import { cluster, clusterType, deployer, nodeGroup } from "./eks-fixture.ts";

describe("components/cluster: EksCluster", () => {
    it("is exactly these resources", async () => {
        assert.deepEqual((await cluster()).inventory(), [
            "aws:cloudwatch/logGroup:LogGroup eks-logs",
            "aws:ec2/launchTemplate:LaunchTemplate eks-general-template",
            "aws:eks/accessEntry:AccessEntry eks-deployer-entry",
            "aws:eks/accessPolicyAssociation:AccessPolicyAssociation eks-deployer-policy",
            "aws:eks/addon:Addon eks-aws-ebs-csi-driver",
            "aws:eks/addon:Addon eks-coredns",
            "aws:eks/addon:Addon eks-eks-pod-identity-agent",
            "aws:eks/addon:Addon eks-kube-proxy",
            "aws:eks/addon:Addon eks-vpc-cni",
            "aws:eks/cluster:Cluster eks-cluster",
            "aws:eks/nodeGroup:NodeGroup eks-general-nodes",
            "aws:eks/podIdentityAssociation:PodIdentityAssociation eks-ebs-csi-pods-ebs-csi-controller-sa",
            "aws:iam/role:Role eks-control-plane-role",
            "aws:iam/role:Role eks-ebs-csi-pods-role",
            "aws:iam/role:Role eks-node-role",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment eks-control-plane-AmazonEKSClusterPolicy",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment eks-ebs-csi-pods-AmazonEBSCSIDriverPolicyV2",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment eks-node-AmazonEC2ContainerRegistryPullOnly",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment eks-node-AmazonEKSWorkerNodePolicy",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment eks-node-AmazonEKS_CNI_Policy",
            "aws:kms/alias:Alias eks-log-alias",
            "aws:kms/alias:Alias eks-secrets-alias",
            "aws:kms/key:Key eks-log-key",
            "aws:kms/key:Key eks-secrets-key",
            "fleet:cluster:ClusterAdminAccess eks-deployer",
            "fleet:cluster:EksCluster eks",
            "fleet:cluster:LogKey eks-log",
            "fleet:cluster:NodeGroup eks-general",
            "fleet:cluster:SecretsKey eks-secrets",
            "fleet:cluster:ServiceRole eks-control-plane",
            "fleet:cluster:ServiceRole eks-node",
            "fleet:identity:PodIdentityRole eks-ebs-csi-pods",
        ]);
    });

    it("keeps five logs, encrypted with a key that only CloudWatch Logs uses, and only for them", async () => {
        const run = await cluster({ logRetentionDays: 400 }, true);
        assert.deepEqual(policyOf(run.only("aws:kms/key:Key", "eks-log-key"), "policy"), {
            Version: "2012-10-17",
            Statement: [
                logKeyPolicy("", place.accountId, "").Statement[0],
                {
                    Sid: "CloudWatchLogs",
                    Effect: "Allow",
                    Principal: { Service: "logs.eu-west-1.amazonaws.com" },
                    Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
                    Resource: "*",
                    Condition: {
                        ArnEquals: {
                            "kms:EncryptionContext:aws:logs:arn":
                                "arn:aws:logs:eu-west-1:222222222222:log-group:/aws/eks/dev-01/cluster",
                        },
                    },
                },
            ],
        });
        const group = (await cluster({ logRetentionDays: 400 })).only("aws:cloudwatch/logGroup:LogGroup");
        const { kmsKeyId, ...rest } = group.inputs as Record<string, any>;
        assert.match(kmsKeyId, /^arn:aws:kms:eu-west-1:222222222222:key\//);
        assert.deepEqual(rest, { name: "/aws/eks/dev-01/cluster", retentionInDays: 400 });
        assert.match(group.propertyDependencies["kmsKeyId"]?.join() ?? "", /eks-log-key$/);
    });

    it("gives the EBS driver volumes of its own, once there are nodes", async () => {
        const run = await cluster();
        const trust = {
            ...place,
            clusterName: "dev-01",
            namespace: "kube-system",
            serviceAccounts: ["ebs-csi-controller-sa"],
        };
        assert.deepEqual(
            policyOf(run.only("aws:iam/role:Role", "eks-ebs-csi-pods-role"), "assumeRolePolicy"),
            podIdentityTrust(trust),
        );
        const attachment = run.only(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "eks-ebs-csi-pods-AmazonEBSCSIDriverPolicyV2",
        );
        assert.equal(attachment.inputs.policyArn, "arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicyV2");
        const association = run.only("aws:eks/podIdentityAssociation:PodIdentityAssociation");
        assert.deepEqual(association.inputs, {
            clusterName: "dev-01",
            namespace: "kube-system",
            serviceAccount: "ebs-csi-controller-sa",
            roleArn: "arn:aws:iam::222222222222:role/fleet/dev-01-ebs-csi",
        });
        assert.ok(association.dependencies.includes(attachment.urn));
        assert.ok(association.dependencies.includes(run.only(clusterType).urn));
        const driver = run.only("aws:eks/addon:Addon", "eks-aws-ebs-csi-driver");
        assert.ok(driver.dependencies.includes(association.urn));
        assert.ok(driver.dependencies.includes(run.only("aws:eks/nodeGroup:NodeGroup").urn));
    });

    it("takes another add-on version that fits, and no other", async () => {
        const run = await cluster({ addons: { coredns: "v1.14.3-eksbuild.3" } });
        const version = (name: string) => run.only("aws:eks/addon:Addon", `eks-${name}`).inputs.addonVersion;
        assert.equal(version("coredns"), "v1.14.3-eksbuild.3");
        assert.equal(version("vpc-cni"), addonVersion("1.35", "vpc-cni"));
        await assert.rejects(
            cluster({ addons: { coredns: "v1.12.4-eksbuild.1" } }),
            /addons\.coredns: v1\.12\.4-eksbuild\.1 does not fit Kubernetes 1\.35 \(fitting: v1\.13\.2/,
        );
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

    it("protects cluster and keys, and nothing else, when told so", async () => {
        const isProtected = async (protect: boolean) =>
            (await cluster({ protect })).resources.filter((each) => each.protect).map(({ name }) => name);
        assert.deepEqual((await isProtected(true)).toSorted(), ["eks-cluster", "eks-log-key", "eks-secrets-key"]);
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

    it("labels and taints nodes, and lets them stay behind the control plane", async () => {
        const nodeGroups = {
            gpu: {
                ...nodeGroup,
                kubernetesVersion: "1.34",
                labels: { "example.com/gpu": "true", "fleet/node-group": "forged" },
                taints: [
                    { key: "example.com/gpu", effect: "NoSchedule" as const },
                    { key: "example.com/batch", value: "only", effect: "PreferNoSchedule" as const },
                    { key: "example.com/drain", effect: "NoExecute" as const },
                ],
            },
        };
        const { inputs } = (await cluster({ compute: { nodeGroups } })).only("aws:eks/nodeGroup:NodeGroup");
        assert.equal(inputs.version, "1.34");
        assert.deepEqual(inputs.labels, { "example.com/gpu": "true", "fleet/node-group": "gpu" });
        assert.deepEqual(inputs.taints, [
            { key: "example.com/gpu", effect: "NO_SCHEDULE" },
            { key: "example.com/batch", value: "only", effect: "PREFER_NO_SCHEDULE" },
            { key: "example.com/drain", effect: "NO_EXECUTE" },
        ]);
    });

    it("trusts services without session tags", async () => {
        const run = await cluster();
        const trust = (name: string) => policyOf(run.only("aws:iam/role:Role", name), "assumeRolePolicy");
        assert.deepEqual(trust("eks-control-plane-role"), serviceTrust("eks.amazonaws.com"));
        assert.deepEqual(trust("eks-node-role"), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "Service",
                    Effect: "Allow",
                    Principal: { Service: "ec2.amazonaws.com" },
                    Action: ["sts:AssumeRole"],
                },
            ],
        });
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
            /kubernetesVersion: no add-ons pinned for 1\.99 \(pinned: 1\.34, 1\.35, 1\.36\)/,
        );
    });

    it("knows its key's policy at the first preview", async () => {
        const run = await cluster({}, true);
        const policy = policyOf(run.only("aws:kms/key:Key", "eks-secrets-key"), "policy");
        const clusterRole = "arn:aws:iam::222222222222:role/fleet/dev-01-control-plane";
        assert.deepEqual(policy, secretsKeyPolicy("222222222222", deployer, clusterRole));
    });
});
