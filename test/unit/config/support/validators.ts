/* oxlint-disable no-underscore-dangle -- what zod keeps in a schema is under _zod */
import { existingClusterChecks } from "../../../../config/cross-checks/existing-cluster.ts";
import { checks } from "../../../../config/cross-checks/index.ts";
import { schemas } from "../../../../config/schema/index.ts";
import type { Problem } from "../../../../config/problems.ts";
import { codesInSources } from "../../../../docs/generate/messages.ts";

/** One thing that can refuse a configuration. */
export interface Validator {
    /** Where it is, for the title of a test. */
    name: string;
    /** Replaces the validator by one that accepts everything. */
    disable: () => void;
    /** Puts one in its place that does the same and tells when it refuses. */
    watch: (onRefusal: () => void) => void;
    /** As it was. */
    restore: () => void;
}

/** What zod keeps in a schema, as far as it is looked into here. */
interface Node {
    _zod: {
        def: {
            type: string;
            checks?: Check[];
            shape?: Record<string, Node>;
            innerType?: Node;
            element?: Node;
            valueType?: Node;
            keyType?: Node;
            in?: Node;
            out?: Node;
            options?: Node[];
            values?: unknown[];
        };
        run: Step;
    };
}

type Payload = { issues: unknown[] };
type Step = (payload: Payload, context?: unknown) => unknown;
type Check = { _zod: { check: Step; def: { check: string } } };

/** Values without others inside. */
const leaves = ["string", "number", "boolean", "enum", "literal"];

/** All of the program's validators: of fields, and of what no field shows alone. */
export function validators(): Validator[] {
    const used = [...codesInSources()].filter(([, files]) =>
        files.some((file) => file.startsWith("config/cross-checks/") || file === "config/kubeconfig.ts"),
    );
    return [...fieldValidators(), ...used.map(([code]) => crossValidator(code))];
}

/** Every validator of the fields: each leaf, with its type and its checks; each check of a list or map as a whole. */
function fieldValidators(): Validator[] {
    const found = new Map<object, Validator>();
    for (const [role, schema] of Object.entries(schemas)) {
        visit(schema as unknown as Node, role, found);
    }
    return [...found.values()];
}

function visit(node: Node, path: string, found: Map<object, Validator>): void {
    const { def } = node._zod;
    // A literal of one value only tells the forms of a map apart: that choice is no validator.
    if (leaves.includes(def.type) && !(def.type === "literal" && def.values?.length === 1) && !found.has(node)) {
        found.set(node, replaceable(path, node._zod, "run"));
    }
    for (const check of leaves.includes(def.type) ? [] : (def.checks ?? [])) {
        if (!found.has(check)) {
            found.set(check, replaceable(`${path}: ${check._zod.def.check}`, check._zod, "check"));
        }
    }
    const children: [string, Node | undefined][] = [
        ...Object.entries(def.shape ?? {}).map(([name, child]): [string, Node] => [`${path}.${name}`, child]),
        [`${path}[]`, def.element],
        [`${path}.<name>`, def.valueType],
        [`${path}, its names`, def.keyType],
        ...(def.options ?? []).map((form): [string, Node] => [path, form]),
        [path, def.innerType],
        [path, def.in],
        [path, def.out],
    ];
    for (const [name, child] of children) {
        if (child !== undefined) {
            visit(child, name, found);
        }
    }
}

function replaceable<Name extends string>(name: string, owner: Record<Name, Step>, step: Name): Validator {
    const original = owner[step];
    return {
        name,
        disable() {
            owner[step] = (payload) => payload;
        },
        watch(onRefusal) {
            owner[step] = (payload, context) => {
                const before = payload.issues.length;
                const result = original(payload, context);
                if (payload.issues.length > before) {
                    onRefusal();
                }
                return result;
            };
        },
        restore() {
            owner[step] = original;
        },
    };
}

/** The cross-checks, as far as they give one code. */
function crossValidator(code: string): Validator {
    const originals = [[...checks], [...existingClusterChecks]] as const;
    const replace = (keep: (found: string) => boolean) => {
        const only = (problems: Problem[]) => problems.filter((problem) => keep(problem.code));
        checks.splice(
            0,
            checks.length,
            ...checks.map(
                (check): typeof check =>
                    (...all) =>
                        only(check(...all)),
            ),
        );
        existingClusterChecks.splice(
            0,
            existingClusterChecks.length,
            ...existingClusterChecks.map(
                (check): typeof check =>
                    (...all) =>
                        only(check(...all)),
            ),
        );
    };
    return {
        name: `cross-check ${code}`,
        disable: () => replace((found) => found !== code),
        watch(onRefusal) {
            replace((found) => {
                if (found === code) {
                    onRefusal();
                }
                return true;
            });
        },
        restore() {
            checks.splice(0, checks.length, ...originals[0]);
            existingClusterChecks.splice(0, existingClusterChecks.length, ...originals[1]);
        },
    };
}
