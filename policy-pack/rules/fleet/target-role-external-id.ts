import { bindings } from "../../iam/condition.ts";
import { allows, readPolicy } from "../../iam/document.ts";
import { awsDocs } from "../../rule/frameworks.ts";
import { stackRule } from "../../rule/stack-rule.ts";
import { podIdentity, role } from "../../rule/tokens.ts";
import { text } from "../../rule/values.ts";

const trust = (condition: object) =>
    JSON.stringify({
        Statement: [
            {
                Sid: "Pods",
                Effect: "Allow",
                Principal: { AWS: "arn:aws:iam::111111111111:role/fleet/hub-01-external-secrets" },
                Action: ["sts:AssumeRole", "sts:TagSession"],
                ...condition,
            },
        ],
    });

/** A role that Pod Identity assumes on behalf of a pod asks for the association's external id. */
export const targetRoleExternalId = stackRule(
    {
        name: "target-role-external-id",
        description: "Let the target role of a pod identity association require the association's external id.",
        severity: "high",
        framework: awsDocs("eks/API_PodIdentityAssociation", "externalId"),
        why: "Without it every association of the first role's cluster reaches the target role: a confused deputy.",
        remediationSteps:
            "Add StringEquals on sts:ExternalId to the target role's trust policy, with the association's externalId.",
        bad: [
            { type: role, name: "target", props: { assumeRolePolicy: trust({}) } },
            {
                type: podIdentity,
                props: { namespace: "a", serviceAccount: "b", targetRoleArn: "?", externalId: "x" },
                from: { targetRoleArn: ["target"] },
            },
        ],
        good: [
            {
                type: role,
                name: "target",
                props: { assumeRolePolicy: trust({ Condition: { StringEquals: { "sts:ExternalId": "x" } } }) },
            },
            {
                type: podIdentity,
                props: { namespace: "a", serviceAccount: "b", targetRoleArn: "?", externalId: "x" },
                from: { targetRoleArn: ["target"] },
            },
        ],
    },
    ({ members, each, skip }) => {
        const associations = members(podIdentity).filter((one) => one.has("targetRoleArn"));
        if (associations.length === 0) {
            skip("is about pod identity associations with a target role");
        }
        const roles = members(role);
        each(associations, (association) => {
            const arn = text(association.known("targetRoleArn"));
            const name = arn.split("/").at(-1);
            const targets = [
                ...association.from("targetRoleArn").filter(({ type }) => type === role),
                ...roles.filter((one) => name !== undefined && name !== "" && one.known("name") === name),
            ];
            const externalId = association.known("externalId");
            for (const target of targets) {
                const open = allows(readPolicy(target.props["assumeRolePolicy"])).filter(
                    ({ conditions }) =>
                        !bindings(conditions, "sts:ExternalId").some((values) =>
                            values.every((value) => externalId === undefined || value === externalId),
                        ),
                );
                for (const { sid } of open) {
                    target.fail(
                        `${sid} does not ask for the external id of ${association.name}. ` +
                            "Fix: add StringEquals on sts:ExternalId.",
                    );
                }
            }
        });
    },
);
