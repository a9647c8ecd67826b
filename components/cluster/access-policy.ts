/** What an access entry lets its principal do, from most to least. */
export const accessLevels = ["admin", "edit", "view"] as const;

export type AccessLevel = (typeof accessLevels)[number];

/** ARN of an access policy of EKS. https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html */
export function accessPolicyArn(policy: string): string {
    return `arn:aws:eks::aws:cluster-access-policy/${policy}`;
}

/** The access policy that equals Kubernetes' cluster-admin role. */
export const clusterAdminPolicyArn = accessPolicyArn("AmazonEKSClusterAdminPolicy");

/**
 * The access policy of a level. The administrator of some namespaces gets Kubernetes' role `admin`, which can neither
 * change the namespace itself nor its quotas.
 */
export function policyOfLevel(level: AccessLevel, inNamespaces: boolean): string {
    if (level === "admin" && !inNamespaces) {
        return clusterAdminPolicyArn;
    }
    const policies = { admin: "AmazonEKSAdminPolicy", edit: "AmazonEKSEditPolicy", view: "AmazonEKSViewPolicy" };
    return accessPolicyArn(policies[level]);
}
