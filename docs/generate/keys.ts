import { schemas, type Role } from "../../config/schema/index.ts";
import { formsOf, jsonSchemaOf, type JsonSchema } from "./json-schema.ts";

/** One key of the configuration, in every role and form that has it. */
export interface ConfigurationKey {
    /** As the messages spell it, `<name>` and `[]` for what has no fixed name: `fleet:cluster.nodeGroups.<name>.minSize`. */
    key: string;
    schema: JsonSchema;
    required: boolean;
    roles: Role[];
    /** The keys that stand beside it, where the map around it has several forms. */
    besides: string[];
}

/** Every key of the configuration, parents before their children, in the order of the schema. */
export function configurationKeys(): ConfigurationKey[] {
    const found = new Map<string, ConfigurationKey>();
    for (const role of Object.keys(schemas) as Role[]) {
        for (const entry of keysIn(jsonSchemaOf(schemas[role]), "fleet:", role)) {
            const id = `${entry.key} ${entry.schema.description}`;
            const before = found.get(id);
            found.set(id, before === undefined ? entry : both(before, entry));
        }
    }
    const ofRoles = (count: number) => [...found.values()].filter(({ roles }) => roles.length === count);
    return [...ofRoles(2), ...ofRoles(1)];
}

/** A key that two roles, or two forms of one map, have. */
function both(a: ConfigurationKey, b: ConfigurationKey): ConfigurationKey {
    const constants = [...new Set([a.schema.const, b.schema.const])];
    const schema = constants.length === 1 ? a.schema : { ...a.schema, const: undefined, enum: constants };
    return { ...a, schema, roles: [...new Set([...a.roles, ...b.roles])] };
}

function keysIn(schema: JsonSchema, prefix: string, role: Role): ConfigurationKey[] {
    const forms = formsOf(schema);
    return forms.flatMap((form) => {
        const { properties = {}, required = [], additionalProperties, items } = form;
        const own = Object.entries(properties).flatMap(([name, child]) => [
            {
                key: `${prefix}${name}`,
                schema: child,
                required: required.includes(name),
                roles: [role],
                besides: forms.length > 1 ? Object.keys(properties).filter((other) => other !== name) : [],
            },
            ...keysIn(child, `${prefix}${name}.`, role),
        ]);
        const named =
            typeof additionalProperties === "object" ? keysIn(additionalProperties, `${prefix}<name>.`, role) : [];
        const listed = items === undefined ? [] : keysIn(items, `${prefix.slice(0, -1)}[].`, role);
        return [...own, ...named, ...listed];
    });
}
