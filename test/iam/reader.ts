import { RequestContext } from "../../sandbox/aws-twin/iam/condition-keys.ts";
import { evaluate } from "../../sandbox/aws-twin/iam/evaluate.ts";
import type { IamRole } from "../../sandbox/aws-twin/iam/source.ts";
import { type PolicyJson, policy, type PolicyStatement } from "./chain-policies.ts";

/** The caller's account. */
export const HERE = "111111111111";
export const CALLER = `arn:aws:iam::${HERE}:role/team/reader`;
export const ALLOW: PolicyStatement = { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "*" };

/** The role of CALLER without any policy. */
export function readerRole(): IamRole {
    return {
        arn: CALLER,
        accountId: HERE,
        name: "reader",
        path: "/team/",
        uniqueId: "AROA1",
        trustPolicy: { document: "", principalIds: {} },
        identityPolicies: [],
        maxSessionDuration: 3600,
        tags: {},
    };
}

/** A GetSecretValue by a session of CALLER; what is absent does not exist. */
export interface Setup {
    identity?: PolicyStatement;
    boundary?: PolicyStatement;
    attached?: PolicyStatement;
    account?: string;
    kind?: "role" | "key" | "other";
    context?: Record<string, string | string[]>;
}

function json(statement: PolicyStatement): string {
    const document: PolicyJson = policy(statement);
    return JSON.stringify(document);
}

export function decide({ identity, boundary, attached, account = HERE, kind = "other", context = {} }: Setup) {
    const role: IamRole = {
        ...readerRole(),
        identityPolicies: identity ? [{ name: "p", kind: "inline", document: json(identity) }] : [],
        ...(boundary ? { permissionsBoundary: { arn: "arn:b", document: json(boundary) } } : {}),
    };
    return evaluate({
        principal: { type: "session", role, sessionName: "s1" },
        action: "secretsmanager:GetSecretValue",
        resource: {
            arn: `arn:aws:secretsmanager:eu-west-1:${account}:secret:team/db-a1B2c3`,
            accountId: account,
            kind,
            ...(attached ? { policy: { document: json(attached), principalIds: { [CALLER]: "AROA1" } } } : {}),
        },
        context: new RequestContext(context),
    });
}
