import { eksGuide } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { cluster, nodeGroup } from "../../rule/tokens.ts";
import { text } from "../../rule/values.ts";
import { today } from "../../rule/verdict.ts";

interface Settings {
    /** Last day of standard support by version, in UTC. */
    endOfStandardSupport: Record<string, string>;
}

/** The Kubernetes version is written down and still in standard support. */
export const eksSupportedVersion = resourceRule<Settings>(
    {
        name: "eks-supported-version",
        description: "Name a Kubernetes version that is in standard support.",
        severity: "medium",
        framework: eksGuide("cluster-upgrades", "Kubernetes versions and their support"),
        why:
            "AWS upgrades a cluster whose support is over by itself, or charges six times as much for extended support. " +
            "Without a version AWS takes the newest one of the day.",
        remediationSteps: "Set fleet:cluster.kubernetesVersion in Pulumi.<stack>.yaml, one minor version at a time.",
        settings: {
            endOfStandardSupport: {
                description: "Last day of standard support (UTC) by version. A version that is not listed is refused.",
                type: "object",
                additionalProperties: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$" },
                default: { "1.34": "2026-12-02", "1.35": "2027-03-27", "1.36": "2027-08-02" },
            },
        },
        bad: { type: cluster, props: { version: "1.29" } },
        good: { type: cluster, props: { version: "1.36" } },
    },
    [cluster, nodeGroup],
    ({ type, props, settings, fail }) => {
        const table = settings.endOfStandardSupport;
        const version = text(props["version"]);
        // A node group without one takes the version of its cluster.
        if (version === "" && type === nodeGroup) {
            return;
        }
        const end = table[version];
        if (end === undefined) {
            fail(
                `version ${version === "" ? "is missing" : `"${version}" is not in the table`}. ` +
                    `Fix: set version to one of ${Object.keys(table).join(", ")}.`,
            );
        } else if (end < today()) {
            fail(`standard support of version ${version} ended on ${end}. Fix: set version to the next minor version.`);
        }
    },
);
