import * as pulumi from "@pulumi/pulumi";

/** A cluster, and the IAM role to sign in to it with. */
export interface EksSignIn {
    clusterName: pulumi.Input<string>;
    region: pulumi.Input<string>;
    endpoint: pulumi.Input<string>;
    caData: pulumi.Input<string>;
    roleArn: string;
}

/** A kubeconfig without a credential: every call asks the AWS CLI for a token of a few minutes. */
export function eksKubeconfig(signIn: EksSignIn): pulumi.Output<string> {
    return pulumi.output(signIn).apply(({ clusterName: name, region, endpoint, caData, roleArn }) => {
        const flags = { "--cluster-name": name, "--region": region, "--role-arn": roleArn, "--output": "json" };
        return JSON.stringify({
            apiVersion: "v1",
            kind: "Config",
            "current-context": name,
            clusters: [{ name, cluster: { server: endpoint, "certificate-authority-data": caData } }],
            contexts: [{ name, context: { cluster: name, user: name } }],
            users: [
                {
                    name,
                    user: {
                        exec: {
                            apiVersion: "client.authentication.k8s.io/v1beta1",
                            command: "aws",
                            args: ["eks", "get-token", ...Object.entries(flags).flat()],
                            interactiveMode: "Never",
                        },
                    },
                },
            ],
        });
    });
}
