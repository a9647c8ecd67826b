import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";

import {
    externalSecretsNamespace,
    externalSecretsServiceAccount,
    vaultAudience,
    vaultPolicyName,
} from "../../contract/names.ts";
import { clusterAuth, tokenTtl, type ClusterAuthArgs } from "./cluster-auth.ts";

/** Inputs of {@link SpokeVault}. */
export interface SpokeVaultArgs extends ClusterAuthArgs {
    tenant: string;
    environment: string;
}

/**
 * Lets External Secrets of one cluster read its tenant's secrets from Vault. Vault asks the cluster's own API whether
 * a token is good, with that very token, so no reviewer credential is stored; the service account therefore needs
 * `system:auth-delegator` on the cluster, which Git grants where it installs External Secrets.
 */
export class SpokeVault extends pulumi.ComponentResource {
    constructor(name: string, args: SpokeVaultArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:vault:SpokeVault", name, {}, opts);
        const { backend, config } = clusterAuth(name, args, { parent: this });
        new vault.kubernetes.AuthBackendRole(
            `${name}-${args.tenant}`,
            {
                backend: backend.path,
                roleName: args.tenant,
                boundServiceAccountNames: [externalSecretsServiceAccount],
                boundServiceAccountNamespaces: [externalSecretsNamespace],
                audience: vaultAudience,
                tokenPolicies: [vaultPolicyName(args.tenant, args.environment)],
                tokenTtl,
                tokenMaxTtl: tokenTtl,
            },
            { parent: this, dependsOn: [config] },
        );
        this.registerOutputs({});
    }
}
