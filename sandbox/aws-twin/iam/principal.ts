import type { PolicyPrincipal } from "./document-principal.ts";
import type { IamRole } from "./source.ts";

/** Who makes a request. */
export type Principal = SessionPrincipal | ServicePrincipal;

/** A session of an assumed role. */
export interface SessionPrincipal {
    type: "session";
    role: IamRole;
    sessionName: string;
}

export interface ServicePrincipal {
    type: "service";
    /** `pods.eks.amazonaws.com`, … */
    service: string;
}

/** `arn:aws:sts::<account>:assumed-role/<role name>/<session>`: the role's path is not in it. */
export function sessionArn(role: Pick<IamRole, "accountId" | "name">, sessionName: string): string {
    return `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${sessionName}`;
}

/** How logs and messages call a principal. */
export function principalName(principal: Principal): string {
    return principal.type === "service" ? principal.service : sessionArn(principal.role, principal.sessionName);
}

/**
 * How a Principal element names the caller. `account` delegates: the caller's own identity policies must allow too.
 * The others grant to the caller itself, `role` within the limits of a permissions boundary.
 */
export type PrincipalMatch = "none" | "account" | "everyone" | "role" | "session" | "service";

const STRONGEST_FIRST: readonly PrincipalMatch[] = ["session", "everyone", "service", "role", "account", "none"];

/** Sorts the match that grants most to the front. */
export function compareMatches(a: PrincipalMatch, b: PrincipalMatch): number {
    return STRONGEST_FIRST.indexOf(a) - STRONGEST_FIRST.indexOf(b);
}

/**
 * The strongest way in which a list of principals names the caller.
 * @param principalIds Role ARN → unique id when the policy was written.
 */
export function matchPrincipals(
    wanted: readonly PolicyPrincipal[],
    principalIds: Readonly<Record<string, string>>,
    caller: Principal,
): PrincipalMatch {
    const matches = wanted.map((principal) => matchPrincipal(principal, principalIds, caller));
    return matches.toSorted(compareMatches)[0] ?? "none";
}

function matchPrincipal(
    wanted: PolicyPrincipal,
    principalIds: Readonly<Record<string, string>>,
    caller: Principal,
): PrincipalMatch {
    if (wanted.type === "everyone") return "everyone";
    if (caller.type === "service") {
        return wanted.type === "service" && wanted.service === caller.service ? "service" : "none";
    }
    const { role, sessionName } = caller;
    switch (wanted.type) {
        case "account":
            return wanted.accountId === role.accountId ? "account" : "none";
        case "role":
            return wanted.arn === role.arn && principalIds[wanted.arn] === role.uniqueId ? "role" : "none";
        case "session":
            return wanted.arn === sessionArn(role, sessionName) ? "session" : "none";
        default:
            return "none";
    }
}

/** A principal of a policy in words; a role with the unique id it is pinned to if that is no longer the caller's. */
export function describePrincipal(
    wanted: PolicyPrincipal,
    principalIds: Readonly<Record<string, string>>,
    caller: Principal,
): string {
    switch (wanted.type) {
        case "everyone":
            return "*";
        case "account":
            return `arn:aws:iam::${wanted.accountId}:root`;
        case "session":
            return wanted.arn;
        case "service":
            return wanted.service;
        case "federated":
            return wanted.provider;
        default: {
            const sameArn = caller.type === "session" && caller.role.arn === wanted.arn;
            return sameArn ? `${wanted.arn} (pinned to ${principalIds[wanted.arn] ?? "no role"})` : wanted.arn;
        }
    }
}

/** The caller in the words of a Principal element; with the role's unique id, to tell a recreated role. */
export function describeCaller(caller: Principal): string {
    return caller.type === "service" ? caller.service : `${caller.role.arn} (${caller.role.uniqueId})`;
}
