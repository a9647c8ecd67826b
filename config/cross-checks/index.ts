import type { Neighbours } from "../other-stacks.ts";
import type { Problem } from "../problems.ts";
import type { Role } from "../schema/index.ts";
import { accessProblems } from "./access.ts";
import { argocdProblems } from "./argocd.ts";
import { clusterProblems } from "./cluster.ts";
import { connectivityProblems } from "./connectivity.ts";
import { gitProblems } from "./git.ts";
import { identityProblems } from "./identity.ts";
import { knownKeys, type Known } from "./known.ts";
import { nameProblems } from "./names.ts";
import { networkProblems } from "./network.ts";
import { registrationProblems } from "./registration.ts";
import { vaultProblems } from "./vault.ts";
import { stackProblems } from "./stacks.ts";

/** Every check, told the keys that are good by themselves. */
export const checks: ((known: Known, neighbours: Neighbours) => Problem[])[] = [
    networkProblems,
    connectivityProblems,
    clusterProblems,
    accessProblems,
    nameProblems,
    gitProblems,
    identityProblems,
    registrationProblems,
    vaultProblems,
    argocdProblems,
    stackProblems,
];

/**
 * What no key shows alone. Each check runs as soon as the keys it needs are good, so that one bad key hides no other
 * problem.
 */
export function crossProblems(role: Role, raw: Readonly<Record<string, unknown>>, neighbours: Neighbours): Problem[] {
    const known = knownKeys(role, raw);
    return checks.flatMap((check) => check(known, neighbours));
}
