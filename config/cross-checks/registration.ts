import { shown, type Problem } from "../problems.ts";
import { type Known, present } from "./known.ts";

/** Whether the secret is kept where and as long as it should be. */
export function registrationProblems({ registration, region, environment }: Known): Problem[] {
    return present(
        registration && environment && windowProblem(registration, environment),
        registration && region && replicaProblem(registration, region),
    );
}

type Registration = NonNullable<Known["registration"]>;

function windowProblem({ recoveryWindowInDays }: Registration, environment: string): Problem | undefined {
    return environment === "prod" && recoveryWindowInDays === 0
        ? {
              code: "E-SEC-002",
              key: "fleet:registration.recoveryWindowInDays",
              text: "in prod a deleted registration must be recoverable (got 0; allowed: 7 to 30). Fix: use 30.",
          }
        : undefined;
}

function replicaProblem({ replicaRegions }: Registration, region: string): Problem | undefined {
    const repeated = replicaRegions.filter((each, index) => replicaRegions.indexOf(each) !== index);
    const wrong = replicaRegions.includes(region) ? region : repeated[0];
    return wrong === undefined
        ? undefined
        : {
              code: "E-REG-003",
              key: "fleet:registration.replicaRegions",
              text:
                  `${wrong} has the secret already (got ${shown(replicaRegions)}; region ${region}). ` +
                  `Fix: list each other region once.`,
          };
}
