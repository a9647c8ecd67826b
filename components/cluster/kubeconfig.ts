/** What a kubeconfig needs to know of an EKS cluster. */
export interface KubeconfigTarget {
    clusterName: string;
    region: string;
    /** URL of the Kubernetes API. */
    endpoint: string;
    /** PEM of its certificate authority, base64-encoded. */
    caData: string;
    /** IAM role to sign in as. */
    roleArn: string;
}

/** A kubeconfig (JSON) without a credential: every call asks `aws eks get-token` for a token of a few minutes. */
export function kubeconfig(target: KubeconfigTarget): string {
    const { clusterName, region, endpoint, caData, roleArn } = target;
    const flags = Object.entries({
        "--cluster-name": clusterName,
        "--region": region,
        "--role-arn": roleArn,
        "--output": "json",
    }).flat();
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": clusterName,
        clusters: [{ name: clusterName, cluster: { server: endpoint, "certificate-authority-data": caData } }],
        contexts: [{ name: clusterName, context: { cluster: clusterName, user: clusterName } }],
        users: [
            {
                name: clusterName,
                user: {
                    exec: {
                        apiVersion: "client.authentication.k8s.io/v1beta1",
                        command: "aws",
                        args: ["eks", "get-token", ...flags],
                        interactiveMode: "Never",
                    },
                },
            },
        ],
    });
}
