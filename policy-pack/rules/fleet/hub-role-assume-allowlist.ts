import { anySpokeRoleName, fleetRoleArn } from "../../../contract/names.ts";
import { permissions, permissionTypes } from "../../iam/attached.ts";
import { allows } from "../../iam/document.ts";
import { coversAction } from "../../iam/grants.ts";
import { within } from "../../iam/pattern.ts";
import { argocdDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { rolePolicy } from "../../rule/tokens.ts";

interface Settings {
    spokeAccounts: string[];
    iamPath: string;
    alsoAllowed: string[];
}

/** Who may assume roles may assume the spokes' roles in the fleet's accounts, and no others. */
export const hubRoleAssumeAllowlist = resourceRule<Settings>(
    {
        name: "hub-role-assume-allowlist",
        description: "Let roles assume only the spokes' access roles, in the accounts of the fleet.",
        severity: "critical",
        framework: argocdDocs("operator-manual/declarative-setup#eks", "Roles that Argo CD may assume"),
        why: "With `*` the hub becomes every role, in any account, that trusts the hub's account: deployers included.",
        remediationSteps:
            "Set Resource to arn:aws:iam::<account>:role/fleet/*-argocd-spoke for each account, and list new accounts in hub-role-assume-allowlist.spokeAccounts of policy-pack/config/fleet.json.",
        settings: {
            spokeAccounts: {
                description: "Accounts whose clusters may join the fleet.",
                type: "array",
                items: { type: "string", pattern: "^\\d{12}$" },
                default: [],
            },
            iamPath: {
                description: "IAM path of the fleet's roles.",
                type: "string",
                pattern: "^/(.+/)?$",
                default: "/fleet/",
            },
            alsoAllowed: {
                description: "Other roles that roles of the fleet may assume, as patterns of their ARNs.",
                type: "array",
                items: { type: "string", pattern: "^arn:aws:iam::\\d{12}:role/.+" },
                default: [],
            },
        },
        bad: {
            type: rolePolicy,
            props: {
                policy: '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::*:role/fleet/*-argocd-spoke"}]}',
            },
        },
        good: {
            type: rolePolicy,
            props: {
                policy: '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::222222222222:role/fleet/*-argocd-spoke"}]}',
            },
        },
    },
    permissionTypes,
    ({ type, props, settings, fail, skip }) => {
        const statements = permissions(type, props)
            .flatMap(allows)
            .filter((statement) => coversAction(statement, "sts:AssumeRole"));
        if (statements.length === 0) {
            skip("is about policies that allow sts:AssumeRole");
        }
        const allowed = [
            ...settings.spokeAccounts.map((account) => fleetRoleArn(account, anySpokeRoleName, settings.iamPath)),
            ...settings.alsoAllowed,
        ];
        for (const { sid, resources, notResource } of statements) {
            const foreign = notResource
                ? [`everything but ${resources.join(", ")}`]
                : resources.filter((resource) => !allowed.some((pattern) => within(resource, pattern)));
            if (foreign.length > 0) {
                fail(
                    `${sid} may assume ${foreign.join(", ")}. Fix: name ${allowed.join(", ") || "the roles in alsoAllowed"}.`,
                );
            }
        }
    },
);
