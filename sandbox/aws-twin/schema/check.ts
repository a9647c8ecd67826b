import { createHash } from "node:crypto";
import {
    UNKNOWN,
    type CheckFailure,
    type CheckRequest,
    type CheckResult,
    type Props,
    type Value,
} from "../../engine/kit/types.ts";
import { containsUnknown } from "../../engine/kit/values.ts";
import type { Field } from "./field.ts";
import { tags as tagsField } from "./tags.ts";
import { regions } from "./regions.ts";
import { oneOf } from "./formats.ts";
import { text } from "./field.ts";
import type { ResourceType } from "./resource-type.ts";

/** Where Pulumi's providers note which inputs are defaults of theirs, not the program's. */
export const DEFAULTS = "__defaults";

/** The inputs a type takes, with those that many types share. */
export function inputFields(type: ResourceType): Readonly<Record<string, Field>> {
    return {
        ...type.inputs,
        ...(type.tagged ? { tags: tagsField } : {}),
        ...(type.global ? {} : { region: text({ replaces: true, check: oneOf(...regions) }) }),
    };
}

/** Fills in defaults and the automatic name, and tells what AWS or its provider would refuse without asking anything. */
export function checkInputs(
    type: ResourceType,
    request: Pick<CheckRequest, "urn" | "oldInputs" | "newInputs" | "randomSeed">,
): CheckResult {
    const fields = inputFields(type);
    const inputs: Props = {};
    const defaults: string[] = [];
    const failures: CheckFailure[] = [];
    for (const [property, value] of Object.entries(request.newInputs)) {
        if (property === DEFAULTS || value === null) continue;
        const field = fields[property];
        if (field === undefined) {
            failures.push({ property, reason: unknownProperty(type.token, fields) });
            continue;
        }
        inputs[property] = asText(field, value);
    }
    for (const [property, field] of Object.entries(fields)) {
        const value = inputs[property];
        if (value !== undefined) failures.push(...checkValue(field, value, property));
        else if (field.required) failures.push({ property, reason: "is required" });
        else if (field.default !== undefined) {
            inputs[property] = field.default;
            defaults.push(property);
        }
    }
    const named = nameAutomatically(type, request, inputs);
    if (named !== undefined) {
        inputs[named.property] = named.value;
        defaults.push(named.property);
    }
    failures.push(...checkName(type, inputs, named === undefined));
    if (failures.length === 0 && !containsUnknown(inputs)) failures.push(...(type.validate?.(inputs) ?? []));
    return { inputs: defaults.length === 0 ? inputs : { ...inputs, [DEFAULTS]: defaults.toSorted() }, failures };
}

/** Problems of a value, unknown parts left out. `path` is how messages call it. */
export function checkValue(field: Field, value: Value, path: string): CheckFailure[] {
    if (value === UNKNOWN) return [];
    const fail = (reason: string): CheckFailure[] => [{ property: path, reason }];
    switch (field.kind) {
        case "string": {
            if (typeof value !== "string") return fail(`must be a string, got ${kindOf(value)}`);
            const reason = field.check?.(value);
            return reason === undefined ? [] : fail(reason);
        }
        case "boolean":
            return typeof value === "boolean" ? [] : fail(`must be true or false, got ${kindOf(value)}`);
        case "number": {
            const fits = Number.isInteger(value) && Number(value) >= field.min && Number(value) <= field.max;
            if (fits || value === field.also) return [];
            const also = field.also === undefined ? "" : ` or ${field.also}`;
            return fail(
                `must be a whole number from ${field.min} to ${field.max}${also}, got ${JSON.stringify(value)}`,
            );
        }
        case "list": {
            if (!Array.isArray(value)) return fail(`must be a list, got ${kindOf(value)}`);
            const { min = 0, max = Infinity } = field;
            if (value.length < min || value.length > max) {
                const most = max === Infinity ? "or more" : `to ${max}`;
                return fail(`must have ${min} ${most} items, got ${value.length}`);
            }
            return value.flatMap((item, index) => checkValue(field.of, item, `${path}[${index}]`));
        }
        case "map":
            if (!isObject(value)) return fail(`must be a map, got ${kindOf(value)}`);
            return Object.entries(value).flatMap(([key, item]) => checkValue(field.of, item, `${path}.${key}`));
        case "object":
            if (!isObject(value)) return fail(`must be an object, got ${kindOf(value)}`);
            return checkMembers(field.fields, value, path);
    }
}

function checkMembers(fields: Readonly<Record<string, Field>>, value: Props, path: string): CheckFailure[] {
    const strangers = Object.keys(value).filter((name) => fields[name] === undefined);
    return [
        ...strangers.map((name) => ({ property: `${path}.${name}`, reason: unknownProperty(path, fields) })),
        ...Object.entries(fields).flatMap(([name, field]) => {
            const member = value[name];
            if (member !== undefined && member !== null) return checkValue(field, member, `${path}.${name}`);
            return field.required ? [{ property: `${path}.${name}`, reason: "is required" }] : [];
        }),
    ];
}

function unknownProperty(owner: string, fields: Readonly<Record<string, Field>>): string {
    const known = Object.keys(fields).toSorted().join(", ");
    return `is not a property of ${owner} that the sandbox's AWS twin knows; it knows ${known}`;
}

/** Policy documents may be given as objects. */
function asText(field: Field, value: Value): Value {
    return field.kind === "string" && field.json && isObject(value) && !containsUnknown(value)
        ? JSON.stringify(value)
        : value;
}

/** The name that the last deployment made up, or a new one: logical name, dash, seven random digits. */
function nameAutomatically(
    { name }: ResourceType,
    { urn, oldInputs, randomSeed }: Pick<CheckRequest, "urn" | "oldInputs" | "randomSeed">,
    inputs: Props,
): { property: string; value: Value } | undefined {
    if (name === undefined || inputs[name.property] !== undefined) return undefined;
    if (name.prefix !== undefined && inputs[name.prefix] !== undefined) return undefined;
    const { property } = name;
    const before = oldInputs[property];
    const wasAutomatic = Array.isArray(oldInputs[DEFAULTS]) && oldInputs[DEFAULTS].includes(property);
    if (wasAutomatic && before !== undefined) return { property, value: before };
    const random = createHash("sha256").update(randomSeed).digest("hex").slice(0, 7);
    return { property, value: name.auto(urn.slice(urn.lastIndexOf("::") + 2), random) };
}

function checkName({ name }: ResourceType, inputs: Props, given: boolean): CheckFailure[] {
    if (name?.prefix === undefined) return [];
    const { property, prefix, max } = name;
    if (given && inputs[property] !== undefined && inputs[prefix] !== undefined) {
        return [{ property, reason: `conflicts with ${prefix}: give one of them` }];
    }
    const start = inputs[prefix];
    if (typeof start === "string" && start.length > max - SUFFIX) {
        return [{ property: prefix, reason: `must have at most ${max - SUFFIX} characters, got ${start.length}` }];
    }
    return [];
}

/** Length of what the aws provider puts behind a name prefix. */
const SUFFIX = 26;

function isObject(value: Value): value is Props {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: Value): string {
    return Array.isArray(value) ? "a list" : isObject(value) ? "an object" : JSON.stringify(value);
}
