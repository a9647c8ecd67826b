import { conditionKeyNames, findConditionKey, type RequestContext } from "./condition-keys.ts";
import { type PatternPart, wildcardParts } from "./wildcard.ts";

/**
 * A policy value that may hold policy variables, such as `${aws:PrincipalTag/team}`, `${aws:userid, 'none'}` or
 * the escapes `${*}`, `${?}` and `${$}`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export interface Template {
    /** As the policy wrote it. */
    text: string;
    pieces: readonly Piece[];
}

type Piece = { text: string } | { escape: string } | { variable: string; fallback?: string };

/**
 * Parses a policy value.
 * @throws Error that names a variable which is malformed, unknown or has several values.
 */
export function parseTemplate(text: string): Template {
    const pieces: Piece[] = [];
    let rest = text;
    for (let start = rest.indexOf("${"); start !== -1; start = rest.indexOf("${")) {
        const end = rest.indexOf("}", start);
        if (end === -1) throw new Error(`the policy variable in "${text}" has no closing brace`);
        if (start > 0) pieces.push({ text: rest.slice(0, start) });
        pieces.push(parseVariable(rest.slice(start + 2, end)));
        rest = rest.slice(end + 1);
    }
    if (rest !== "") pieces.push({ text: rest });
    return { text, pieces };
}

function parseVariable(content: string): Piece {
    if (content === "*" || content === "?" || content === "$") return { escape: content };
    const [, variable, fallback] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(content) ?? [];
    const known = variable === undefined ? undefined : findConditionKey(variable);
    if (variable === undefined || known === undefined) {
        throw new Error(`policy variable "\${${content}}" is not supported (supported: ${conditionKeyNames()})`);
    }
    if (known.several) throw new Error(`policy variable "\${${content}}" has several values, which AWS does not allow`);
    return fallback === undefined ? { variable } : { variable, fallback };
}

/** Whether the value depends on the request. */
export function hasVariables(template: Template): boolean {
    return template.pieces.some((piece) => !("text" in piece));
}

/**
 * The value for a request, in which wildcards of the policy's own text are wildcards and those that came in through
 * a variable or an escape are not. Undefined if a variable has neither a value nor a default: such a value equals
 * nothing, so that a negated operator holds.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
 */
export function renderPattern(template: Template, context: RequestContext): PatternPart[] | undefined {
    const parts: PatternPart[] = [];
    for (const piece of template.pieces) {
        if ("text" in piece) parts.push(...wildcardParts(piece.text));
        else if ("escape" in piece) parts.push({ literal: piece.escape });
        else {
            const value = context.get(piece.variable)?.[0] ?? piece.fallback;
            if (value === undefined) return undefined;
            parts.push({ literal: value });
        }
    }
    return parts;
}

/** The text of rendered parts, wildcards as written. */
export function patternText(parts: readonly PatternPart[]): string {
    return parts.map((part) => ("literal" in part ? part.literal : part.wildcard)).join("");
}
