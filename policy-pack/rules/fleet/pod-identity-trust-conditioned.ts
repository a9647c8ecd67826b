import { binds } from "../../iam/condition.ts";
import { allows, readPolicy } from "../../iam/document.ts";
import { accountOf } from "../../iam/grants.ts";
import { isOpen } from "../../iam/pattern.ts";
import { awsDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { role } from "../../rule/tokens.ts";

const trust = (condition: object) =>
    JSON.stringify({
        Statement: [
            {
                Sid: "PodIdentity",
                Effect: "Allow",
                Principal: { Service: "pods.eks.amazonaws.com" },
                Action: ["sts:AssumeRole", "sts:TagSession"],
                ...condition,
            },
        ],
    });

/** A pod's role is given to pods of one cluster, by namespace and service account. */
export const podIdentityTrustConditioned = resourceRule(
    {
        name: "pod-identity-trust-conditioned",
        description: "Hold a pod's role to its cluster or account, its namespace and its service account.",
        severity: "high",
        framework: awsDocs("eks/pod-id-role", "Trust policy of an EKS Pod Identity role"),
        why: "Who may create associations in any cluster of the account may otherwise give the role to any pod.",
        remediationSteps:
            "Add StringEquals on aws:SourceAccount, aws:RequestTag/kubernetes-namespace and aws:RequestTag/kubernetes-service-account.",
        bad: { type: role, props: { assumeRolePolicy: trust({}) } },
        good: {
            type: role,
            props: {
                assumeRolePolicy: trust({
                    Condition: {
                        StringEquals: {
                            "aws:SourceAccount": "111111111111",
                            "aws:RequestTag/kubernetes-namespace": "argocd",
                            "aws:RequestTag/kubernetes-service-account": "argocd-server",
                        },
                    },
                }),
            },
        },
    },
    [role],
    ({ props, fail, skip }) => {
        const statements = allows(readPolicy(props["assumeRolePolicy"])).filter(({ principals }) =>
            principals.some(({ kind, name }) => kind === "Service" && name === "pods.eks.amazonaws.com"),
        );
        if (statements.length === 0) {
            skip("is about roles that trust pods.eks.amazonaws.com");
        }
        const closed = (value: string) => !isOpen(value);
        for (const { sid, conditions } of statements) {
            const place =
                binds(conditions, "aws:SourceAccount", closed) ||
                binds(conditions, "aws:SourceArn", (arn) => accountOf(arn) !== undefined);
            if (!place) {
                fail(
                    `${sid} trusts clusters of any account. Fix: hold aws:SourceAccount or aws:SourceArn by StringEquals.`,
                );
            }
            for (const tag of ["kubernetes-namespace", "kubernetes-service-account"]) {
                if (!binds(conditions, `aws:RequestTag/${tag}`, closed)) {
                    fail(
                        `${sid} trusts pods of any ${tag.slice(11)}. Fix: hold aws:RequestTag/${tag} by StringEquals.`,
                    );
                }
            }
        }
    },
);
