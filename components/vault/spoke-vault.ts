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
    /** Team of the cluster; External Secrets reads for it. */
    tenant: string;
    /** Further teams, each by a service account in its own namespace. @default none */
    tenants?: readonly VaultTenant[] | undefined;
    environment: string;
}

/** A team with workloads on a cluster, and the service account that reads its secrets. */
export interface VaultTenant {
    name: string;
    /** @default the team's name */
    namespace?: string | undefined;
    serviceAccount: string;
}

/**
 * Lets External Secrets of one cluster read its tenant's secrets from Vault, and each further tenant its own. Vault asks the cluster's own API whether
 * a token is good, with that very token, so no reviewer credential is stored; the service account therefore needs
 * `system:auth-delegator` on the cluster, which Git grants where it installs External Secrets.
 */
export class SpokeVault extends pulumi.ComponentResource {
    constructor(name: string, args: SpokeVaultArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:vault:SpokeVault", name, {}, opts);
        const { backend, config } = clusterAuth(name, args, { parent: this });
        const own = {
            name: args.tenant,
            namespace: externalSecretsNamespace,
            serviceAccount: externalSecretsServiceAccount,
        };
        for (const tenant of [own, ...(args.tenants ?? [])]) {
            new vault.kubernetes.AuthBackendRole(
                `${name}-${tenant.name}`,
                {
                    backend: backend.path,
                    roleName: tenant.name,
                    boundServiceAccountNames: [tenant.serviceAccount],
                    boundServiceAccountNamespaces: [tenant.namespace ?? tenant.name],
                    audience: vaultAudience,
                    tokenPolicies: [vaultPolicyName(tenant.name, args.environment)],
                    tokenTtl,
                    tokenMaxTtl: tokenTtl,
                },
                { parent: this, dependsOn: [config] },
            );
        }
        this.registerOutputs({});
    }
}
