import { present } from "./cross-checks/known.ts";
import { ConfigError, shown, type Problem } from "./problems.ts";
import type { SpokeConfig } from "./schema/index.ts";

/** What a hub's outputs say of its identity. */
export interface HubIdentity {
    iamPath: string;
    /** Teams whose secrets its Vault keeps. */
    vaultTenants: readonly string[];
}

type Agreement = Pick<SpokeConfig, "iam" | "tenant" | "vault">;

/**
 * Checks that the hub, as it is deployed, and the spoke agree on what both sides' policies mention.
 *
 * @throws {ConfigError} with every problem, before any resource exists
 */
export function requireHubAgrees(stack: string, config: Agreement, hub: HubIdentity): void {
    const found = hubIdentityProblems(config, hub);
    if (found.length > 0) {
        throw new ConfigError(stack, found);
    }
}

/** What {@link requireHubAgrees} finds. */
export function hubIdentityProblems({ iam, tenant, vault }: Agreement, hub: HubIdentity): Problem[] {
    const tenants = vault === undefined ? [] : [tenant, ...vault.tenants.map(({ name }) => name)];
    const unknown = tenants.filter((name) => !hub.vaultTenants.includes(name));
    return present(
        iam.path === hub.iamPath
            ? undefined
            : {
                  code: "E-IAM-003",
                  key: "fleet:iam.path",
                  text:
                      `not the hub's, so the hub could assume no role of this stack (got ${iam.path}; ` +
                      `allowed: ${hub.iamPath}). Fix: set ${hub.iamPath}, or change the hub's first.`,
              },
        unknown.length === 0
            ? undefined
            : {
                  code: "E-VLT-003",
                  key: "fleet:vault.tenants",
                  text:
                      `the hub's Vault keeps no secrets of ${unknown.join(", ")} (got ${shown(tenants)}; ` +
                      `allowed: ${shown(hub.vaultTenants)}). Fix: add them to the hub's fleet:vault.tenants first.`,
              },
    );
}
