import { schemas, type Role } from "../../../../config/schema/index.ts";
import { exampleOf } from "../../../../docs/generate/configuration.ts";
import { formsOf, jsonSchemaOf, type JsonSchema } from "../../../../docs/generate/json-schema.ts";
import type { Dice } from "../../../harness/dice.ts";
import type { Tree } from "../fixture.ts";

/**
 * A configuration with as many optional keys set, and as long lists, as are accepted together: so that changes of it
 * reach every key there is. The keys, their forms and their values come from the schema.
 */
export function completed(config: Tree, accepts: (config: Tree) => boolean, dice: Dice): Tree {
    const schema = jsonSchemaOf(schemas[config.role as Role]);
    let complete = config;
    for (let round = 0; round < rounds; round++) {
        const tried = structuredClone(complete);
        dice.pick(additions(schema, tried, []))(tried, dice);
        complete = accepts(tried) ? tried : complete;
    }
    return complete;
}

/** More than there are optional keys, so that most are tried. */
const rounds = 60;

type Addition = (config: Tree, dice: Dice) => void;

function additions(schema: JsonSchema, value: unknown, path: readonly string[]): Addition[] {
    if (Array.isArray(value)) {
        const item = schema.items;
        return item === undefined
            ? []
            : [(config, dice) => void (at(config, path) as unknown[]).push(sample(item, dice))];
    }
    if (typeof value !== "object" || value === null) {
        return [];
    }
    const forms = formsOf(schema);
    const reform: Addition[] =
        forms.length > 1 && path.length > 0
            ? [
                  (config, dice) =>
                      void ((at(config, path.slice(0, -1)) as Tree)[path.at(-1) ?? ""] = sample(schema, dice)),
              ]
            : [];
    const ofForms = forms.flatMap(({ properties = {}, additionalProperties }) => {
        const named = typeof additionalProperties === "object" ? additionalProperties : undefined;
        const known = Object.entries(properties).flatMap(([key, child]) =>
            key in value
                ? additions(child, (value as Tree)[key], [...path, key])
                : [(config: Tree, dice: Dice) => void ((at(config, path) as Tree)[key] = sample(child, dice))],
        );
        const others = Object.keys(value).filter((key) => !(key in properties));
        return [
            ...known,
            ...(named === undefined
                ? []
                : others.flatMap((key) => additions(named, (value as Tree)[key], [...path, key]))),
        ];
    });
    return [...reform, ...ofForms];
}

function at(config: Tree, path: readonly string[]): unknown {
    return path.reduce<unknown>((node, key) => (node as Tree)[key], config);
}

/** A value that the schema takes. */
function sample(schema: JsonSchema, dice: Dice): unknown {
    const form = dice.pick(formsOf(schema));
    const { type, items, properties, required = [], additionalProperties, enum: values } = form;
    if (type === "array") {
        return items === undefined ? [] : dice.times(1, 3, () => sample(items, dice));
    }
    if (properties !== undefined) {
        const chosen = Object.entries(properties).filter(([key]) => required.includes(key) || dice.chance(0.7));
        return Object.fromEntries(chosen.map(([key, child]) => [key, sample(child, dice)]));
    }
    if (typeof additionalProperties === "object") {
        return { sample: sample(additionalProperties, dice) };
    }
    if (type === "boolean") {
        return dice.chance(0.5);
    }
    const example = values !== undefined && dice.chance(0.7) ? dice.pick(values) : exampleOf(form);
    if (typeof example !== "string") {
        return example;
    }
    return example.includes("/8") || example.endsWith("/24")
        ? dice.pick([example, "203.0.113.0/24", "192.0.2.0/24"])
        : anotherId(example, dice);
}

/** Ids of AWS end in hexadecimal digits; two things in one list must not be the same. */
function anotherId(example: string, dice: Dice): string {
    return example.replace(/(?<=-)[0-9a-f]{17}$/, (digits) =>
        digits.replaceAll(/./g, () => dice.pick("0123456789abcdef".split(""))),
    );
}
