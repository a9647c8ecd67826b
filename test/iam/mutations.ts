import type { PolicyJson, PolicyStatement } from "./chain-policies.ts";

/** A policy that differs from the right one in one place. */
export interface Mutation {
    /** What was done, for the test's title. */
    change: string;
    /** What the denial must contain. */
    says: string;
    policy: PolicyJson;
}

/**
 * Every policy that lacks one statement, one action, its resource or its principal, or wants another value in one
 * condition.
 * @param except Sids to leave alone.
 */
export function mutations(policy: PolicyJson, except: readonly string[] = []): Mutation[] {
    return policy.Statement.flatMap((statement, index) => {
        if (except.includes(statement.Sid ?? "")) return [];
        const label = `statement ${statement.Sid}`;
        const others = policy.Statement.filter((_, other) => other !== index);
        // A document needs a statement, so one about something else stands in for the one taken away.
        const unrelated: PolicyStatement = { ...statement, Sid: "Unrelated", Action: "sts:DecodeAuthorizationMessage" };
        return [
            {
                change: `${label} taken away`,
                says: "Action wanted",
                policy: { ...policy, Statement: [...others, unrelated] },
            },
            ...changedStatements(statement).map(({ change, says, changed }) => ({
                change: `${label}, ${change}`,
                says: `nearest statement ${statement.Sid}: ${says}`,
                policy: { ...policy, Statement: policy.Statement.with(index, changed) },
            })),
        ];
    });
}

function changedStatements(statement: PolicyStatement): { change: string; says: string; changed: PolicyStatement }[] {
    const actions = [statement.Action ?? []].flat();
    const conditions = Object.entries(statement.Condition ?? {});
    return [
        ...actions.map((action) => ({
            change: `without ${action}`,
            says: "Action wanted",
            // Never an empty list.
            changed: {
                ...statement,
                Action: ["sts:DecodeAuthorizationMessage", ...actions.filter((a) => a !== action)],
            },
        })),
        ...(statement.Resource === undefined
            ? []
            : [
                  {
                      change: "another Resource",
                      says: "Resource wanted arn:aws:s3:::other",
                      changed: { ...statement, Resource: "arn:aws:s3:::other" },
                  },
              ]),
        ...(statement.Principal === undefined
            ? []
            : [
                  {
                      change: "another Principal",
                      says: "Principal wanted arn:aws:iam::555555555555:root",
                      changed: { ...statement, Principal: { AWS: "555555555555" } },
                  },
              ]),
        ...conditions.flatMap(([operator, keys]) =>
            Object.keys(keys).map((key) => ({
                change: `another ${key}`,
                says: `Condition ${operator} ${key} wanted`,
                changed: {
                    ...statement,
                    Condition: { ...statement.Condition, [operator]: { ...keys, [key]: "arn:aws:x:y:z:other" } },
                },
            })),
        ),
    ];
}
