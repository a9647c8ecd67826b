import { ConfigError, type Problem } from "./problems.ts";
import type { SpokeConfig } from "./schema/index.ts";

/** What a hub's outputs say of its identity. */
export interface HubIdentity {
    iamPath: string;
}

/**
 * Checks that the hub, as it is deployed, and the spoke agree on what both sides' policies mention.
 *
 * @throws {ConfigError} with every problem, before any resource exists
 */
export function requireHubAgrees(stack: string, config: Pick<SpokeConfig, "iam">, hub: HubIdentity): void {
    const found = hubIdentityProblems(config, hub);
    if (found.length > 0) {
        throw new ConfigError(stack, found);
    }
}

/** What {@link requireHubAgrees} finds. */
export function hubIdentityProblems({ iam }: Pick<SpokeConfig, "iam">, hub: HubIdentity): Problem[] {
    return iam.path === hub.iamPath
        ? []
        : [
              {
                  code: "E-IAM-003",
                  key: "fleet:iam.path",
                  text:
                      `not the hub's, so the hub could assume no role of this stack (got ${iam.path}; ` +
                      `allowed: ${hub.iamPath}). Fix: set ${hub.iamPath}, or change the hub's first.`,
              },
          ];
}
