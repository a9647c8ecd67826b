import { fleetDesign } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { fromJson, text, texts } from "../../rule/values.ts";

interface Settings {
    accounts: string[];
}

/** Credentials of another account are refused before anything happens. */
export const providerAccountPinned = resourceRule<Settings>(
    {
        name: "provider-account-pinned",
        description: "Pin every AWS provider to one account and one region.",
        severity: "critical",
        framework: fleetDesign("POLICIES 1.2", "Deploying into the wrong account"),
        why: "With the credentials of the day before, production is deployed into development, or the other way round.",
        remediationSteps:
            "Make the provider with allowedAccountIds: [account.id] and region, and pass it to every component.",
        settings: {
            accounts: {
                description: "Accounts that stacks may deploy to; any, when the list is empty.",
                type: "array",
                items: { type: "string", pattern: "^\\d{12}$" },
                default: [],
            },
        },
        bad: { type: "aws:kms/key:Key", props: {}, provider: { region: "eu-west-1" } },
        good: {
            type: "aws:kms/key:Key",
            props: {},
            provider: { region: "eu-west-1", allowedAccountIds: '["222222222222"]' },
        },
    },
    (type) => type.startsWith("aws:"),
    ({ provider, settings, fail }) => {
        const accounts = texts(fromJson(provider["allowedAccountIds"]));
        if (accounts.length !== 1) {
            fail(
                "its provider takes the credentials of any account. Fix: set allowedAccountIds to the stack's account.",
            );
        } else if (settings.accounts.length > 0 && !accounts.every((one) => settings.accounts.includes(one))) {
            fail(
                `account ${accounts.join(", ")} is not of the fleet. Fix: use one of ${settings.accounts.join(", ")}.`,
            );
        }
        if (text(provider["region"]) === "") {
            fail("its provider takes the region of the shell. Fix: set region.");
        }
    },
);
