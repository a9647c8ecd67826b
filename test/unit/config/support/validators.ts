import { checks } from "../../../../config/cross-checks/index.ts";
import { schemas } from "../../../../config/schema/index.ts";

/** One thing that can refuse a configuration. */
export interface Validator {
    /** Where it is, for the title of a test. */
    name: string;
    /** Replaces the validator by one that accepts everything. */
    disable(): void;
    /** Puts one in its place that does the same and tells when it refuses. */
    watch(onRefusal: () => void): void;
    /** As it was. */
    restore(): void;
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
        };
        parse: Step;
        run: Step;
        check?: Step;
    };
}

type Payload = { issues: unknown[] };
type Step = (payload: Payload, context?: unknown) => unknown;
type Check = { _zod: { check: Step; def: { check: string } } };

/** Types that a value has or has not. A map or list that is none has nothing inside that could be judged. */
const leaves = ["string", "number", "boolean", "enum", "literal"];

/** Every validator of the fields: each check, and each type of a leaf. */
export function fieldValidators(): Validator[] {
    const found = new Map<object, Validator>();
    for (const [role, schema] of Object.entries(schemas)) {
        visit(schema as unknown as Node, role, found);
    }
    return [...found.values()];
}

function visit(node: Node, path: string, found: Map<object, Validator>): void {
    const { def } = node._zod;
    for (const check of def.checks ?? []) {
        if (!found.has(check)) {
            found.set(check, replaceable(`${path}: ${check._zod.def.check}`, check._zod, ["check"]));
        }
    }
    if (leaves.includes(def.type) && !found.has(node)) {
        // Without checks of its own, zod runs a schema's parse directly; a whole number is a type and a check in one.
        const steps = (["parse", "run", "check"] as const).filter(
            (step) => step !== "run" || node._zod.run === node._zod.parse,
        );
        const owner = node._zod as Record<(typeof steps)[number], Step>;
        found.set(
            node,
            replaceable(
                `${path}: is ${def.type}`,
                owner,
                steps.filter((step) => owner[step] !== undefined),
            ),
        );
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

function replaceable<Name extends string>(name: string, owner: Record<Name, Step>, steps: readonly Name[]): Validator {
    const originals = steps.map((step): [Name, Step] => [step, owner[step]]);
    const replace = (make: (original: Step) => Step) => {
        for (const [step, original] of originals) {
            owner[step] = make(original);
        }
    };
    return {
        name,
        disable: () => replace(() => (payload) => payload),
        watch(onRefusal) {
            replace((original) => (payload, context) => {
                const before = payload.issues.length;
                const result = original(payload, context);
                if (payload.issues.length > before) {
                    onRefusal();
                }
                return result;
            });
        },
        restore: () => replace((original) => original),
    };
}

/** The cross-checks, as far as they give one code. */
export function crossValidator(code: string): Validator {
    const originals = [...checks];
    const replace = (keep: (found: string) => boolean) => {
        const filtered = [...checks].map((check): (typeof checks)[number] => {
            return (...known) => check(...known).filter((problem) => keep(problem.code));
        });
        checks.splice(0, checks.length, ...filtered);
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
        restore: () => void checks.splice(0, checks.length, ...originals),
    };
}
