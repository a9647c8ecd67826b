import { allows, readPolicy } from "../../iam/document.ts";
import { actionsOutside } from "../../iam/grants.ts";
import { awsDocs } from "../../rule/frameworks.ts";
import { stackRule } from "../../rule/stack-rule.ts";
import { secret, secretPolicy } from "../../rule/tokens.ts";
import { isOn, text } from "../../rule/values.ts";
import { exampleHub, externalSecretsRole, hubsSetting, type Hub } from "../../fleet/hubs.ts";
import { isRegistration, registrationSetting } from "../../fleet/registrations.ts";

const policy = (principal: string) =>
    JSON.stringify({
        Statement: [
            {
                Sid: "HubExternalSecrets",
                Effect: "Allow",
                Principal: { AWS: principal },
                Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
                Resource: "*",
            },
        ],
    });
const example = (principal: string) => [
    { type: secret, name: "secret", props: { name: "fleet/hub-01/dev-01" } },
    {
        type: secretPolicy,
        name: "policy",
        props: { secretArn: "?", policy: policy(principal), blockPublicPolicy: true },
        from: { secretArn: ["secret"] },
    },
];

/** A registration is read by its hub's External Secrets, and by nobody else. */
export const registrationSecretReaders = stackRule<{ hubs: Hub[]; names: string[] }>(
    {
        name: "registration-secret-readers",
        description: "Let the External Secrets role of a listed hub, and nobody else, read a registration.",
        severity: "critical",
        framework: awsDocs("secretsmanager/auth-and-access_examples_cross", "Cross-account access to secrets"),
        why: "Who changes a registration decides which cluster the hub deploys to, and with which role.",
        remediationSteps:
            "Build the policy with the components of components/registration; set blockPublicPolicy to true.",
        settings: { hubs: hubsSetting, names: registrationSetting },
        bad: example("arn:aws:iam::111111111111:role/fleet/hub-01-argocd"),
        good: example(externalSecretsRole(exampleHub)),
    },
    ({ members, each, settings: { hubs, names }, skip }) => {
        const registrations = members(secret).filter((one) => isRegistration(text(one.known("name")), names));
        if (registrations.length === 0) {
            skip("is about secrets of the fleet's registrations");
        }
        const readers = hubs.map(externalSecretsRole);
        each(members(secretPolicy), (member) => {
            if (!member.from("secretArn").some((one) => registrations.includes(one))) {
                return;
            }
            if (!isOn(member.props["blockPublicPolicy"])) {
                member.fail("nothing stops a public policy. Fix: set blockPublicPolicy to true.");
            }
            for (const statement of allows(readPolicy(member.props["policy"]))) {
                const others = statement.notPrincipal
                    ? ["everybody but some"]
                    : statement.principals.map(({ name }) => name).filter((name) => !readers.includes(name));
                if (others.length > 0) {
                    member.fail(`${statement.sid} admits ${others.join(", ")}. Fix: admit ${readers.join(", ")} only.`);
                }
                const more = actionsOutside(statement, [
                    "secretsmanager:GetSecretValue",
                    "secretsmanager:DescribeSecret",
                ]);
                if (more.length > 0) {
                    member.fail(
                        `${statement.sid} allows ${more.join(", ")}. Fix: allow GetSecretValue and DescribeSecret.`,
                    );
                }
            }
        });
    },
);
