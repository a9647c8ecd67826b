import { minorOf } from "../contract/kubernetes-releases.ts";
import { ConfigError, type Problem } from "./problems.ts";

/** The cluster that configuration asks for. */
interface Wanted {
    cluster: { name: string; kubernetesVersion: string };
}

/**
 * Checks a change of the Kubernetes version against the stack's last outputs: EKS goes up one minor at a time, and
 * never down. Without it AWS would refuse after other resources have changed.
 *
 * @throws {ConfigError} before any resource exists
 */
export function requireKubernetesMove(stack: string, config: Wanted, last: Readonly<Record<string, unknown>>): void {
    const found = kubernetesMoveProblem(config, last);
    if (found !== undefined) {
        throw new ConfigError(stack, [found]);
    }
}

/** What {@link requireKubernetesMove} finds. Another name is another cluster, which may begin with any version. */
export function kubernetesMoveProblem(
    { cluster }: Wanted,
    { clusterName, kubernetesVersion: before }: Readonly<Record<string, unknown>>,
): Problem | undefined {
    if (clusterName !== cluster.name || typeof before !== "string") {
        return undefined;
    }
    const after = cluster.kubernetesVersion;
    const step = minorOf(after) - minorOf(before);
    const key = "fleet:cluster.kubernetesVersion";
    if (step < 0) {
        return { code: "E-K8S-003", key, text: `${before} → ${after}: EKS cannot downgrade. Fix: set "${before}".` };
    }
    const next = `1.${minorOf(before) + 1}`;
    return step <= 1
        ? undefined
        : {
              code: "E-K8S-004",
              key,
              text: `${before} → ${after}: one minor at a time. Fix: set "${next}" and deploy it first.`,
          };
}
