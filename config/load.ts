import { existingClusterProblems } from "./cross-checks/existing-cluster.ts";
import { crossProblems } from "./cross-checks/index.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import type { Neighbours } from "./other-stacks.ts";
import { configKey, ConfigError, problemsOf, shown, type Problem } from "./problems.ts";
import { formsAt, keysOf } from "./schema-tree.ts";
import { isRole, schemas, type ExistingSpokeConfig, type FleetConfig, type Kind, type Role } from "./schema/index.ts";
import { holdsSecret, plainSecretProblems } from "./secrets.ts";
import { nearest } from "./suggest.ts";

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
        throw new ConfigError(stack, [roleProblem(role), ...misspelledRole(raw), ...shared]);
    }
    const kind = kindOf(role, raw);
    const found = problems(kind, raw, neighbours, secretKeys);
    if (found.length > 0) {
        throw new ConfigError(stack, found);
    }
    if (kind === "existing") {
        return loadExisting(raw);
    }
    const config = schemas[kind].parse(raw);
    const protect = config.environment === "prod";
    return {
        ...config,
        protect,
        cluster: { ...config.cluster, deletionProtection: config.cluster.deletionProtection ?? protect },
    };
}

function loadExisting(raw: Readonly<Record<string, unknown>>): ExistingSpokeConfig {
    const config = schemas.existing.parse(raw);
    const { context, server } = config.cluster.existing;
    const api = readKubeconfig(config.kubeconfig, context);
    if (typeof api === "string") {
        throw new Error(`found after the checks: ${api}`);
    }
    const target = { ...api, ...(server !== undefined && { server }) };
    return { ...config, protect: config.environment === "prod", api: target };
}

/** A spoke's cluster exists already when the file says how it does. */
function kindOf(role: Role, { cluster }: Readonly<Record<string, unknown>>): Kind {
    const exists = typeof cluster === "object" && cluster !== null && "existing" in cluster;
    return role === "spoke" && exists ? "existing" : role;
}

function problems(
    kind: Kind,
    raw: Readonly<Record<string, unknown>>,
    neighbours: Neighbours,
    secretKeys: ReadonlySet<string>,
): Problem[] {
    const schema = schemas[kind];
    const parsed = schema.safeParse(raw, { reportInput: true });
    const ofKeys = parsed.success
        ? []
        : problemsOf(parsed.error.issues, {
              keysAt: (path) => keysOf(formsAt(schema, path)),
              isHidden: (path) => secretKeys.has(String(path[0])) || formsAt(schema, path).some(holdsSecret),
          });
    return [
        ...ofKeys.map((problem) => explain(kind, problem)),
        ...plainSecretProblems(schema, raw, secretKeys),
        ...(kind === "existing"
            ? existingClusterProblems(raw, neighbours, secretKeys)
            : crossProblems(kind, raw, neighbours)),
    ];
}

/** A few generic findings mean something particular. */
function explain(kind: Kind, problem: Problem): Problem {
    if (problem.key === "fleet:hub" && problem.code === "E-CFG-003") {
        const text = "not set. Fix: set stack to <organization>/<project>/<stack>, for example organization/fleet/hub.";
        return { code: "E-REF-001", key: "fleet:hub.stack", text };
    }
    const whose = problem.code === "E-CFG-001" ? ownerOf(kind, problem.key) : undefined;
    return whose === undefined ? problem : { ...problem, text: whose };
}

/** Of a key that is unknown here: what kind of stack has it. */
function ownerOf(kind: Kind, key: string): string | undefined {
    const [name = "", inner, ...deeper] = key.replace(/^fleet:/, "").split(".");
    const has = (other: Kind) =>
        deeper.length === 0 &&
        keysOf(formsAt(schemas[other], inner === undefined ? [] : [name])).includes(inner ?? name);
    if (has(kind)) {
        return undefined;
    }
    if (kind === "existing") {
        return has("spoke") ? `${ofEks} Fix: remove it.` : has("hub") ? ofRole("hub", "spoke") : undefined;
    }
    const other = kind === "hub" ? "spoke" : "hub";
    if (has("existing") && !has(other)) {
        return kind === "hub"
            ? ofExisting("the hub's cluster is made by its stack")
            : ofExisting("this one is made here");
    }
    return inner === undefined && has(other) ? ofRole(other, kind) : undefined;
}

const ofEks = "a key of clusters that their stack makes; this stack's exists already (fleet:cluster.existing).";

function ofExisting(but: string): string {
    return `a key of clusters that exist already (a spoke with fleet:cluster.existing); ${but}. Fix: remove it.`;
}

function ofRole(other: Role, role: Role): string {
    return `a key of role ${other}; this stack is a ${role}. Fix: remove it.`;
}

/** A missing role may be there under another name, which nobody else reports: without a role no key is unknown. */
function misspelledRole(raw: Readonly<Record<string, unknown>>): Problem[] {
    const known = Object.values(schemas).flatMap(({ shape }) => Object.keys(shape));
    return Object.keys(raw)
        .filter((key) => !known.includes(key) && nearest(key, known) === "role")
        .map((key) => ({ code: "E-CFG-001", key: configKey([key]), text: "unknown key; did you mean role?" }));
}

function roleProblem(value: unknown): Problem {
    const given = value === undefined ? "missing" : `neither hub nor spoke (got ${shown(value)})`;
    return { code: "E-CFG-005", key: "fleet:role", text: `${given}. Fix: set hub or spoke.` };
}
