import type { z } from "zod";

import { readKubeconfig } from "../kubeconfig.ts";
import type { Neighbours } from "../other-stacks.ts";
import { shown, type Problem } from "../problems.ts";
import { existingSpokeSchema } from "../schema/index.ts";
import { gitProblems } from "./git.ts";
import { nameProblems } from "./names.ts";
import { knownKeys, type Known } from "./known.ts";
import { stackProblems } from "./stacks.ts";

type ExistingCluster = z.infer<typeof existingSpokeSchema>["cluster"];

/** What the checks are told: the keys that are good by themselves. */
interface ExistingStack {
    known: Known;
    /** undefined while its keys have problems of their own */
    cluster: ExistingCluster | undefined;
    /** undefined when it is none, or in plain text, which is refused for that alone */
    kubeconfig: string | undefined;
    neighbours: Neighbours;
}

/** Every check of a stack whose cluster exists already: its kubeconfig, and what does not concern AWS. */
export const existingClusterChecks: ((stack: ExistingStack) => Problem[])[] = [
    kubeconfigProblems,
    lengthProblems,
    ({ known }) => nameProblems(known),
    ({ known }) => gitProblems(known),
    ({ known, neighbours, cluster }) => stackProblems(known, neighbours, cluster?.name),
];

/** {@link crossProblems} of a stack whose cluster exists already. */
export function existingClusterProblems(
    raw: Readonly<Record<string, unknown>>,
    neighbours: Neighbours,
    secretKeys: ReadonlySet<string>,
): Problem[] {
    const { cluster: _cluster, account: _account, network: _network, ...known } = knownKeys("spoke", raw);
    const { data: cluster } = existingSpokeSchema.shape.cluster.safeParse(raw["cluster"]);
    const { data: kubeconfig } = existingSpokeSchema.shape.kubeconfig.safeParse(
        secretKeys.has("kubeconfig") ? raw["kubeconfig"] : undefined,
    );
    return existingClusterChecks.flatMap((check) => check({ known, cluster, kubeconfig, neighbours }));
}

function kubeconfigProblems({ kubeconfig, cluster }: ExistingStack): Problem[] {
    if (kubeconfig === undefined) {
        return [];
    }
    const found = readKubeconfig(kubeconfig, cluster?.existing.context);
    const [, code, text] = (typeof found === "string" && /^(\S+) (.*)$/s.exec(found)) || [];
    // Which context is meant is known only once the cluster's keys are good.
    return code === undefined || text === undefined || (cluster === undefined && code === "E-KCF-002")
        ? []
        : [{ code, key: "fleet:kubeconfig", text }];
}

/** Longest value of a label in Kubernetes. */
const longestLabel = 63;

/** The name is the value of labels, on the hub and in the cluster. */
function lengthProblems({ cluster }: ExistingStack): Problem[] {
    const name = cluster?.name ?? "";
    return name.length <= longestLabel
        ? []
        : [
              {
                  code: "E-NAME-001",
                  key: "fleet:cluster.name",
                  text:
                      `${shown(name)} (${name.length}): a label's value would be longer than ${longestLabel}. ` +
                      `Fix: use at most ${longestLabel} characters.`,
              },
          ];
}
