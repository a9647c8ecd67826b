import type { Problem } from "../problems.ts";
import { type Known, present } from "./known.ts";

/** Whether the keys of Argo CD go together. */
export function argocdProblems({ argocd }: Known): Problem[] {
    return argocd === undefined
        ? []
        : present(
              ...modeProblems(argocd),
              sourceProblem(argocd),
              adminProblem(argocd),
              ...duplicateProblems(argocd.repositories.map(({ url }) => url)),
          );
}

type Argocd = NonNullable<Known["argocd"]>;

/** Which key each way of installing needs; the others refuse it. */
const neededBy = { chart: "helm", capability: "capability" } as const;

function modeProblems(argocd: Argocd): Problem[] {
    const { install } = argocd;
    const keys = Object.entries(neededBy) as [keyof typeof neededBy, string][];
    const problems = keys.flatMap(([key, mode]): Problem[] => {
        const given = argocd[key] !== undefined;
        if (given === (mode === install)) {
            return [];
        }
        const text = given
            ? `goes with install ${mode} (got ${install}). Fix: remove it.`
            : `missing; install ${install} needs it. Fix: set it in the stack's file.`;
        return [{ code: given ? "E-ARG-001" : "E-CFG-003", key: `fleet:argocd.${key}`, text }];
    });
    if (install !== "helm" && argocd.ssoClientSecret !== undefined) {
        problems.push({
            code: "E-ARG-001",
            key: "fleet:argocd.ssoClientSecret",
            text: `goes with install helm (got ${install}). Fix: remove it.`,
        });
    }
    return problems;
}

function sourceProblem({ chart }: Argocd): Problem | undefined {
    return chart?.path === undefined || chart.repository === undefined
        ? undefined
        : {
              code: "E-CHT-003",
              key: "fleet:argocd.chart",
              text: "both a repository and a path. Fix: keep the one the chart comes from.",
          };
}

function adminProblem({ capability }: Argocd): Problem | undefined {
    return capability === undefined || capability.roles.ADMIN !== undefined
        ? undefined
        : {
              code: "E-ARG-002",
              key: "fleet:argocd.capability.roles",
              text: "nobody is ADMIN, and the capability has no local account. Fix: name a group.",
          };
}

function duplicateProblems(urls: readonly string[]): Problem[] {
    return urls.flatMap((url, index): Problem[] => {
        const first = urls.indexOf(url);
        return first === index
            ? []
            : [
                  {
                      code: "E-GIT-007",
                      key: `fleet:argocd.repositories[${index}].url`,
                      text: `repositories[${first}] has the same. Fix: keep one.`,
                  },
              ];
    });
}
