import type * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";

import type { EksCluster } from "../cluster/eks-cluster.ts";
import type { StackArgs } from "../stack-args.ts";
import { HubRegistrations } from "./hub-registrations.ts";
import { HubVault } from "./hub-vault.ts";

/** What a hub keeps in Vault, as its outputs say it. */
export interface HubSecrets {
    vaultTenants: string[];
    vaultRegistrationsMount?: pulumi.Output<string>;
}

/** The fleet's part of Vault: the tenants' secrets, and where clusters outside AWS register. Nothing without a Vault. */
export function hubSecrets(
    name: string,
    args: Pick<StackArgs, "tenant" | "vault"> & { environments: readonly string[]; clusterName: string },
    cluster: EksCluster,
    opts: { parent: pulumi.Resource },
): HubSecrets {
    if (args.vault === undefined) {
        return { vaultTenants: [] };
    }
    const { tenant, environments, clusterName } = args;
    const provider = new vault.Provider(`${name}-vault-api`, { address: args.vault.address }, opts);
    const inVault = { ...opts, provider };
    const tenants = args.vault.tenants.map((each) => each.name);
    new HubVault(`${name}-vault`, { ...args.vault, tenant, environments, tenants }, inVault);
    const registrations = new HubRegistrations(
        `${name}-registrations`,
        { clusterName, kubernetesHost: cluster.endpoint, caData: cluster.caData },
        inVault,
    );
    return { vaultTenants: [tenant, ...tenants], vaultRegistrationsMount: registrations.mountPath };
}
