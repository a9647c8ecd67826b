import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";

import {
    externalSecretsNamespace,
    externalSecretsServiceAccount,
    vaultAuthPath,
    vaultPolicyName,
} from "../../contract/names.ts";

/** Longest life of a Vault token, in seconds: one hour. */
const tokenTtl = 3600;

/** Inputs of {@link SpokeVault}. */
export interface SpokeVaultArgs {
    clusterName: string;
    tenant: string;
    environment: string;
    /** URL of the Kubernetes API as Vault reaches it. */
    kubernetesHost: pulumi.Input<string>;
    /** PEM of its certificate authority, base64-encoded. */
    caData: pulumi.Input<string>;
}

/**
 * Lets External Secrets of one cluster read its tenant's secrets from Vault. Vault asks the cluster's own API whether
 * a token is good, with that very token, so no reviewer credential is stored; the service account therefore needs
 * `system:auth-delegator` on the cluster, which Git grants where it installs External Secrets.
 */
export class SpokeVault extends pulumi.ComponentResource {
    constructor(name: string, args: SpokeVaultArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:vault:SpokeVault", name, {}, opts);
        const backend = new vault.AuthBackend(
            `${name}-auth`,
            {
                type: "kubernetes",
                path: vaultAuthPath(args.clusterName),
                description: `Service accounts of cluster ${args.clusterName}`,
            },
            { parent: this },
        );
        const config = new vault.kubernetes.AuthBackendConfig(
            `${name}-config`,
            {
                backend: backend.path,
                kubernetesHost: args.kubernetesHost,
                kubernetesCaCert: pulumi.output(args.caData).apply(decodePem),
                // Vault runs elsewhere: its own service account means nothing to this cluster.
                disableLocalCaJwt: true,
            },
            { parent: this },
        );
        new vault.kubernetes.AuthBackendRole(
            `${name}-${args.tenant}`,
            {
                backend: backend.path,
                roleName: args.tenant,
                boundServiceAccountNames: [externalSecretsServiceAccount],
                boundServiceAccountNamespaces: [externalSecretsNamespace],
                audience: "vault",
                tokenPolicies: [vaultPolicyName(args.tenant, args.environment)],
                tokenTtl,
                tokenMaxTtl: tokenTtl,
            },
            { parent: this, dependsOn: [config] },
        );
        this.registerOutputs({});
    }
}

/** Base64 to PEM, the form Vault wants. */
export function decodePem(caData: string): string {
    return Buffer.from(caData, "base64").toString("utf8");
}
