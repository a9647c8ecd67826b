import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";

import { vaultMountPath, vaultPolicyName } from "../../contract/names.ts";

/** Inputs of {@link HubVault}. */
export interface HubVaultArgs {
    /** Team whose secrets are kept. */
    tenant: string;
    /** Environments that get a policy each; a spoke names the policy of its own. */
    environments: readonly string[];
}

/**
 * The fleet's part of a Vault that exists already: a key-value store (version 2), and one read policy per environment.
 * The policies are the hub's, so a spoke's stack can name one but not widen it.
 */
export class HubVault extends pulumi.ComponentResource {
    constructor(name: string, args: HubVaultArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:vault:HubVault", name, {}, opts);
        const mount = new vault.Mount(
            `${name}-mount`,
            {
                path: vaultMountPath,
                type: "kv",
                options: { version: "2" },
                description: "Secrets of the fleet, by tenant and environment",
            },
            { parent: this },
        );
        for (const environment of args.environments) {
            new vault.Policy(
                `${name}-${environment}`,
                {
                    name: vaultPolicyName(args.tenant, environment),
                    policy: mount.path.apply((path) => tenantReadPolicy(path, args.tenant, environment)),
                },
                { parent: this },
            );
        }
        this.registerOutputs({});
    }
}

/** Reading `<mount>/<tenant>/<environment>/…`; version 2 keeps values under data/ and their versions under metadata/. */
export function tenantReadPolicy(mount: string, tenant: string, environment: string): string {
    return [
        `path "${mount}/data/${tenant}/${environment}/*" {`,
        `  capabilities = ["read"]`,
        `}`,
        `path "${mount}/metadata/${tenant}/${environment}/*" {`,
        `  capabilities = ["list", "read"]`,
        `}`,
        ``,
    ].join("\n");
}
