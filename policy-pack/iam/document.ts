import type { Condition } from "./condition.ts";

/** One principal: its kind (`AWS`, `Service`, `Federated`, `CanonicalUser`, or `*` for everybody) and its name. */
export interface Principal {
    kind: string;
    name: string;
}

/** One statement of a policy document, with everything that may be a list made one. */
export interface Statement {
    /** The Sid, or `statement 0`, `statement 1`, … */
    sid: string;
    effect: "Allow" | "Deny";
    principals: readonly Principal[];
    /** True when the statement is about everybody but {@link principals}. */
    notPrincipal: boolean;
    actions: readonly string[];
    /** True when the statement is about every action but {@link actions}. */
    notAction: boolean;
    resources: readonly string[];
    /** True when the statement is about every resource but {@link resources}. */
    notResource: boolean;
    conditions: readonly Condition[];
}

/** What {@link readPolicy} makes of a policy. */
export type Policy = { statements: readonly Statement[] } | { problem: string };

/**
 * Reads a policy, given as JSON or as an object. What it cannot read it does not guess: an effect that is neither Allow
 * nor Deny, a statement that is no object, or JSON that is none, is a problem.
 */
export function readPolicy(policy: unknown): Policy {
    const document = typeof policy === "string" ? parseJson(policy) : policy;
    if (!isMap(document)) {
        return { problem: "is no policy document" };
    }
    const entries = list(document["Statement"]);
    if (entries.length === 0) {
        return { problem: "has no statement" };
    }
    const statements: Statement[] = [];
    for (const [index, entry] of entries.entries()) {
        if (!isMap(entry)) {
            return { problem: `has a statement ${index} that is no object` };
        }
        const effect = entry["Effect"];
        const sid = typeof entry["Sid"] === "string" ? entry["Sid"] : `statement ${index}`;
        if (effect !== "Allow" && effect !== "Deny") {
            return { problem: `has ${sid} with an Effect that is neither Allow nor Deny` };
        }
        statements.push({
            sid,
            effect,
            principals: principalsOf(entry["Principal"] ?? entry["NotPrincipal"]),
            notPrincipal: entry["NotPrincipal"] !== undefined,
            actions: texts(entry["Action"] ?? entry["NotAction"]),
            notAction: entry["NotAction"] !== undefined,
            resources: texts(entry["Resource"] ?? entry["NotResource"]),
            notResource: entry["NotResource"] !== undefined,
            conditions: conditionsOf(entry["Condition"]),
        });
    }
    return { statements };
}

/** The statements that grant something. One that refuses never makes a policy wider, so rules leave it out. */
export function allows(policy: Policy): readonly Statement[] {
    return "statements" in policy ? policy.statements.filter(({ effect }) => effect === "Allow") : [];
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

function principalsOf(principal: unknown): Principal[] {
    return isMap(principal)
        ? Object.entries(principal).flatMap(([kind, names]) => texts(names).map((name) => ({ kind, name })))
        : texts(principal).map((name) => ({ kind: name, name }));
}

function conditionsOf(condition: unknown): Condition[] {
    return Object.entries(isMap(condition) ? condition : {}).flatMap(([operator, keys]) =>
        Object.entries(isMap(keys) ? keys : {}).map(([key, values]) => ({
            operator,
            key: key.toLowerCase(),
            values: texts(values),
        })),
    );
}

function texts(value: unknown): string[] {
    return list(value).map((item) => (typeof item === "string" ? item : (JSON.stringify(item) ?? "")));
}

function list(value: unknown): unknown[] {
    return value === undefined || value === null ? [] : Array.isArray(value) ? [...(value as unknown[])] : [value];
}

function isMap(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
