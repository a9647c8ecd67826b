import { stringify } from "yaml";

const token = /helm0x([0-9a-f]+)x/g;
const blockLine = /^( *)((?:- )?)([^\s:]+): helm0x([0-9a-f]+)x$/gm;
const prefix = "block:";

function encode(text: string): string {
    return `helm0x${Buffer.from(text).toString("hex")}x`;
}

function decode(hex: string): string {
    return Buffer.from(hex, "hex").toString();
}

/** A string that {@link helmText} turns into `{{ expression }}`, alone or within a longer string. */
export function inline(expression: string): string {
    return encode(expression);
}

/** A value that {@link helmText} turns into the YAML block which `expression` renders, indented as its key needs. */
export function block(expression: string): string {
    return encode(prefix + expression);
}

/** An object as the text of a Helm template: braces of its own stay text, {@link inline} and {@link block} do not. */
export function helmText(object: unknown): string {
    // Helm reads YAML 1.1, where an unquoted `no` is a boolean.
    return stringify(object, { lineWidth: 0, version: "1.1" })
        .replaceAll("{{", '{{ "{{" }}')
        .replace(blockLine, (line, indent: string, dash: string, key: string, hex: string) => {
            const expression = decode(hex);
            if (!expression.startsWith(prefix)) {
                return line;
            }
            const depth = indent.length + dash.length + 2;
            return `${indent}${dash}${key}: {{- ${expression.slice(prefix.length)} | nindent ${depth} }}`;
        })
        .replace(token, (_, hex: string) => `{{ ${decode(hex)} }}`);
}
