import {
    type Addon,
    addonIdentities,
    addonRoleName,
    hubExternalSecretsRoleName,
    karpenterNodeRoleName,
    spokeRoleName,
} from "../../contract/names.ts";
import { shown, type Problem } from "../problems.ts";
import type { Role } from "../schema/index.ts";
import { type Known, present } from "./known.ts";

/** Longest name IAM gives a role. */
const longestRoleName = 64;

/** Whether names fit where they are used, and the environment is one of the fleet's. */
export function nameProblems({ role, cluster, environment, environments, addonRoles }: Known): Problem[] {
    return present(
        cluster && roleNameProblem(roleNames(role, cluster.name, addonRoles ?? {}), cluster.name),
        environment && environments && environmentProblem(environment, environments, cluster?.name),
    );
}

/** Roles whose names are made from the cluster's, the one that others rely on first. */
function roleNames(role: Role, cluster: string, addons: Readonly<Record<string, unknown>>): string[] {
    const enabled = Object.keys(addonIdentities).filter((addon) => addons[addon]);
    return [
        role === "hub" ? hubExternalSecretsRoleName(cluster) : spokeRoleName(cluster),
        `${cluster}-control-plane`,
        ...enabled.map((addon) => addonRoleName(cluster, addon as Addon)),
        ...(addons["karpenter"] ? [karpenterNodeRoleName(cluster)] : []),
    ];
}

function roleNameProblem(roles: readonly string[], cluster: string): Problem | undefined {
    const longest = longestRoleName - (Math.max(...roles.map(({ length }) => length)) - cluster.length);
    const roleName = roles.find(({ length }) => length > longestRoleName);
    return roleName === undefined
        ? undefined
        : {
              code: "E-NAME-001",
              key: "fleet:cluster.name",
              text:
                  `${shown(cluster)} (${cluster.length}): IAM role "${roleName}" would be ${roleName.length} > ` +
                  `${longestRoleName}. Fix: use at most ${longest} characters.`,
          };
}

function environmentProblem(
    environment: string,
    environments: readonly string[],
    cluster: string | undefined,
): Problem | undefined {
    if (environment === "hub" || environments.includes(environment)) {
        return undefined;
    }
    const known = environments.join(", ");
    return {
        code: "E-CFG-005",
        key: "fleet:environment",
        text:
            environment === cluster
                ? `${shown(environment)} is a cluster name; environments are ${known}. Fix: use one of them.`
                : `not an environment (got ${shown(environment)}; environments are ${known}). ` +
                  `Fix: use one of them, or list it in fleet:environments.`,
    };
}
