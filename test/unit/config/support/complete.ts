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
    for (const change of shuffled(additions(schema, config, []), dice)) {
        const tried = structuredClone(complete);
        change(tried, dice);
        complete = accepts(tried) ? tried : complete;
    }
    return complete;
}

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
    return formsOf(schema).flatMap(({ properties = {}, additionalProperties }) => {
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
}

function at(config: Tree, path: readonly string[]): unknown {
    return path.reduce<unknown>((node, key) => (node as Tree)[key], config);
}

/** A value that the schema takes. */
function sample(schema: JsonSchema, dice: Dice): unknown {
    const form = dice.pick(formsOf(schema));
    const { type, items, properties, required = [], additionalProperties, default: usual } = form;
    if (type === "array") {
        return usual ?? (items === undefined ? [] : [sample(items, dice)]);
    }
    if (properties !== undefined) {
        const chosen = Object.entries(properties).filter(([key]) => required.includes(key) || dice.chance(0.7));
        return Object.fromEntries(chosen.map(([key, child]) => [key, sample(child, dice)]));
    }
    if (typeof additionalProperties === "object") {
        return { sample: sample(additionalProperties, dice) };
    }
    return type === "boolean" ? dice.chance(0.5) : exampleOf(form);
}

function shuffled<Item>(items: readonly Item[], dice: Dice): Item[] {
    return items
        .map((item) => ({ item, rank: dice.roll() }))
        .toSorted((a, b) => a.rank - b.rank)
        .map(({ item }) => item);
}
