import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { fleetRoleArn } from "../../contract/names.ts";
import type { MakesRoles } from "../identity/role-settings.ts";
import { clusterAddon } from "./cluster-addon.ts";
import { ClusterAdminAccess } from "./cluster-admin-access.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { NodeGroup, type NodeGroupSpec } from "./node-group.ts";
import { SecretsKey } from "./secrets-key.ts";
import { ServiceRole } from "./service-role.ts";

/** Inputs of {@link EksCluster}. */
export interface EksClusterArgs extends MakesRoles {
    /** Physical name of the cluster. Changing it replaces the cluster. */
    clusterName: string;
    accountId: string;
    region: string;
    /** Role that runs `pulumi up`; becomes an administrator by an explicit access entry. */
    deployRoleArn: string;
    /** Minor version, for example "1.35". */
    kubernetesVersion: string;
    /** Range of Services, outside the VPC's. */
    serviceCidr: string;
    /** Two or more, in different zones. */
    subnetIds: pulumi.Input<string>[];
    /** The private endpoint is always on; `publicCidrs` must not be the internet. */
    endpoint: { public: boolean; publicCidrs: pulumi.Input<string[]> };
    /** Managed node groups by name. */
    nodeGroups: Readonly<Record<string, NodeGroupSpec>>;
    /** Whether AWS refuses to delete the cluster. */
    deletionProtection: boolean;
    /** Whether Pulumi refuses to delete the cluster and its key. */
    protect: boolean;
}

/** An EKS cluster with nodes and the add-ons without which it is none. */
export class EksCluster extends pulumi.ComponentResource {
    /** The control plane alone: what only needs the API, not nodes, depends on this. */
    readonly controlPlane: aws.eks.Cluster;
    readonly arn: pulumi.Output<string>;
    readonly endpoint: pulumi.Output<string>;
    /** PEM of the API's certificate authority, base64-encoded. */
    readonly caData: pulumi.Output<string>;
    /** For the deployer; holds no credential. */
    readonly kubeconfig: pulumi.Output<string>;
    /** What lets the deployer in. A Kubernetes provider depends on it, so that it goes after the provider's resources. */
    readonly deployerAccess: ClusterAdminAccess;

    /** `opts.dependsOn` delays the nodes, which need the VPC's routes. */
    constructor(name: string, args: EksClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:cluster:EksCluster", name, {}, opts);
        const cluster = this.createControlPlane(name, args);
        this.deployerAccess = new ClusterAdminAccess(
            `${name}-deployer`,
            { clusterName: args.clusterName, principalArn: args.deployRoleArn },
            { parent: this, dependsOn: [cluster] },
        );
        this.createNodes(name, args, cluster, opts?.dependsOn);

        this.controlPlane = cluster;
        this.arn = cluster.arn;
        this.endpoint = cluster.endpoint;
        this.caData = cluster.certificateAuthority.data;
        this.kubeconfig = pulumi.all([this.endpoint, this.caData]).apply(([endpoint, caData]) =>
            kubeconfig({
                clusterName: args.clusterName,
                region: args.region,
                endpoint,
                caData,
                roleArn: args.deployRoleArn,
            }),
        );
        this.registerOutputs({ arn: this.arn, endpoint: this.endpoint, caData: this.caData });
    }

    private createControlPlane(name: string, args: EksClusterArgs): aws.eks.Cluster {
        const roleName = `${args.clusterName}-control-plane`;
        const role = new ServiceRole(
            `${name}-control-plane`,
            {
                roleName,
                service: "eks.amazonaws.com",
                managedPolicies: ["AmazonEKSClusterPolicy"],
                iam: args.iam,
            },
            { parent: this },
        );
        const key = new SecretsKey(
            `${name}-secrets`,
            {
                clusterName: args.clusterName,
                accountId: args.accountId,
                deployRoleArn: args.deployRoleArn,
                clusterRoleArn: fleetRoleArn(args.accountId, roleName, args.iam?.path),
                protect: args.protect,
            },
            { parent: this, dependsOn: [role] },
        );
        const logs = new aws.cloudwatch.LogGroup(
            `${name}-logs`,
            // EKS writes to this name and would create the group itself, without an end to its retention.
            { name: `/aws/eks/${args.clusterName}/cluster`, retentionInDays: 90 },
            { parent: this },
        );
        return new aws.eks.Cluster(
            `${name}-cluster`,
            {
                name: args.clusterName,
                version: args.kubernetesVersion,
                roleArn: role.arn,
                // Only access entries let anybody in: no aws-auth ConfigMap, no administrator by having created it.
                accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
                // Networking add-ons are this component's; EKS would install unpinned ones.
                bootstrapSelfManagedAddons: false,
                deletionProtection: args.deletionProtection,
                enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
                encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
                kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: args.serviceCidr },
                // STANDARD: upgraded by AWS when support ends. EXTENDED would cost six times as much, unnoticed.
                upgradePolicy: { supportType: "STANDARD" },
                vpcConfig: {
                    subnetIds: args.subnetIds,
                    endpointPrivateAccess: true,
                    endpointPublicAccess: args.endpoint.public,
                    ...(args.endpoint.public ? { publicAccessCidrs: args.endpoint.publicCidrs } : {}),
                },
            },
            { parent: this, protect: args.protect, dependsOn: [role, logs] },
        );
    }

    private createNodes(
        name: string,
        args: EksClusterArgs,
        cluster: aws.eks.Cluster,
        network: pulumi.ComponentResourceOptions["dependsOn"],
    ): void {
        const version = { name: cluster.name, kubernetesVersion: args.kubernetesVersion };
        const role = new ServiceRole(
            `${name}-node`,
            {
                roleName: `${args.clusterName}-node`,
                service: "ec2.amazonaws.com",
                managedPolicies: [
                    "AmazonEKSWorkerNodePolicy",
                    "AmazonEC2ContainerRegistryPullOnly",
                    // The CNI runs before Pod Identity can serve it, so its permissions come from the node.
                    "AmazonEKS_CNI_Policy",
                ],
                iam: args.iam,
            },
            { parent: this },
        );
        // DaemonSets first: a node is ready only once it has its network.
        const beforeNodes = (["vpc-cni", "kube-proxy", "eks-pod-identity-agent"] as const).map((addon) =>
            clusterAddon(`${name}-${addon}`, addon, version, { parent: this }),
        );
        const groups = Object.entries(args.nodeGroups).map(
            ([groupName, spec]) =>
                new NodeGroup(
                    `${name}-${groupName}`,
                    {
                        ...spec,
                        groupName,
                        clusterName: cluster.name,
                        kubernetesVersion: args.kubernetesVersion,
                        nodeRoleArn: role.arn,
                        subnetIds: args.subnetIds,
                    },
                    pulumi.mergeOptions({ parent: this, dependsOn: [role, ...beforeNodes] }, { dependsOn: network }),
                ),
        );
        // A Deployment: it is active only once it can be scheduled.
        clusterAddon(`${name}-coredns`, "coredns", version, { parent: this, dependsOn: groups });
    }
}
