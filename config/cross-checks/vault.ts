import { shown, type Problem } from "../problems.ts";
import { type Known, present } from "./known.ts";

/** Whether each team is named once: a role and policies are called after it. */
export function vaultProblems({ vault, tenant }: Known): Problem[] {
    return present(vault && tenant && tenantProblem([tenant, ...vault.tenants.map(({ name }) => name)]));
}

function tenantProblem(names: readonly string[]): Problem | undefined {
    const repeated = names.find((name, index) => names.indexOf(name) !== index);
    return repeated === undefined
        ? undefined
        : {
              code: "E-VLT-003",
              key: "fleet:vault.tenants",
              text: `${shown(repeated)} is named twice, fleet:tenant included. Fix: name each team once.`,
          };
}
