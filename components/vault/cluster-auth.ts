import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";

import { vaultAuthPath } from "../../contract/names.ts";

/** Longest life of a Vault token, in seconds: one hour. */
export const tokenTtl = 3600;

/** A cluster as Vault knows it. */
export interface ClusterAuthArgs {
    clusterName: string;
    /** URL of the Kubernetes API as Vault reaches it. */
    kubernetesHost: pulumi.Input<string>;
    /** PEM of its certificate authority, base64-encoded. */
    caData: pulumi.Input<string>;
}

/** The auth mount by which service accounts of one cluster sign in to Vault. Roles depend on `config`. */
export function clusterAuth(
    name: string,
    { clusterName, kubernetesHost, caData }: ClusterAuthArgs,
    opts: pulumi.CustomResourceOptions,
): { backend: vault.AuthBackend; config: vault.kubernetes.AuthBackendConfig } {
    const backend = new vault.AuthBackend(
        `${name}-auth`,
        {
            type: "kubernetes",
            path: vaultAuthPath(clusterName),
            description: `Service accounts of cluster ${clusterName}`,
        },
        opts,
    );
    const config = new vault.kubernetes.AuthBackendConfig(
        `${name}-config`,
        {
            backend: backend.path,
            kubernetesHost,
            kubernetesCaCert: pulumi.output(caData).apply(decodePem),
            // Vault runs elsewhere: its own service account means nothing to this cluster.
            disableLocalCaJwt: true,
        },
        opts,
    );
    return { backend, config };
}

/** Base64 to PEM, the form Vault wants. */
function decodePem(caData: string): string {
    return Buffer.from(caData, "base64").toString("utf8");
}
