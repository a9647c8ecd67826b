import { argocdDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { map } from "../../rule/values.ts";

const secret = "kubernetes:core/v1:Secret";
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

interface Settings {
    required: string[];
}

/** A cluster secret carries the labels that ApplicationSets select by. */
export const clusterSecretContract = resourceRule<Settings>(
    {
        name: "cluster-secret-contract",
        description: "Give cluster secrets the labels of the contract, and no copy of themselves in an annotation.",
        severity: "high",
        framework: argocdDocs("operator-manual/declarative-setup#clusters", "Cluster secrets"),
        why: "A cluster without a label gets no applications; a last-applied annotation shows the secret to whoever may look at clusters (CVE-2023-40029).",
        remediationSteps: 'Set the labels of contract/registration, with enable_* as "true" or "false".',
        settings: {
            required: {
                description: "Labels that must be there.",
                type: "array",
                items: { type: "string" },
                default: ["environment", "region", "account", "cluster"],
            },
        },
        bad: {
            type: secret,
            props: {
                metadata: { name: "dev", labels: { "argocd.argoproj.io/secret-type": "cluster", environment: "dev" } },
            },
        },
        good: {
            type: secret,
            props: {
                metadata: {
                    name: "dev",
                    labels: {
                        "argocd.argoproj.io/secret-type": "cluster",
                        environment: "dev",
                        region: "eu-west-1",
                        account: "222222222222",
                        cluster: "dev-01",
                    },
                },
            },
        },
    },
    [secret],
    ({ props, settings, fail, skip }) => {
        const metadata = map(props["metadata"]);
        const labels = map(metadata["labels"]);
        if (labels["argocd.argoproj.io/secret-type"] !== "cluster") {
            skip("is about cluster secrets of Argo CD");
        }
        const missing = settings.required.filter((label) => !(label in labels));
        if (missing.length > 0) {
            fail(`has no label ${missing.join(", ")}. Fix: add ${missing.length === 1 ? "it" : "them"}.`);
        }
        for (const [label, value] of Object.entries(labels)) {
            if (label.startsWith("enable_") && value !== "true" && value !== "false") {
                fail(`label ${label} is neither "true" nor "false". Fix: set it to one of them.`);
            }
            if (typeof value !== "string" || value.length > 63) {
                fail(`label ${label} is no text of at most 63 characters. Fix: shorten it.`);
            }
        }
        if (lastApplied in map(metadata["annotations"])) {
            fail(`shows itself in the annotation ${lastApplied}. Fix: apply it server-side.`);
        }
    },
);
