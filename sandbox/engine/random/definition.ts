import { UNKNOWN } from "../kit/types.ts";
import type {
    CheckFailure,
    CheckRequest,
    CheckResult,
    DiffRequest,
    DiffResult,
    Props,
    ProviderDefinition,
    ProviderInstance,
    ReadRequest,
} from "../kit/types.ts";
import { containsUnknown, sameValue } from "../kit/values.ts";
import { RANDOM_TYPES, isKind } from "./resources.ts";
import type { RandomType } from "./resources.ts";

/** Stand-in for the random provider: RandomPassword, RandomString and RandomId, everything else is an error. */
export function randomDefinition(version: string): ProviderDefinition {
    return {
        name: "random",
        version,
        checkConfig: (config) =>
            Object.keys(config).map((property) => ({ property, reason: "the random provider takes no configuration" })),
        replaceOnConfigChange: [],
        configure: async () => instance,
    };
}

const instance: ProviderInstance = {
    check: async (request) => check(typeOf(request.type), request),
    diff: async (request) => diff(typeOf(request.type), request),
    create: async ({ type, inputs, preview }) => {
        const known = typeOf(type);
        const effective = known.effective(inputs);
        if (preview) {
            const computed: Props = Object.fromEntries(known.computed.map((name) => [name, UNKNOWN]));
            return { id: "", outputs: { ...effective, ...computed } };
        }
        const { id, outputs } = known.generate(inputs);
        return { id, outputs: { ...effective, ...outputs } };
    },
    read,
    // Every change replaces: see diff.
    update: async ({ type }) => {
        throw new Error(`${type} is never updated in place`);
    },
    delete: async () => {},
    invoke: async (token) => {
        throw new Error(`the sandbox's stand-in for the random provider has no function ${token}`);
    },
};

function check(type: RandomType, { newInputs }: CheckRequest): CheckResult {
    const failures: CheckFailure[] = [];
    for (const [property, value] of Object.entries(newInputs)) {
        const kind = type.inputs[property];
        if (kind === undefined) {
            const allowed = Object.keys(type.inputs).join(", ");
            failures.push({ property, reason: `is not a property of this type; it takes ${allowed}` });
        } else if (!isKind(value, kind)) {
            failures.push({ property, reason: `must be a ${kind === "number" ? "whole number ≥ 0" : kind}` });
        }
    }
    if (newInputs[type.required] === undefined) {
        failures.push({ property: type.required, reason: "is required" });
    }
    if (failures.length === 0 && !containsUnknown(newInputs)) {
        const problem = type.problem(newInputs);
        failures.push(...(problem === undefined ? [] : [problem]));
    }
    return { inputs: newInputs, failures };
}

/** Any difference makes a new value. Leaving an input out and giving its default is the same. */
function diff(type: RandomType, { oldInputs, newInputs }: DiffRequest): DiffResult {
    const [before, after] = [type.effective(oldInputs), type.effective(newInputs)];
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const changed = keys.filter((key) => !sameValue(before[key], after[key]));
    return { changed, replace: changed };
}

async function read({ type, id, oldInputs, oldOutputs }: ReadRequest) {
    typeOf(type);
    if (!isState(oldOutputs)) {
        throw new Error(
            `${type} "${id}" cannot be imported: the sandbox's stand-in for the random provider knows only values it made; ` +
                "remove the import and let it make one",
        );
    }
    return { id, inputs: oldInputs, outputs: oldOutputs };
}

function isState(outputs: Props): boolean {
    return Object.keys(outputs).length > 0;
}

function typeOf(token: string): RandomType {
    const type = RANDOM_TYPES[token];
    if (type === undefined) {
        const known = Object.keys(RANDOM_TYPES).join(", ");
        throw new Error(`the sandbox's stand-in for the random provider does not know ${token}; it knows ${known}`);
    }
    return type;
}
