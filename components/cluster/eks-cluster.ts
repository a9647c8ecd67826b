import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { fleetRoleArn } from "../../contract/names.ts";
import type { MakesRoles } from "../identity/role-settings.ts";
import { AutoNodeAccess, autoModeInputs, autoModePolicies, autoNodeRole, type AutoModeSpec } from "./auto-mode.ts";
import type { AddonOverrides } from "./cluster-addon.ts";
import { ClusterAdminAccess } from "./cluster-admin-access.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { LogKey } from "./log-key.ts";
import { managedNodes } from "./managed-nodes.ts";
import type { NodeGroupSpec } from "./node-group.ts";
import { SecretsKey } from "./secrets-key.ts";
import { ServiceRole } from "./service-role.ts";
import { TeamAccess, type ClusterAccess } from "./team-access.ts";

/** Where pods run: exactly one of the two. */
export interface ClusterCompute {
    /** Managed node groups by name. */
    nodeGroups?: Readonly<Record<string, NodeGroupSpec>> | undefined;
    /** EKS Auto Mode: EKS runs nodes, networking, DNS, block storage and load balancing itself. */
    auto?: AutoModeSpec | undefined;
}

/** What configuration decides about a cluster. */
export interface EksClusterSettings {
    /** Minor version, for example "1.35". An upgrade is a change of this value alone, one minor at a time. */
    kubernetesVersion: string;
    /** Range of Services, outside the VPC's. */
    serviceCidr: string;
    compute: ClusterCompute;
    /** Who gets in, besides the deployer. */
    access: readonly ClusterAccess[];
    /** Versions of add-ons instead of the pinned ones. */
    addons: AddonOverrides;
    /** Days the control plane's logs are kept; a number CloudWatch Logs takes. */
    logRetentionDays: number;
    /** STANDARD: upgraded by AWS when standard support ends. EXTENDED: stays, at six times the price. */
    supportType: "STANDARD" | "EXTENDED";
    /** Whether AWS refuses to delete the cluster. */
    deletionProtection: boolean;
}

/** Inputs of {@link EksCluster}. */
export interface EksClusterArgs extends EksClusterSettings, MakesRoles {
    /** Physical name of the cluster. Changing it replaces the cluster. */
    clusterName: string;
    accountId: string;
    region: string;
    /** Role that runs `pulumi up`; becomes an administrator by an explicit access entry. */
    deployRoleArn: string;
    /** Two or more, in different zones. */
    subnetIds: pulumi.Input<string>[];
    /** The private endpoint is always on; `publicCidrs` must not be the internet. */
    endpoint: { public: boolean; publicCidrs: pulumi.Input<string[]> };
    /** Whether Pulumi refuses to delete the cluster and its keys. */
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
        const { clusterName, region, compute } = args;
        requireOneCompute(compute);
        const nodeRole = compute.auto && autoNodeRole(name, clusterName, args.iam, this);
        const cluster = this.createControlPlane(name, args, nodeRole);
        const afterCluster = { parent: this, dependsOn: [cluster] };
        this.deployerAccess = new ClusterAdminAccess(
            `${name}-deployer`,
            { clusterName, principalArn: args.deployRoleArn },
            afterCluster,
        );
        if (args.access.length > 0) {
            new TeamAccess(`${name}-access`, { clusterName, access: args.access }, afterCluster);
        }
        if (nodeRole !== undefined && compute.auto?.nodePools.length === 0) {
            const nodeRoleArn = fleetRoleArn(args.accountId, `${clusterName}-node`, args.iam?.path);
            const dependsOn = [cluster, nodeRole];
            new AutoNodeAccess(`${name}-nodes`, { clusterName, nodeRoleArn }, { parent: this, dependsOn });
        }
        if (compute.nodeGroups !== undefined) {
            const { kubernetesVersion, addons, accountId, subnetIds } = args;
            managedNodes(
                name,
                {
                    accountId,
                    region,
                    iam: args.iam,
                    clusterName,
                    cluster: { name: cluster.name, kubernetesVersion, addons },
                    nodeGroups: compute.nodeGroups,
                    subnetIds,
                    controlPlane: cluster,
                    network: opts?.dependsOn,
                },
                this,
            );
        }

