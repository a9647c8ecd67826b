import { argocdDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { application } from "../../rule/tokens.ts";
import { isOn, map, number } from "../../rule/values.ts";

/** What is in Git is what runs, also after somebody changed it by hand or a sync failed. */
export const appSyncPolicy = resourceRule(
    {
        name: "app-sync-policy",
        description: "Sync automatically with prune, self-heal and retry.",
        severity: "medium",
        framework: argocdDocs("user-guide/auto_sync", "Automated sync"),
        why: "Without them what was removed from Git goes on running, and a sync that failed once is not tried again.",
        remediationSteps: "Set syncPolicy to {automated: {prune: true, selfHeal: true}, retry: {limit: -1}}.",
        bad: { type: application, props: { spec: { project: "a", syncPolicy: { automated: { prune: true } } } } },
        good: {
            type: application,
            props: {
                spec: {
                    project: "a",
                    syncPolicy: { automated: { prune: true, selfHeal: true }, retry: { limit: -1 } },
                },
            },
        },
    },
    [application],
    ({ props, fail }) => {
        const policy = map(map(props["spec"])["syncPolicy"]);
        const automated = map(policy["automated"]);
        const missing = ["prune", "selfHeal"].filter((flag) => !isOn(automated[flag]));
        if (missing.length > 0) {
            fail(`automated has no ${missing.join(", ")}. Fix: set ${missing.join(" and ")} to true.`);
        }
        const limit = number(map(policy["retry"])["limit"]);
        if (limit === undefined || limit === 0) {
            fail("a sync that failed is not tried again. Fix: set syncPolicy.retry.limit to -1.");
        }
    },
);
