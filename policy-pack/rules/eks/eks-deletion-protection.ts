import { fleetDesign } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { cluster } from "../../rule/tokens.ts";
import { isOn } from "../../rule/values.ts";

/** AWS refuses to delete the cluster. */
export const eksDeletionProtection = resourceRule(
    {
        name: "eks-deletion-protection",
        description: "Turn the cluster's deletion protection on.",
        severity: "high",
        framework: fleetDesign("POLICIES 1.1", "Deletion protection of clusters"),
        why: "One mistaken destroy, of this program or another, deletes the cluster and everything that ran on it.",
        remediationSteps: "Set fleet:cluster.deletionProtection to true in Pulumi.<stack>.yaml.",
        bad: { type: cluster, props: { deletionProtection: false } },
        good: { type: cluster, props: { deletionProtection: true } },
    },
    [cluster],
    ({ props, fail }) => {
        if (!isOn(props["deletionProtection"])) {
            fail("anybody who may can delete the cluster. Fix: set deletionProtection to true.");
        }
    },
);
