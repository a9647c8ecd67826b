import * as pulumi from "@pulumi/pulumi";

import { contractVersion, type HubOutputs, type SpokeOutputs } from "../contract/stack-outputs.ts";
import type { EksCluster } from "./cluster/eks-cluster.ts";
import type { ClusterNetwork } from "./network/cluster-network.ts";
import type { StackArgs } from "./stack-args.ts";

/** Outputs as a program gives them. */
export type Given<Outputs> = { [Name in keyof Outputs]: pulumi.Input<Outputs[Name]> };

/** The outputs that say what a cluster and its network are, the same for a hub and a spoke. */
export function clusterOutputs(args: StackArgs, made: { network: ClusterNetwork; cluster: EksCluster }) {
    const { network, cluster } = made;
    return {
        contractVersion,
        clusterName: args.cluster.name,
        environment: args.environment,
        accountId: args.account.id,
        region: args.region,
        iamPath: args.iam.path,
        vpcId: network.vpcId,
        vpcCidr: network.vpcCidr,
        privateRouteTableIds: pulumi.all(network.privateRouteTableIds),
        clusterArn: cluster.arn,
        clusterEndpoint: cluster.endpoint,
        clusterCaData: cluster.caData,
        kubernetesVersion: args.cluster.kubernetesVersion,
        natPublicIps: network.natPublicIps,
        gitUrl: args.git.url,
        gitRevision: args.git.revision,
    } satisfies Given<Partial<HubOutputs & Omit<SpokeOutputs, "role">>>;
}