        this.controlPlane = cluster;
        this.arn = cluster.arn;
        this.endpoint = cluster.endpoint;
        this.caData = cluster.certificateAuthority.data;
        this.kubeconfig = pulumi
            .all([this.endpoint, this.caData])
            .apply(([endpoint, caData]) =>
                kubeconfig({ clusterName, region, endpoint, caData, roleArn: args.deployRoleArn }),
            );
        this.registerOutputs({ arn: this.arn, endpoint: this.endpoint, caData: this.caData });
    }

    private createControlPlane(name: string, args: EksClusterArgs, nodeRole: ServiceRole | undefined): aws.eks.Cluster {
        const { clusterName, accountId, region, protect } = args;
        const { auto } = args.compute;
        const roleName = `${clusterName}-control-plane`;
        const role = new ServiceRole(
            `${name}-control-plane`,
            {
                roleName,
                service: "eks.amazonaws.com",
                managedPolicies: ["AmazonEKSClusterPolicy", ...(auto === undefined ? [] : autoModePolicies)],
                tagsSessions: auto !== undefined,
                iam: args.iam,
            },
            { parent: this },
        );
        const key = new SecretsKey(
            `${name}-secrets`,
            {
                clusterName,
                accountId,
                deployRoleArn: args.deployRoleArn,
                clusterRoleArn: fleetRoleArn(accountId, roleName, args.iam?.path),
                protect,
            },
            { parent: this, dependsOn: [role] },
        );
        // EKS writes to this name and would create the group itself, without an end to its retention.
        const logGroupName = `/aws/eks/${clusterName}/cluster`;
        const logKey = new LogKey(
            `${name}-log`,
            { clusterName, accountId, region, logGroupName, protect },
            { parent: this },
        );
        const logs = new aws.cloudwatch.LogGroup(
            `${name}-logs`,
            { name: logGroupName, retentionInDays: args.logRetentionDays, kmsKeyId: logKey.arn },
            { parent: this },
        );
        const { elasticLoadBalancing, ...autoMode } =
            auto === undefined || nodeRole === undefined ? {} : autoModeInputs(auto, nodeRole.arn);
        return new aws.eks.Cluster(
            `${name}-cluster`,
            {
                name: clusterName,
                version: args.kubernetesVersion,
                roleArn: role.arn,
                // Only access entries let anybody in: no aws-auth ConfigMap, no administrator by having created it.
                accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
                // Networking add-ons are this component's, or Auto Mode's; EKS would install unpinned ones.
                bootstrapSelfManagedAddons: false,
                deletionProtection: args.deletionProtection,
                enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
                encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
                kubernetesNetworkConfig: {
                    ipFamily: "ipv4",
                    serviceIpv4Cidr: args.serviceCidr,
                    ...(elasticLoadBalancing && { elasticLoadBalancing }),
                },
                ...autoMode,
                upgradePolicy: { supportType: args.supportType },
                vpcConfig: {
                    subnetIds: args.subnetIds,
                    endpointPrivateAccess: true,
                    endpointPublicAccess: args.endpoint.public,
                    ...(args.endpoint.public ? { publicAccessCidrs: args.endpoint.publicCidrs } : {}),
                },
            },
            { parent: this, protect, dependsOn: [role, logs, ...(nodeRole === undefined ? [] : [nodeRole])] },
        );
    }
}

function requireOneCompute({ nodeGroups, auto }: ClusterCompute): void {
    if ((nodeGroups === undefined) === (auto === undefined)) {
        throw new Error("EksCluster compute: set exactly one of nodeGroups and auto");
    }
}
