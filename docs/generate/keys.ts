import { schemas, type Kind } from "../../config/schema/index.ts";
import { formsOf, jsonSchemaOf, type JsonSchema } from "./json-schema.ts";

/** One key of the configuration, in every kind of stack and every form that has it. */
export interface ConfigurationKey {
    /** As the messages spell it, `<name>` and `[]` for what has no fixed name: `fleet:cluster.nodeGroups.<name>.minSize`. */
    key: string;
    schema: JsonSchema;
    required: boolean;
    kinds: Kind[];
    /** The keys that stand beside it, where the map around it has several forms. */
    besides: string[];
}

/** Every key of the configuration, parents before their children, in the order of the schema. */
export function configurationKeys(): ConfigurationKey[] {
    const found = new Map<string, ConfigurationKey>();
    const kinds = Object.keys(schemas) as Kind[];
    for (const kind of kinds) {
        for (const entry of keysIn(jsonSchemaOf(schemas[kind]), "fleet:", kind)) {
            const id = `${entry.key} ${entry.schema.description}`;
            const before = found.get(id);
            found.set(id, before === undefined ? entry : both(before, entry));
        }
    }
    return [...found.values()].toSorted((a, b) => b.kinds.length - a.kinds.length);
}

/** A key that two kinds of stack, or two forms of one map, have. */
function both(a: ConfigurationKey, b: ConfigurationKey): ConfigurationKey {
    const constants = [...new Set([a, b].flatMap((each) => each.schema.enum ?? [each.schema.const]))];
    const isOne = b.schema.const === undefined || constants.length === 1;
    const schema = isOne ? a.schema : { ...a.schema, const: undefined, enum: constants };
    return { ...a, schema, kinds: [...new Set([...a.kinds, ...b.kinds])] };
}

function keysIn(schema: JsonSchema, prefix: string, kind: Kind): ConfigurationKey[] {
    const forms = formsOf(schema);
    return forms.flatMap((form) => {
        const { properties = {}, required = [], additionalProperties, items } = form;
        const own = Object.entries(properties).flatMap(([name, child]) => [
            {
                key: `${prefix}${name}`,
                schema: child,
                required: required.includes(name),
                kinds: [kind],
                besides: forms.length > 1 ? Object.keys(properties).filter((other) => other !== name) : [],
            },
            ...keysIn(child, `${prefix}${name}.`, kind),
        ]);
        const named =
            typeof additionalProperties === "object" ? keysIn(additionalProperties, `${prefix}<name>.`, kind) : [];
        const listed = items === undefined ? [] : keysIn(items, `${prefix.slice(0, -1)}[].`, kind);
        return [...own, ...named, ...listed];
    });
}
