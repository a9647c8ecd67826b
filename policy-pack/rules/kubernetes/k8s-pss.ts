import { cisEks } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { namespace } from "../../rule/tokens.ts";
import { map } from "../../rule/values.ts";

const label = "pod-security.kubernetes.io/enforce";

interface Settings {
    levels: string[];
}

/** Namespaces refuse pods that could take over the node. */
export const k8sPss = resourceRule<Settings>(
    {
        name: "k8s-pss",
        description: "Label each namespace with a Pod Security Standard that is enforced.",
        severity: "high",
        framework: cisEks("4.2.1 – 4.2.5", "Pod Security Standards"),
        why: "Without it whoever may create a pod may create a privileged one, and owns the node.",
        remediationSteps: `Set metadata.labels["${label}"] to "restricted", or to "baseline".`,
        settings: {
            levels: {
                description: "Levels that are strict enough.",
                type: "array",
                items: { enum: ["baseline", "restricted", "privileged"] },
                default: ["baseline", "restricted"],
            },
        },
        bad: { type: namespace, props: { metadata: { name: "argocd" } } },
        good: { type: namespace, props: { metadata: { name: "argocd", labels: { [label]: "restricted" } } } },
    },
    [namespace],
    ({ props, settings, fail }) => {
        const level: unknown = map(map(props["metadata"])["labels"])[label];
        if (typeof level !== "string" || !settings.levels.includes(level)) {
            fail(`admits pods that own the node. Fix: set the label ${label} to ${settings.levels.join(" or ")}.`);
        }
    },
);
