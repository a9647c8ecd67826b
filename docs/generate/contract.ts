import { contractTable, documents, type DocumentName } from "../../contract/table.ts";
import { jsonSchemaOf, type JsonSchema } from "./json-schema.ts";
import { cell, code, table } from "./markdown.ts";

const titles: Record<DocumentName, string> = {
    "hub-outputs": "Outputs of a hub's stack",
    "spoke-outputs": "Outputs of a spoke's stack",
    "existing-spoke-outputs": "Outputs of the stack of a spoke whose cluster exists already",
    "registration-secret": "Registration secret",
    "cluster-secret-annotations": "Annotations of a cluster secret (facts)",
    "cluster-secret-labels": "Labels of a cluster secret (intentions)",
    "fleet-member": "Fleet member file",
};

/** `docs/reference/contract.md`: every key that crosses a boundary. */
export function contractPage(): string {
    const rows = contractTable();
    return [
        "# Contract",
        "",
        "Every key that crosses a boundary: who writes it, who reads it, what it means. Generated from `contract/` by",
        "`npm run docs`; edit it there. How another program reads the outputs is in [consumers.md](../consumers.md).",
        "",
        ...(Object.keys(documents) as DocumentName[]).flatMap((document) => {
            const { properties = {}, required = [] } = jsonSchemaOf(documents[document]);
            return [
                `## ${titles[document]}`,
                "",
                ...table(
                    ["key", "shape", "meaning", "written by", "read by"],
                    rows
                        .filter((row) => row.document === document)
                        .map(({ key, description, producer, consumers }) => [
                            code(key) + (required.includes(key) ? "" : " (optional)"),
                            shape(properties[key] ?? {}),
                            cell(description),
                            cell(producer),
                            cell(consumers.join(", ")),
                        ]),
                ),
                "",
            ];
        }),
    ].join("\n");
}

function shape(schema: JsonSchema): string {
    const { type, pattern, enum: values, const: only, items, anyOf, oneOf } = schema;
    const fixed = values ?? (only === undefined ? undefined : [only]);
    if (fixed !== undefined) {
        return fixed.map((value) => code(JSON.stringify(value))).join(", ");
    }
    if (items !== undefined) {
        return `list of ${shape(items)}`;
    }
    if (anyOf !== undefined || oneOf !== undefined || type === "object") {
        return "map";
    }
    return pattern === undefined ? (type ?? "") : code(pattern);
}
