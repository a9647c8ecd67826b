import { cisEks } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { cluster } from "../../rule/tokens.ts";
import { texts } from "../../rule/values.ts";

const all = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** All five logs of the control plane are kept. */
export const eksControlPlaneLogs = resourceRule(
    {
        name: "eks-control-plane-logs",
        description: "Keep all five logs of the control plane.",
        severity: "medium",
        framework: cisEks("2.1.1", "Enable audit logs"),
        why: "After an incident, who did what in the cluster is in these logs or nowhere.",
        remediationSteps: `Set enabledClusterLogTypes to ${JSON.stringify(all)}. At level remediate the plan is corrected for you.`,
        bad: { type: cluster, props: { enabledClusterLogTypes: ["api", "audit"] } },
        good: { type: cluster, props: { enabledClusterLogTypes: all } },
    },
    [cluster],
    ({ props, fail }) => {
        const missing = missingIn(props);
        if (missing.length > 0) {
            fail(`logs are not kept: ${missing.join(", ")}. Fix: add them to enabledClusterLogTypes.`);
        }
    },
    (props) => {
        if (missingIn(props).length === 0) {
            return false;
        }
        props["enabledClusterLogTypes"] = [...all];
        return true;
    },
);

function missingIn(props: Record<string, any>): string[] {
    const kept = texts(props["enabledClusterLogTypes"]);
    return all.filter((log) => !kept.includes(log));
}
