/**
 * Tags by which controllers find subnets: the AWS load balancer controller and EKS Auto Mode by role, Karpenter by the
 * cluster's name. Nodes belong into private subnets, so only those are Karpenter's.
 */
export function subnetTags(access: "public" | "private", clusterName: string): Record<string, string> {
    return access === "public"
        ? { "kubernetes.io/role/elb": "1" }
        : { "kubernetes.io/role/internal-elb": "1", "karpenter.sh/discovery": clusterName };
}
