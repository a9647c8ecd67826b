import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";

import {
    externalSecretsNamespace,
    externalSecretsServiceAccount,
    vaultAudience,
    vaultRegistrationsPath,
    vaultRegistrationsPolicyName,
    vaultRegistrationsRole,
} from "../../contract/names.ts";
import { clusterAuth, tokenTtl, type ClusterAuthArgs } from "./cluster-auth.ts";

/**
 * Where clusters outside AWS register with a hub: a key-value store of its own in Vault, which the hub's External Secrets
 * reads with its service account, and the store of nobody else. A cluster that joins changes nothing here.
 */
export class HubRegistrations extends pulumi.ComponentResource {
    /** Path of the store. */
    readonly mountPath: pulumi.Output<string>;

    constructor(name: string, args: ClusterAuthArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:vault:HubRegistrations", name, {}, opts);
        const mount = new vault.Mount(
            `${name}-mount`,
            {
                path: vaultRegistrationsPath(args.clusterName),
                type: "kv",
                options: { version: "2" },
                description: `Registrations of clusters outside AWS with hub ${args.clusterName}`,
            },
            { parent: this },
        );
        const policy = new vault.Policy(
            `${name}-policy`,
            {
                name: vaultRegistrationsPolicyName(args.clusterName),
                policy: registrationsReadPolicy(vaultRegistrationsPath(args.clusterName)),
            },
            { parent: this },
        );
        const { backend, config } = clusterAuth(name, args, { parent: this });
        new vault.kubernetes.AuthBackendRole(
            `${name}-role`,
            {
                backend: backend.path,
                roleName: vaultRegistrationsRole,
                boundServiceAccountNames: [externalSecretsServiceAccount],
                boundServiceAccountNamespaces: [externalSecretsNamespace],
                audience: vaultAudience,
                tokenPolicies: [policy.name],
                tokenTtl,
                tokenMaxTtl: tokenTtl,
            },
            { parent: this, dependsOn: [config] },
        );
        this.mountPath = mount.path;
        this.registerOutputs({ mountPath: this.mountPath });
    }
}

/**
 * Reading each registration, and neither their list nor their history. `+` is one segment: which clusters register is
 * not known when the hub is made, and the path holds nothing else.
 */
export function registrationsReadPolicy(mount: string): string {
    return [`path "${mount}/data/+" {`, `  capabilities = ["read"]`, `}`, ``].join("\n");
}
