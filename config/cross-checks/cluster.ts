import { coversInternet, parseCidr } from "../../contract/cidr.ts";
import { addonNames, addonVersions, longestNodeSkew, minorOf } from "../../contract/kubernetes-releases.ts";
import { shown, type Problem } from "../problems.ts";
import { type Known, present } from "./known.ts";

/** Whether the cluster's keys go together. */
export function clusterProblems({ cluster }: Known): Problem[] {
    return cluster === undefined
        ? []
        : [...present(endpointProblem(cluster)), ...nodeVersionProblems(cluster), ...addonProblems(cluster)];
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

function nodeVersionProblems({ kubernetesVersion, compute }: Cluster): Problem[] {
    return Object.entries(compute.nodeGroups ?? {}).flatMap(([group, { kubernetesVersion: ofNodes }]) => {
        const behind = ofNodes === undefined ? 0 : minorOf(kubernetesVersion) - minorOf(ofNodes);
        if (behind >= 0 && behind <= longestNodeSkew) {
            return [];
        }
        const problem = behind < 0 ? "are newer than" : `are ${behind} minors behind`;
        return {
            code: "E-K8S-005",
            key: `fleet:cluster.compute.nodeGroups.${group}.kubernetesVersion`,
            text:
                `nodes at ${ofNodes} ${problem} the control plane at ${kubernetesVersion} (allowed: as new, or up to ` +
                `${longestNodeSkew} minors older). Fix: ${behind < 0 ? "upgrade the control plane first" : "upgrade the nodes first"}.`,
        };
    });
}

function addonProblems({ kubernetesVersion, compute, addons }: Cluster): Problem[] {
    return addonNames.flatMap((name) => {
        const version = addons[name];
        const fitting = addonVersions(kubernetesVersion, name);
        if (version === undefined || (compute.auto === undefined && fitting.includes(version))) {
            return [];
        }
        const key = `fleet:cluster.addons.${name}`;
        return compute.auto === undefined
            ? {
                  code: "E-ADD-004",
                  key,
                  text:
                      `not known to fit Kubernetes ${kubernetesVersion} (got ${shown(version)}; fitting: ` +
                      `${fitting.join(", ")}). Fix: use one of these, or leave the key out.`,
              }
            : {
                  code: "E-ADD-005",
                  key,
                  text: "EKS Auto Mode has this add-on built in. Fix: remove the key.",
              };
    });
}
