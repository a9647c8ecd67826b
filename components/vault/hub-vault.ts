import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";

import { vaultMountPath, vaultPolicyName } from "../../contract/names.ts";

/** Inputs of {@link HubVault}. */
export interface HubVaultArgs {
    /** Team whose secrets are kept. */
    tenant: string;
    /** Further teams whose secrets are kept. @default none */
    tenants?: readonly string[] | undefined;
    /** Environments that get a policy each, for every team; a spoke names those of its own. */
    environments: readonly string[];
    /** Path of the store. @default fleet */
    mountPath?: string | undefined;
    /** Where the audit device writes: a path on Vault's machine, or stdout. @default stdout */
    auditFile?: string | undefined;
}

/**
 * The fleet's part of a Vault that exists already: a record of every request, a key-value store (version 2), and one
 * read policy per team and environment. The policies are the hub's, so a spoke's stack can name one but not widen it.
 */
export class HubVault extends pulumi.ComponentResource {
    constructor(name: string, args: HubVaultArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:vault:HubVault", name, {}, opts);
        const audit = new vault.Audit(
            `${name}-audit`,
            {
                type: "file",
                path: "fleet",
                description: "Every request, with secrets as hashes",
                options: { file_path: args.auditFile ?? "stdout" },
            },
            { parent: this },
        );
        const mount = new vault.Mount(
            `${name}-mount`,
            {
                path: args.mountPath ?? vaultMountPath,
                type: "kv",
                options: { version: "2" },
                description: "Secrets of the fleet, by tenant and environment",
            },
            { parent: this, dependsOn: [audit] },
        );
        for (const tenant of new Set([args.tenant, ...(args.tenants ?? [])])) {
            for (const environment of args.environments) {
                new vault.Policy(
                    // The first team's policies have kept their names since there were others.
                    tenant === args.tenant ? `${name}-${environment}` : `${name}-${tenant}-${environment}`,
                    {
                        name: vaultPolicyName(tenant, environment),
                        policy: mount.path.apply((path) => tenantReadPolicy(path, tenant, environment)),
                    },
                    { parent: this },
                );
            }
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
