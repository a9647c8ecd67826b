import { findItem } from "../../references.ts";
import type { Context } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";

/**
 * AWS managed policies that the twin knows by name; it holds no text of them.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const AWS_MANAGED: readonly string[] = [
    "AdministratorAccess",
    "AmazonEBSCSIDriverEKSClusterScopedPolicy",
    "AmazonEBSCSIDriverPolicyV2",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
    "AmazonEKSServicePolicy",
    "AmazonEKSVPCResourceController",
    "AmazonEKSWorkerNodeMinimalPolicy",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonSSMManagedInstanceCore",
    "CloudWatchAgentServerPolicy",
    "PowerUserAccess",
    "ReadOnlyAccess",
    "SecurityAudit",
    "job-function/ViewOnlyAccess",
    "service-role/AmazonEBSCSIDriverPolicy",
    "service-role/AmazonEFSCSIDriverPolicy",
];

/** @throws Error when the policy is neither AWS's nor one of the account's own. */
export function requireManagedPolicy(context: Context, arn: string): void {
    const [, , , , owner, ...rest] = arn.split(":");
    if (owner === "aws") {
        const name = rest.join(":").replace(/^policy\//, "");
        if (AWS_MANAGED.includes(name)) return;
        throw new Error(
            `NoSuchEntity: Policy ${arn} does not exist or is not attachable. ` +
                `(The sandbox's AWS twin knows these policies of AWS: ${AWS_MANAGED.join(", ")})`,
        );
    }
    if (findItem(context, T.policy, arn) === undefined) {
        throw new Error(`NoSuchEntity: Policy ${arn} does not exist or is not attachable.`);
    }
}
