import { deployRoleArn } from "../../contract/names.ts";
import type { EksCluster } from "../cluster/eks-cluster.ts";
import type { ClusterNetwork } from "../network/cluster-network.ts";
import type { StackArgs } from "../stack-args.ts";

/** What a stack says about itself in its registration, whatever its role. */
export function ownRegistration(args: StackArgs, made: { network: ClusterNetwork; cluster: EksCluster }) {
    return {
        environment: args.environment,
        kubernetesVersion: args.cluster.kubernetesVersion,
        vpcId: made.network.vpcId,
        git: args.git,
        caData: made.cluster.caData,
        deployRoleArn: deployRoleArn(args.account),
        recoveryWindowInDays: args.registration.recoveryWindowInDays,
        protect: args.protect,
    };
}
