import type { Problem } from "../problems.ts";
import { type Known, present } from "./known.ts";

/** Whether the revision suits the environment. */
export function gitProblems({ git, environment }: Known): Problem[] {
    return present(git && environment && revisionProblem(git, environment));
}

function revisionProblem(git: { revision: string }, environment: string): Problem | undefined {
    return environment === "prod" && git.revision === "HEAD"
        ? {
              code: "E-GIT-003",
              key: "fleet:git.revision",
              text: "HEAD follows whatever the default branch is. Fix: name a branch or a tag.",
          }
        : undefined;
}
