import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** Namespace, on a cluster outside AWS, of what lets hubs in. */
export const hubAccessNamespace = "fleet-access";

/** Inputs of {@link HubServiceAccount}. */
export interface HubServiceAccountArgs {
    /** Cluster name of the hub that is let in. */
    hubClusterName: pulumi.Input<string>;
    /** Number of the token. Another number makes another token; the one before ends once the new one is published. */
    tokenSerial: number;
}

/**
 * The hub's way into a cluster that no IAM guards: a service account per hub and a token of it that lasts until its
 * Secret goes. It is cluster-admin, as Argo CD's own `argocd cluster add` makes it and as the access policy on EKS does:
 * Argo CD creates whatever kinds Git says. AppProjects on the hub are what narrows that.
 */
export class HubServiceAccount extends pulumi.ComponentResource {
    /** The token: a credential, so a secret. */
    readonly token: pulumi.Output<string>;

    constructor(name: string, args: HubServiceAccountArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:identity:HubServiceAccount", name, {}, opts);
        const accountName = pulumi.interpolate`${args.hubClusterName}-argocd`;
        const namespace = new kubernetes.core.v1.Namespace(
            `${name}-namespace`,
            { metadata: { name: hubAccessNamespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
            { parent: this },
        );
        // No pod belongs here; one that came all the same would be reached by nobody.
        new kubernetes.networking.v1.NetworkPolicy(
            `${name}-no-ingress`,
            {
                metadata: { name: "no-ingress", namespace: namespace.metadata.name },
                spec: { podSelector: {}, policyTypes: ["Ingress"] },
            },
            { parent: this },
        );
        const account = new kubernetes.core.v1.ServiceAccount(
            `${name}-account`,
            {
                metadata: { name: accountName, namespace: namespace.metadata.name },
                // No pod uses it; one that did would not be handed a token.
                automountServiceAccountToken: false,
            },
            { parent: this },
        );
        const binding = new kubernetes.rbac.v1.ClusterRoleBinding(
            `${name}-binding`,
            {
                metadata: { name: pulumi.interpolate`${hubAccessNamespace}:${accountName}` },
                roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
                subjects: [
                    { kind: "ServiceAccount", name: account.metadata.name, namespace: account.metadata.namespace },
                ],
            },
            { parent: this },
        );
        const token = new kubernetes.core.v1.Secret(
            `${name}-token`,
            {
                metadata: {
                    // The number is part of the name, so that the new token exists before the old one goes.
                    name: pulumi.interpolate`${accountName}-${args.tokenSerial}`,
                    namespace: namespace.metadata.name,
                    annotations: { "kubernetes.io/service-account.name": account.metadata.name },
                },
                // Kubernetes fills it in, and refuses the token once this Secret is gone.
                type: "kubernetes.io/service-account-token",
            },
            { parent: this, dependsOn: [binding] },
        );
        this.token = pulumi.secret(token.data.apply((data) => tokenOf(data)));
        this.registerOutputs({ token: this.token });
    }
}

/** The token in a Secret's data, which is base64. */
export function tokenOf(data: Readonly<Record<string, string>> | undefined): string {
    const token = data?.["token"];
    if (token === undefined) {
        throw new pulumi.RunError(
            "the cluster has put no token into the hub's Secret yet. Fix: run pulumi up --refresh.",
        );
    }
    return Buffer.from(token, "base64").toString("utf8");
}
