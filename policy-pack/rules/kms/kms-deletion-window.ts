import { securityHub } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { key } from "../../rule/tokens.ts";
import { number } from "../../rule/values.ts";

interface Settings {
    minDays: number;
}

/** A key that was deleted by mistake can be had back. */
export const kmsDeletionWindow = resourceRule<Settings>(
    {
        name: "kms-deletion-window",
        description: "Keep deleted keys long enough to notice the mistake.",
        severity: "medium",
        framework: securityHub("KMS.3", "AWS KMS keys should not be deleted unintentionally"),
        why: "What a deleted key encrypted is gone for good.",
        remediationSteps: "Set deletionWindowInDays to 30, which is also AWS' default.",
        settings: {
            minDays: { description: "Shortest window in days.", type: "integer", minimum: 7, maximum: 30, default: 30 },
        },
        bad: { type: key, props: { deletionWindowInDays: 7 } },
        good: { type: key, props: { deletionWindowInDays: 30 } },
    },
    [key],
    ({ props, settings, fail }) => {
        const days = props["deletionWindowInDays"] === undefined ? 30 : number(props["deletionWindowInDays"]);
        if (days === undefined || days < settings.minDays) {
            fail(`is gone ${days ?? "?"} days after a mistake. Fix: set deletionWindowInDays to ${settings.minDays}.`);
        }
    },
);
