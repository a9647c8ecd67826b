import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";

import { contractVersion, type ExistingSpokeOutputs, type HubOutputs } from "../contract/stack-outputs.ts";
import { ExistingCluster } from "./cluster/existing-cluster.ts";
import { HubServiceAccount } from "./identity/hub-service-account.ts";
import type { GitSource } from "./registration/cluster-facts.ts";
import { VaultRegistration } from "./registration/vault-registration.ts";
import { SpokeVault } from "./vault/spoke-vault.ts";

/** Inputs of {@link ExistingSpoke}. */
export interface ExistingSpokeArgs {
    /** What the cluster serves, for example dev, staging or prod. */
    environment: string;
    /** Team whose workloads run on it. */
    tenant: string;
    cluster: {
        name: string;
        kubernetesVersion: string;
        existing: { context?: string | undefined; tokenSerial: number };
    };
    /** Kubeconfig of an administrator; a secret. */
    kubeconfig: pulumi.Output<string>;
    /** Where its API is, as hub and Vault reach it. */
    api: { server: string; caData: string };
    /** Whether Pulumi refuses to delete the registration. */
    protect: boolean;
    git: GitSource;
    vault: { address: string };
    hub: {
        clusterName: pulumi.Output<HubOutputs["clusterName"]>;
        vaultRegistrationsMount: pulumi.Output<string>;
    };
}

/**
 * A spoke whose cluster somebody else made: a way in for the hub, and the registration that tells the hub about it.
 * Nothing of it is in AWS; Vault takes the place of Secrets Manager, a service account that of a role.
 */
export class ExistingSpoke extends pulumi.ComponentResource {
    readonly outputs: { [Name in keyof ExistingSpokeOutputs]: pulumi.Input<ExistingSpokeOutputs[Name]> };

    constructor(name: string, args: ExistingSpokeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:stack:ExistingSpoke", name, {}, opts);
        const { environment, tenant, git, hub } = args;
        const { name: clusterName, kubernetesVersion, existing } = args.cluster;

        const { kubeconfig, api } = args;
        const cluster = new ExistingCluster(
            `${name}-cluster`,
            { clusterName, kubeconfig, context: existing.context, api },
            { parent: this },
        );
        const access = new HubServiceAccount(
            `${name}-hub-access`,
            { hubClusterName: hub.clusterName, tokenSerial: existing.tokenSerial },
            { parent: this, provider: cluster.kubernetesApi },
        );

        const inVault = {
            parent: this,
            provider: new vault.Provider(`${name}-vault-api`, { address: args.vault.address }, { parent: this }),
        };
        const registration = new VaultRegistration(
            `${name}-registration`,
            {
                clusterName,
                environment,
                kubernetesVersion,
                git,
                mountPath: hub.vaultRegistrationsMount,
                server: cluster.endpoint,
                caData: cluster.caData,
                token: access.token,
                capabilities: { vault: "true" },
                protect: args.protect,
            },
            inVault,
        );
        new SpokeVault(
            `${name}-vault`,
            { clusterName, tenant, environment, kubernetesHost: cluster.endpoint, caData: cluster.caData },
            inVault,
        );

        this.outputs = {
            contractVersion,
            role: "spoke",
            clusterName,
            environment,
            clusterEndpoint: cluster.endpoint,
            clusterCaData: cluster.caData,
            kubernetesVersion,
            gitUrl: git.url,
            gitRevision: git.revision,
            registrationVaultPath: registration.path,
        };
        this.registerOutputs(this.outputs);
    }
}
