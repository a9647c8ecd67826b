import { fleetDesign } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { secret } from "../../rule/tokens.ts";
import { number } from "../../rule/values.ts";

interface Settings {
    minDays: number;
}

/** A secret that was deleted by mistake can be had back. */
export const smRecoveryWindow = resourceRule<Settings>(
    {
        name: "sm-recovery-window",
        description: "Keep deleted secrets long enough to notice the mistake.",
        severity: "medium",
        framework: fleetDesign("POLICIES 1.2", "Recovery window of secrets"),
        why: "With 0 days a registration is gone at once, and with it the hub's way into the cluster.",
        remediationSteps: "Set recoveryWindowInDays to 30, which is also AWS' default.",
        settings: {
            minDays: { description: "Shortest window in days.", type: "integer", minimum: 0, maximum: 30, default: 30 },
        },
        bad: { type: secret, props: { name: "a", recoveryWindowInDays: 0 } },
        good: { type: secret, props: { name: "a", recoveryWindowInDays: 30 } },
    },
    [secret],
    ({ props, settings, fail }) => {
        const days = props["recoveryWindowInDays"] === undefined ? 30 : number(props["recoveryWindowInDays"]);
        if (days === undefined || days < settings.minDays) {
            fail(`is gone ${days ?? "?"} days after a mistake. Fix: set recoveryWindowInDays to ${settings.minDays}.`);
        }
    },
);
