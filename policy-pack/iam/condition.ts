import { widest } from "./pattern.ts";

/** One key under one operator of a Condition block. */
export interface Condition {
    /** As written: IAM's operators have a case. */
    operator: string;
    /** In lower case: IAM's keys have none. */
    key: string;
    values: readonly string[];
}

/** Operators that admit only the values they list, and whether `*` and `?` are wildcards in those. */
const positive: Readonly<Record<string, "literal" | "pattern">> = {
    StringEquals: "literal",
    StringEqualsIgnoreCase: "literal",
    StringLike: "pattern",
    ArnEquals: "pattern",
    ArnLike: "pattern",
};

/**
 * The values a request's key may have for the statement to apply, as patterns: one list per condition that binds, all
 * of which hold at once. Conditions that do not bind are left out: negated operators, `…IfExists` and `ForAllValues:`
 * (true when the key is missing, unless `Null` asks for it), operators that are not known, and those without values.
 */
export function bindings(conditions: readonly Condition[], key: string): (readonly string[])[] {
    const wanted = key.toLowerCase();
    const own = conditions.filter((condition) => condition.key === wanted);
    const present = own.some(
        ({ operator, values }) => operator === "Null" && values.length > 0 && values.every((v) => v === "false"),
    );
    return own.flatMap(({ operator, values }) => {
        const { set, base, ifExists } = parts(operator);
        const kind = positive[base];
        if (kind === undefined || values.length === 0 || ((ifExists || set === "ForAllValues") && !present)) {
            return [];
        }
        return [values.map((value) => (kind === "pattern" ? widest(value) : literal(value)))];
    });
}

/** Whether conditions hold a key to values that all are acceptable. */
export function binds(
    conditions: readonly Condition[],
    key: string,
    acceptable: (pattern: string) => boolean,
): boolean {
    return bindings(conditions, key).some((values) => values.every(acceptable));
}

/** In an operator without patterns only a variable is open, and a `*` is a star, which no key of ours has. */
function literal(value: string): string {
    return value.includes("${") ? widest(value) : value.replace(/[*?]/g, "\u0000");
}

function parts(operator: string): { set: string; base: string; ifExists: boolean } {
    const [, set = "", base = "", ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/.exec(operator) ?? [];
    return { set, base, ifExists: ifExists !== undefined };
}
