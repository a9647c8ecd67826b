import type { Documents, Stack } from "./stack.ts";

/** Vault's policies, which are the hub's. */
export function hubVaultDocuments(): Documents {
    const environments = Object.fromEntries(
        ["dev", "staging", "prod"].map((environment) => [
            `hub-vault-${environment} policy`,
            [
                `path "fleet/data/platform/${environment}/*" {`,
                `  capabilities = ["read"]`,
                `}`,
                `path "fleet/metadata/platform/${environment}/*" {`,
                `  capabilities = ["list", "read"]`,
                `}`,
                ``,
            ].join("\n"),
        ]),
    );
    return {
        ...environments,
        "hub-registrations-policy policy": [
            `path "registrations-hub-01/data/+" {`,
            `  capabilities = ["read"]`,
            `}`,
            ``,
        ].join("\n"),
        "hub-registrations-role tokenPolicies": ["registrations-hub-01-read"],
    };
}

/** What a spoke's External Secrets gets of them. */
export function spokeVaultDocuments({ environment }: Stack): Documents {
    return { "spoke-vault-platform tokenPolicies": [`fleet-platform-${environment}-read`] };
}
