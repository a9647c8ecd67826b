import { allows, readPolicy } from "../../iam/document.ts";
import { accountOf } from "../../iam/grants.ts";
import { fleetDesign } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { role } from "../../rule/tokens.ts";
import { number } from "../../rule/values.ts";

interface Settings {
    maxSeconds: number;
}

/** What another identity can assume ends within the hour. */
export const roleMaxSession = resourceRule<Settings>(
    {
        name: "role-max-session",
        description: "Let sessions of roles that roles assume end after an hour.",
        severity: "medium",
        framework: fleetDesign("POLICIES 1.2", "Session length of cross-account roles"),
        why: "A session that was stolen works until it ends, whatever is revoked in the meantime.",
        remediationSteps: "Set maxSessionDuration to 3600.",
        settings: {
            maxSeconds: {
                description: "Longest session in seconds.",
                type: "integer",
                minimum: 900,
                maximum: 43_200,
                default: 3600,
            },
        },
        bad: {
            type: role,
            props: {
                maxSessionDuration: 43_200,
                assumeRolePolicy:
                    '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/a"},"Action":"sts:AssumeRole"}]}',
            },
        },
        good: {
            type: role,
            props: {
                maxSessionDuration: 3600,
                assumeRolePolicy:
                    '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/a"},"Action":"sts:AssumeRole"}]}',
            },
        },
    },
    [role],
    ({ props, settings, fail, skip }) => {
        const assumable = allows(readPolicy(props["assumeRolePolicy"])).some(({ principals }) =>
            principals.some(({ kind, name }) => kind === "AWS" && (accountOf(name) !== undefined || name === "*")),
        );
        if (!assumable) {
            skip("is about roles that other identities assume");
        }
        // AWS' default is an hour.
        const seconds = props["maxSessionDuration"] === undefined ? 3600 : number(props["maxSessionDuration"]);
        if (seconds === undefined || seconds > settings.maxSeconds) {
            fail(`sessions last ${seconds ?? "?"} s. Fix: set maxSessionDuration to ${settings.maxSeconds} or less.`);
        }
    },
);
