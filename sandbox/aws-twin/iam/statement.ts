import type { RequestContext } from "./condition-keys.ts";
import type { Condition, Statement } from "./document.ts";
import { conditionHolds } from "./operators.ts";
import {
    describeCaller,
    describePrincipal,
    matchPrincipals,
    type Principal,
    type PrincipalMatch,
} from "./principal.ts";
import { patternText, renderPattern, type Template } from "./template.ts";
import { matchesAction, matchesArn, type PatternPart } from "./wildcard.ts";

/** What a statement is compared with. */
export interface StatementTarget {
    principal: Principal;
    action: string;
    resourceArn: string;
    context: RequestContext;
    /** Role ARN → unique id when the policy was written; absent for identity policies. */
    principalIds?: Readonly<Record<string, string>>;
}

/** An element of a statement that did not match. */
export interface Mismatch {
    /** `Action`, `Resource`, `Principal` or `Condition <operator> <key>`. */
    element: string;
    wanted: readonly string[];
    /** The request's values; empty if the request does not carry the key. */
    got: readonly string[];
}

export interface StatementMatch {
    /** Empty: the statement applies. */
    mismatches: readonly Mismatch[];
    /** How the Principal element names the caller; `none` in a statement without one. */
    principal: PrincipalMatch;
}

/** Compares every element, so that a denial can tell how near a statement came. */
export function matchStatement(statement: Statement, target: StatementTarget): StatementMatch {
    const mismatches = [
        ...matchActions(statement, target),
        ...matchResources(statement, target),
        ...statement.conditions.flatMap((condition) => matchCondition(condition, target.context)),
    ];
    const { principal: wanted } = statement;
    if (wanted === undefined) return { mismatches, principal: "none" };
    const ids = target.principalIds ?? {};
    const principal = matchPrincipals(wanted, ids, target.principal);
    if (principal === "none") {
        mismatches.push({
            element: "Principal",
            wanted: wanted.map((each) => describePrincipal(each, ids, target.principal)),
            got: [describeCaller(target.principal)],
        });
    }
    return { mismatches, principal };
}

function matchActions({ actions }: Statement, { action }: StatementTarget): Mismatch[] {
    const listed = actions.patterns.some((pattern) => matchesAction(pattern, action));
    if (listed !== actions.not) return [];
    return [{ element: actions.not ? "NotAction" : "Action", wanted: actions.patterns, got: [action] }];
}

function matchResources({ resources }: Statement, { resourceArn, context }: StatementTarget): Mismatch[] {
    if (resources === undefined) return [];
    const patterns = renderAll(resources.patterns, context);
    const listed = patterns.some((parts) => patternText(parts) === "*" || matchesArn(parts, resourceArn));
    if (listed !== resources.not) return [];
    const element = resources.not ? "NotResource" : "Resource";
    return [{ element, wanted: describeAll(resources.patterns, context), got: [resourceArn] }];
}

function matchCondition({ operator, key, values }: Condition, context: RequestContext): Mismatch[] {
    const got = context.get(key);
    if (conditionHolds(operator, got, renderAll(values, context))) return [];
    return [{ element: `Condition ${operator.name} ${key}`, wanted: describeAll(values, context), got: got ?? [] }];
}

function renderAll(templates: readonly Template[], context: RequestContext): PatternPart[][] {
    return templates.flatMap((template) => {
        const parts = renderPattern(template, context);
        return parts === undefined ? [] : [parts];
    });
}

/** Values with their variables filled in; one whose variable has no value as the policy wrote it. */
function describeAll(templates: readonly Template[], context: RequestContext): string[] {
    return templates.map((template) => {
        const parts = renderPattern(template, context);
        return parts === undefined ? template.text : patternText(parts);
    });
}
