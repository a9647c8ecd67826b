import type { z } from "zod";

import { readKubeconfig } from "../kubeconfig.ts";
import type { Neighbours } from "../other-stacks.ts";
import type { Problem } from "../problems.ts";
import { existingSpokeSchema } from "../schema/index.ts";
import { gitProblems } from "./git.ts";
import { nameProblems } from "./names.ts";
import { knownKeys } from "./known.ts";
import { stackProblems } from "./stacks.ts";

/** {@link crossProblems} of a stack whose cluster exists already: its kubeconfig, and what does not concern AWS. */
export function existingClusterProblems(
    raw: Readonly<Record<string, unknown>>,
    neighbours: Neighbours,
    secretKeys: ReadonlySet<string>,
): Problem[] {
    const { cluster: _cluster, account: _account, network: _network, ...known } = knownKeys("spoke", raw);
    const { data } = existingSpokeSchema.shape.cluster.safeParse(raw["cluster"]);
    return [
        // One that is missing, or in plain text, is refused for that alone.
        ...(secretKeys.has("kubeconfig") && raw["kubeconfig"] !== undefined
            ? kubeconfigProblems(raw["kubeconfig"], data)
            : []),
        ...nameProblems(known),
        ...gitProblems(known),
        ...stackProblems(known, neighbours, data?.name),
    ];
}

/** @param cluster undefined while its keys have problems of their own */
function kubeconfigProblems(
    kubeconfig: unknown,
    cluster: z.infer<typeof existingSpokeSchema>["cluster"] | undefined,
): Problem[] {
    const found = readKubeconfig(String(kubeconfig), cluster?.existing.context);
    const [, code, text] = (typeof found === "string" && /^(\S+) (.*)$/s.exec(found)) || [];
    // Which context is meant is known only once the cluster's keys are good.
    return code === undefined || text === undefined || (cluster === undefined && code === "E-KCF-002")
        ? []
        : [{ code, key: "fleet:kubeconfig", text }];
}
