import { fleetDesign } from "../../rule/frameworks.ts";
import { stackRule } from "../../rule/stack-rule.ts";
import { cluster } from "../../rule/tokens.ts";
import { isOn, text } from "../../rule/values.ts";

const provider = "pulumi:providers:kubernetes";

interface Settings {
    sources: string[];
}

/** Kubernetes resources go to the stack's cluster, not to the one the shell points at. */
export const k8sProviderExplicit = stackRule<Settings>(
    {
        name: "k8s-provider-explicit",
        description: "Make the Kubernetes provider from the stack's own cluster.",
        severity: "critical",
        framework: fleetDesign("POLICIES 1.2", "Deploying into the wrong cluster"),
        why: "With the context of the day before, Argo CD is installed into, or deleted from, another cluster.",
        remediationSteps:
            "Set kubeconfig from the cluster's outputs, and pass the provider to every Kubernetes resource.",
        settings: {
            sources: {
                description: "Types of resources that a kubeconfig may come from.",
                type: "array",
                items: { type: "string" },
                default: [cluster],
            },
        },
        bad: { type: provider, props: { context: "prod" } },
        good: [
            { type: cluster, name: "cluster", props: {} },
            { type: provider, props: { kubeconfig: "?" }, from: { kubeconfig: ["cluster"] } },
        ],
    },
    ({ members, each, settings, skip }) => {
        const providers = members(provider);
        if (providers.length === 0) {
            skip(`is about ${provider}`);
        }
        each(providers, (member) => {
            const sources = member.from("kubeconfig").map(({ type }) => type);
            const given = "kubeconfig" in member.props ? text(member.known("kubeconfig")) : "";
            // A kubeconfig that is known is a text of the program's own; a path would be the shell's.
            const written = given.includes("clusters:") || given.startsWith("{");
            if (!sources.some((type) => settings.sources.includes(type)) && !written) {
                member.fail(
                    "goes to whatever cluster the shell points at. Fix: set kubeconfig from the stack's cluster.",
                );
            }
            if (member.has("context") && text(member.known("context")) !== "" && sources.length === 0 && !written) {
                member.fail("takes a context of the shell's kubeconfig. Fix: remove context.");
            }
            if (isOn(member.known("deleteUnreachable"))) {
                member.fail("forgets resources of a cluster that does not answer. Fix: remove deleteUnreachable.");
            }
        });
    },
);
