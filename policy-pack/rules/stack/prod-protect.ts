import { fleetDesign } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { cluster, key, secret } from "../../rule/tokens.ts";

/** Pulumi refuses to delete what cannot be made again. */
export const prodProtect = resourceRule<{ types: string[] }>(
    {
        name: "prod-protect",
        description: "Protect clusters, keys and registrations.",
        severity: "high",
        framework: fleetDesign("POLICIES 1.2", "Protected resources"),
        why: "A rename, or a destroy of the wrong stack, deletes a cluster, or a key and all it encrypts.",
        remediationSteps: "Set the resource option protect to true; the components do so for fleet:environment prod.",
        settings: {
            types: {
                description: "Types that must be protected.",
                type: "array",
                items: { type: "string" },
                default: [cluster, key, secret],
            },
        },
        bad: { type: cluster, props: {}, protect: false },
        good: { type: cluster, props: {}, protect: true },
    },
    (type) => type.startsWith("aws:"),
    ({ type, protect, settings, fail, skip }) => {
        if (!settings.types.includes(type)) {
            skip(`is about ${settings.types.join(", ")}`);
        }
        if (!protect) {
            fail("a destroy deletes it. Fix: set the resource option protect to true.");
        }
    },
);
