import { cisEks } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { podIdentity } from "../../rule/tokens.ts";

/** A role belongs to a service account made for it. */
export const eksPodIdentityDedicatedSa = resourceRule(
    {
        name: "eks-pod-identity-dedicated-sa",
        description: "Associate roles with service accounts made for them, in a namespace of their own.",
        severity: "medium",
        framework: cisEks("4.1.5, 5.2.1", "Ensure that default service accounts are not actively used"),
        why: "Every pod that names no service account runs as `default`, and would get the role.",
        remediationSteps: "Create a service account for the workload and name it in serviceAccount.",
        bad: { type: podIdentity, props: { namespace: "argocd", serviceAccount: "default" } },
        good: { type: podIdentity, props: { namespace: "argocd", serviceAccount: "argocd-server" } },
    },
    [podIdentity],
    ({ props, fail }) => {
        for (const property of ["namespace", "serviceAccount"]) {
            const value: unknown = props[property];
            if (typeof value !== "string" || value === "" || value === "default") {
                fail(`the role goes to everything that asks for nothing else. Fix: set ${property} to its own.`);
            }
        }
    },
);
