import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** Inputs of {@link ExistingCluster}. */
export interface ExistingClusterArgs {
    clusterName: string;
    /** Kubeconfig of an administrator, for what `pulumi up` makes in the cluster; a secret. */
    kubeconfig: pulumi.Output<string>;
    /** Context of it. @default its current-context */
    context?: string | undefined;
    /** URL of the Kubernetes API as hub and Vault reach it, and PEM of its certificate authority, base64-encoded. */
    api: { server: string; caData: string };
}

/**
 * A cluster that somebody else made: nothing of it is created, changed or deleted here. It offers what a cluster of our
 * own does: where its API is, and a way in.
 */
export class ExistingCluster extends pulumi.ComponentResource {
    readonly endpoint: pulumi.Output<string>;
    /** PEM of the API's certificate authority, base64-encoded. */
    readonly caData: pulumi.Output<string>;
    /** Acts in the cluster as the kubeconfig's user. */
    readonly kubernetesApi: kubernetes.Provider;

    constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:cluster:ExistingCluster", name, {}, opts);
        this.kubernetesApi = new kubernetes.Provider(
            `${name}-kubernetes`,
            {
                kubeconfig: args.kubeconfig,
                ...(args.context !== undefined && { context: args.context }),
                // Another kubeconfig is the same cluster as long as this is the same name: nothing gets replaced.
                clusterIdentifier: args.clusterName,
            },
            { parent: this },
        );
        this.endpoint = pulumi.output(args.api.server);
        this.caData = pulumi.output(args.api.caData);
        this.registerOutputs({ endpoint: this.endpoint, caData: this.caData });
    }
}
