import { z } from "zod";

import { text, word } from "./fields.ts";
import { configKey, type Problem } from "./problems.ts";
import { childForms, children, type Form, formsAt } from "./schema-tree.ts";

const secretSchemas = z.registry<Record<string, never>>();

/**
 * A value that must be encrypted in the stack's file. No message repeats it.
 *
 * @param description one sentence for the reference
 * @param check the problem with the value, starting with its code. @default it must not be empty
 */
export function secret(description: string, check?: (value: string) => string | undefined) {
    const schema = (check === undefined ? word : text(check)).describe(description).meta(inTheFile);
    secretSchemas.add(schema, {});
    return schema;
}

/** What stands in the stack's file, for the JSON Schema and the reference: the engine decrypts it before we see it. */
const inTheFile = {
    type: "object",
    properties: { secure: { type: "string", description: "Written by `pulumi config set --secret --path`." } },
    required: ["secure"],
    additionalProperties: false,
};

/** Whether a message about a value of this form could show a secret: it is one, or something around one. */
export function holdsSecret(form: Form): boolean {
    return isSecret(form) || children(form).some(holdsSecret);
}

/**
 * E-CFG-004 for each secret that the stack's file gives as plain text.
 *
 * @param raw configuration of the stack, checked or not
 * @param secretKeys its top-level keys that hold something encrypted
 */
export function plainSecretProblems(
    schema: unknown,
    raw: Readonly<Record<string, unknown>>,
    secretKeys: ReadonlySet<string>,
): Problem[] {
    return Object.entries(raw)
        .filter(([key]) => !secretKeys.has(key))
        .flatMap(([key, value]) => secretPaths(formsAt(schema, [key]), value, [key]))
        .map((path) => ({
            code: "E-CFG-004",
            key: configKey(path),
            text:
                `a secret given as plain text. Fix: \`pulumi config set --secret --path '${configKey(path)}'\`, and ` +
                "replace the credential: whoever can read the file's history has the exposed one.",
        }));
}

/** Where a value has secrets, as its schema says. */
function secretPaths(forms: readonly Form[], value: unknown, path: readonly PropertyKey[]): PropertyKey[][] {
    if (value === undefined || value === null) {
        return [];
    }
    if (forms.some(isSecret)) {
        return [[...path]];
    }
    const parts: [PropertyKey, unknown][] = Array.isArray(value)
        ? [...value.entries()]
        : typeof value === "object"
          ? Object.entries(value)
          : [];
    return parts.flatMap(([part, item]) =>
        secretPaths(
            forms.flatMap((form) => childForms(form, part)),
            item,
            [...path, part],
        ),
    );
}

function isSecret(form: Form): boolean {
    return form instanceof z.ZodType && secretSchemas.has(form);
}
