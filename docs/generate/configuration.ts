import { readFileSync } from "node:fs";
import { parse } from "yaml";

import { schemas } from "../../config/schema/index.ts";
import { configurationKeys, type ConfigurationKey } from "./keys.ts";
import { formsOf, type JsonSchema } from "./json-schema.ts";
import { cell, code, table } from "./markdown.ts";

/** `docs/reference/configuration.md`: every key a stack's file may have. */
export function configurationPage(): string {
    const keys = configurationKeys();
    const parents = new Set(keys.map(({ key }) => topOf(key)).filter((top, index) => top !== keys[index]?.key));
    const sectionOf = ({ key, kinds }: ConfigurationKey) =>
        parents.has(topOf(key)) ? topOf(key) : `Single values, ${kindsOf(kinds)}`;
    const titles = [...new Set(keys.map(sectionOf))];
    return [
        "# Configuration",
        "",
        "Every key of `Pulumi.<stack>.yaml`. Generated from `config/schema/` by `npm run docs`; edit it there.",
        "A key that is not here is refused, with the one that was probably meant; what a refusal means is in",
        "[messages.md](messages.md). Editors that read JSON Schema know all of this from `config/stack.schema.json`.",
        "A stack is a `hub`, a `spoke`, or a spoke whose cluster is `existing` (its `fleet:cluster` has that key).",
        "",
        ...titles.flatMap((title) =>
            section(
                title,
                keys.filter((key) => sectionOf(key) === title),
            ),
        ),
    ].join("\n");
}

function topOf(key: string): string {
    return key.replace(/[.[].*/, "");
}

function kindsOf(kinds: readonly string[]): string {
    return kinds.length === Object.keys(schemas).length ? "every stack" : kinds.join(" and ");
}

function section(title: string, keys: readonly ConfigurationKey[]): string[] {
    const rows = keys.map(({ key, schema, required, kinds, besides }) => [
        code(key),
        kinds.join(", "),
        cell(typeOf(schema)),
        schema.default !== undefined ? code(JSON.stringify(schema.default)) : required ? "required" : "–",
        cell(allowed(schema)),
        cell(besides.length === 0 ? meaning(schema) : `${meaning(schema)} Stands beside ${besides.join(", ")}.`),
        example(key, schema),
    ]);
    return [
        `## ${title}`,
        "",
        ...table(["key", "stack", "type", "default", "allowed", "meaning", "example"], rows),
        "",
    ];
}

function meaning(schema: JsonSchema): string {
    return schema.description ?? "";
}

function typeOf(schema: JsonSchema): string {
    const forms = formsOf(schema);
    if (forms.length > 1) {
        return [...new Set(forms.map(typeOf))].join(" or ");
    }
    const { type, items, additionalProperties } = schema;
    if (type === "array") {
        return `list of ${items === undefined ? "anything" : plural(typeOf(items))}`;
    }
    if (typeof additionalProperties === "object") {
        return `map of names to ${plural(typeOf(additionalProperties))}`;
    }
    return { object: "map", string: "text", integer: "whole number" }[type ?? ""] ?? type ?? "text";
}

function plural(type: string): string {
    return type === "text" ? "texts" : type.replace(/^(map|list|whole number|number|boolean)/, "$1s");
}

function allowed(schema: JsonSchema): string {
    const { enum: values, const: only, minimum, maximum, minItems, maxItems, items } = schema;
    const words = schema.allowed ?? (items === undefined ? undefined : allowed(items));
    const sizes = [bounds(minimum, maximum, ""), bounds(minItems, maxItems, " entries")];
    const fixed = values ?? (only === undefined ? undefined : [only]);
    return [schema.allowed === undefined ? fixed?.join(", ") : undefined, words, ...sizes]
        .filter((part) => part !== undefined && part !== "")
        .join("; ");
}

function bounds(least: number | undefined, most: number | undefined, unit: string): string | undefined {
    const [from, to] = [least, most].map((bound) =>
        bound === undefined || Math.abs(bound) === Number.MAX_SAFE_INTEGER ? undefined : bound,
    );
    if (from !== undefined && to !== undefined) {
        return `${from} to ${to}${unit}`;
    }
    return from !== undefined ? `≥ ${from}${unit}` : to !== undefined ? `≤ ${to}${unit}` : undefined;
}

/** A value from a committed stack's file, or one that the schema gives. A map's are its keys'. */
function example(key: string, schema: JsonSchema): string {
    const value = committedValue(key) ?? exampleOf(schema);
    return value === undefined || typeOf(schema).startsWith("map") ? "" : code(JSON.stringify(value));
}

/** A value that a schema gives as example, or takes by default. */
export function exampleOf(schema: JsonSchema): unknown {
    const { examples, enum: values, const: only, default: usual, items, minimum, type } = schema;
    if (type === "array") {
        const item = items === undefined ? undefined : exampleOf(items);
        return usual ?? (item === undefined ? undefined : [item]);
    }
    const [form, ...others] = formsOf(schema);
    const simplest = others.length > 0 && form !== undefined ? exampleOf(form) : undefined;
    return examples?.[0] ?? only ?? usual ?? values?.[0] ?? simplest ?? (type === "boolean" ? true : minimum);
}

const committed = ["dev", "hub", "prod"].map((stack) => {
    const file = new URL(`../../Pulumi.${stack}.yaml`, import.meta.url);
    return (parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> }).config;
});

function committedValue(key: string): unknown {
    const [top = "", ...rest] = key.split(".");
    return committed.map((config) => rest.reduce(childOf, config[top])).find((value) => value !== undefined);
}

function childOf(value: unknown, part: string): unknown {
    if (typeof value !== "object" || value === null) {
        return undefined;
    }
    return part === "<name>" ? Object.values(value)[0] : (value as Record<string, unknown>)[part];
}
