import { crossProblems } from "./cross-checks/index.ts";
import type { Neighbours } from "./other-stacks.ts";
import { ConfigError, problemsOf, shown, type Problem } from "./problems.ts";
import { formsAt, keysOf } from "./schema-tree.ts";
import { isRole, schemas, type FleetConfig, type Role } from "./schema/index.ts";
import { holdsSecret, plainSecretProblems } from "./secrets.ts";

/**
 * Checks the configuration of a stack and fills in what was left out.
 *
 * @param stack name of the stack, for the message
 * @param raw the `fleet:` keys without their namespace; lists and maps as values, not as JSON
 * @param neighbours the other stacks of the fleet, to compare with. @default none
 * @param secretKeys those of its keys that are encrypted in the stack's file, in whole or in part. @default none
 * @throws {ConfigError} with every problem, before any resource exists
 */
export function loadConfig(
    stack: string,
    raw: Readonly<Record<string, unknown>>,
    neighbours: Neighbours = { project: "fleet", stack, stacks: [] },
    secretKeys: ReadonlySet<string> = new Set(),
): FleetConfig {
    const role = raw.role;
    if (!isRole(role)) {
        // Without a role any role's key may be meant, so only what both have is judged.
        const shared = problems("spoke", { ...raw, role: "spoke" }, neighbours, secretKeys).filter(
            ({ code, key }) => code !== "E-CFG-001" && !key.startsWith("fleet:hub"),
        );
        throw new ConfigError(stack, [roleProblem(role), ...shared]);
    }
    const found = problems(role, raw, neighbours, secretKeys);
    if (found.length > 0) {
        throw new ConfigError(stack, found);
    }
    const config = schemas[role].parse(raw);
    const protect = config.environment === "prod";
    return {
        ...config,
        protect,
        cluster: { ...config.cluster, deletionProtection: config.cluster.deletionProtection ?? protect },
    };
}

function problems(
    role: Role,
    raw: Readonly<Record<string, unknown>>,
    neighbours: Neighbours,
    secretKeys: ReadonlySet<string>,
): Problem[] {
    const schema = schemas[role];
    const parsed = schema.safeParse(raw, { reportInput: true });
    const ofKeys = parsed.success
        ? []
        : problemsOf(parsed.error.issues, {
              keysAt: (path) => keysOf(formsAt(schema, path)),
              isHidden: (path) => secretKeys.has(String(path[0])) || formsAt(schema, path).some(holdsSecret),
          });
    return [
        ...ofKeys.map((problem) => explain(role, problem)),
        ...plainSecretProblems(schema, raw, secretKeys),
        ...crossProblems(role, raw, neighbours),
    ];
}

/** A few generic findings mean something particular. */
function explain(role: Role, problem: Problem): Problem {
    if (problem.key === "fleet:hub" && problem.code === "E-CFG-003") {
        const text = "not set. Fix: set stack to <organization>/<project>/<stack>, for example organization/fleet/hub.";
        return { code: "E-REF-001", key: "fleet:hub.stack", text };
    }
    const other = role === "hub" ? "spoke" : "hub";
    const name = problem.key.replace(/^fleet:/, "");
    if (problem.code === "E-CFG-001" && Object.hasOwn(schemas[other].shape, name)) {
        return { ...problem, text: `a key of role ${other}; this stack is a ${role}. Fix: remove it.` };
    }
    return problem;
}

function roleProblem(value: unknown): Problem {
    const given = value === undefined ? "missing" : `neither hub nor spoke (got ${shown(value)})`;
    return { code: "E-CFG-005", key: "fleet:role", text: `${given}. Fix: set hub or spoke.` };
}
