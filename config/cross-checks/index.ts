import type { Problem } from "../problems.ts";
import type { Role } from "../schema/index.ts";
import { clusterProblems } from "./cluster.ts";
import { gitProblems } from "./git.ts";
import { knownKeys } from "./known.ts";
import { nameProblems } from "./names.ts";
import { networkProblems } from "./network.ts";

const checks = [networkProblems, clusterProblems, nameProblems, gitProblems];

/**
 * What no key shows alone. Each check runs as soon as the keys it needs are good, so that one bad key hides no other
 * problem.
 */
export function crossProblems(role: Role, raw: Readonly<Record<string, unknown>>): Problem[] {
    const known = knownKeys(role, raw);
    return checks.flatMap((check) => check(known));
}
