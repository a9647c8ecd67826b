/** One statement of a role's trust policy, with everything that may be a list made one. */
export interface TrustStatement {
    sid: string;
    effect: string;
    /** Kind (AWS, Service, Federated, or `*`) and name of every principal. */
    principals: { kind: string; name: string }[];
    actions: string[];
    /** Values by operator and lower-case key: IAM ignores the case of keys, not of operators. */
    conditions: Record<string, Record<string, string[]>>;
    /** Elements that turn the statement's meaning around, such as NotPrincipal. */
    inverted: string[];
}

/** Reads a trust policy, given as JSON or as an object; undefined when it has no statements. */
export function readTrustPolicy(policy: unknown): TrustStatement[] | undefined {
    const document = typeof policy === "string" ? parseJson(policy) : policy;
    const statements = isMap(document) ? list(document.Statement) : [];
    if (statements.length === 0 || !statements.every(isMap)) {
        return undefined;
    }
    return statements.map((statement, index) => ({
        sid: typeof statement.Sid === "string" ? statement.Sid : `statement ${index}`,
        effect: String(statement.Effect),
        principals: principalsOf(statement.Principal),
        actions: list(statement.Action).map(String),
        conditions: conditionsOf(statement.Condition),
        inverted: Object.keys(statement).filter((element) => element.startsWith("Not")),
    }));
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

function principalsOf(principal: unknown): TrustStatement["principals"] {
    return isMap(principal)
        ? Object.entries(principal).flatMap(([kind, names]) =>
              list(names).map((name) => ({ kind, name: String(name) })),
          )
        : list(principal).map((name) => ({ kind: String(name), name: String(name) }));
}

function conditionsOf(condition: unknown): TrustStatement["conditions"] {
    const operators = isMap(condition) ? Object.entries(condition) : [];
    return Object.fromEntries(
        operators.map(([operator, keys]) => [
            operator,
            Object.fromEntries(
                Object.entries(isMap(keys) ? keys : {}).map(([key, values]) => [
                    key.toLowerCase(),
                    list(values).map(String),
                ]),
            ),
        ]),
    );
}

function list(value: unknown): unknown[] {
    return value === undefined ? [] : Array.isArray(value) ? [...value] : [value];
}

function isMap(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
