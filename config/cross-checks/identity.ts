import { shown, type Problem } from "../problems.ts";
import { type Known, present } from "./known.ts";

/** Whether what the stack's roles refer to is of the stack's account. */
export function identityProblems({ role, iam, account, distributed, addonRoles, cluster }: Known): Problem[] {
    return present(
        iam?.permissionsBoundary && account && boundaryProblem(iam.permissionsBoundary, account.id),
        role === "spoke" && distributed && addonRoles && distributedProblem(addonRoles),
        addonRoles?.karpenter && cluster?.compute.auto !== undefined && karpenterProblem,
    );
}

const karpenterProblem: Problem = {
    code: "E-IAM-007",
    key: "fleet:addonRoles.karpenter",
    text:
        "EKS Auto Mode runs Karpenter itself, and two of them would start nodes for the same pods. " +
        "Fix: remove the key, or use fleet:cluster.compute.nodeGroups.",
};

function distributedProblem({ externalSecrets }: NonNullable<Known["addonRoles"]>): Problem | undefined {
    return externalSecrets !== undefined
        ? undefined
        : {
              code: "E-IAM-006",
              key: "fleet:distributed",
              text:
                  "the spoke's own Argo CD gets its secrets from External Secrets, which has no role here. " +
                  "Fix: list the prefixes of its secrets, Git's credentials included, in fleet:addonRoles.externalSecrets.",
          };
}

function boundaryProblem(arn: string, account: string): Problem | undefined {
    const owner = arn.split(":")[4];
    return owner === "aws" || owner === account
        ? undefined
        : {
              code: "E-IAM-001",
              key: "fleet:iam.permissionsBoundary",
              text:
                  `a policy of another account (got ${shown(arn)}; allowed: of ${account}). ` +
                  `Fix: name a policy that exists in the stack's account.`,
          };
}
