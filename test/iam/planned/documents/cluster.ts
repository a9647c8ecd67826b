import { document, type Documents, keyAdministration, podTrust, serviceTrust, type Stack } from "./stack.ts";

/** Policies of the component EksCluster. */
export function clusterDocuments(stack: Stack): Documents {
    const { name, account, cluster } = stack;
    const managed = (policy: string) => `arn:aws:iam::aws:policy/${policy}`;
    const node = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy"];
    return {
        [`${name}-eks-control-plane-role assumeRolePolicy`]: serviceTrust("eks.amazonaws.com"),
        [`${name}-eks-control-plane-AmazonEKSClusterPolicy policyArn`]: managed("AmazonEKSClusterPolicy"),
        [`${name}-eks-node-role assumeRolePolicy`]: serviceTrust("ec2.amazonaws.com"),
        ...Object.fromEntries(node.map((policy) => [`${name}-eks-node-${policy} policyArn`, managed(policy)])),
        [`${name}-eks-deployer-policy policyArn`]: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        [`${name}-eks-ebs-csi-pods-role assumeRolePolicy`]: podTrust(stack, "kube-system", ["ebs-csi-controller-sa"]),
        [`${name}-eks-ebs-csi-pods-AmazonEBSCSIDriverPolicyV2 policyArn`]: managed("AmazonEBSCSIDriverPolicyV2"),
        [`${name}-eks-log-key policy`]: document(keyAdministration(account), {
            Sid: "CloudWatchLogs",
            Effect: "Allow",
            Principal: { Service: "logs.eu-west-1.amazonaws.com" },
            Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            Resource: "*",
            Condition: {
                ArnEquals: {
                    "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:eu-west-1:${account}:log-group:/aws/eks/${cluster}/cluster`,
                },
            },
        }),
        [`${name}-eks-secrets-key policy`]: document(
            keyAdministration(account),
            {
                Sid: "ClusterCreation",
                Effect: "Allow",
                Principal: { AWS: `arn:aws:iam::${account}:role/fleet-deployer` },
                Action: ["kms:CreateGrant", "kms:DescribeKey"],
                Resource: "*",
            },
            {
                Sid: "ControlPlane",
                Effect: "Allow",
                Principal: { AWS: `arn:aws:iam::${account}:role/fleet/${cluster}-control-plane` },
                Action: ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
                Resource: "*",
            },
        ),
    };
}
