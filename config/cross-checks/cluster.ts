import { coversInternet, parseCidr } from "../../contract/cidr.ts";
import { shown, type Problem } from "../problems.ts";
import { type Known, present } from "./known.ts";

/** Whether the cluster's keys go together. */
export function clusterProblems({ cluster }: Known): Problem[] {
    return present(cluster && endpointProblem(cluster));
}

type Cluster = NonNullable<Known["cluster"]>;

function endpointProblem({ endpoint }: Cluster): Problem | undefined {
    if (!endpoint.public) {
        return undefined;
    }
    const ranges = endpoint.publicCidrs.map(parseCidr).filter((range) => range !== undefined);
    const problem =
        ranges.length === 0
            ? "an empty list admits the whole internet"
            : coversInternet(ranges)
              ? `${shown(endpoint.publicCidrs)} covers the internet`
              : undefined;
    return problem === undefined
        ? undefined
        : {
              code: "E-SEC-001",
              key: "fleet:cluster.endpoint.publicCidrs",
              text: `${problem}. Fix: list office or VPN ranges, or set public to false.`,
          };
}
