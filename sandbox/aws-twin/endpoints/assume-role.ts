import { explainReasons } from "../iam/explain.ts";
import type { IamRole } from "../iam/source.ts";
import { type Caller, contextOf, withPrefix } from "./caller.ts";
import type { IssuedSession } from "./credential-store.ts";
import { type AwsServices, decide, refuse, ServiceError } from "./services.ts";

export interface AssumeRoleInput {
    roleArn: string;
    roleSessionName: string;
    /** @default 3600 */
    durationSeconds?: number;
    externalId?: string;
    tags: Record<string, string>;
    transitiveTagKeys: string[];
}

/** AWS's limit for a role assumed with the credentials of a role, whatever the role's own maximum. */
const CHAINED_MAX_SECONDS = 3600;

/**
 * Assumes a role with a session's credentials. Tags of the caller's session that are transitive go with it; with any
 * tag, passed or inherited, both sides must allow sts:TagSession as well.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 * @throws ServiceError AccessDenied or ValidationError.
 */
export function assumeRole(services: AwsServices, caller: Caller, input: AssumeRoleInput): IssuedSession {
    const inherited = inheritedTags(caller.session);
    const seconds = validate(input, inherited);
    const role = services.source.role(input.roleArn);
    if (role === undefined) {
        const id = refuse(services, caller.arn, "sts:AssumeRole", input.roleArn, "the role does not exist");
        throw denied(caller.arn, "sts:AssumeRole", input.roleArn, "the role does not exist", id);
    }
    const tagged = Object.keys(inherited).length + Object.keys(input.tags).length > 0;
    for (const action of ["sts:AssumeRole", ...(tagged ? ["sts:TagSession"] : [])]) {
        authorize(services, caller, action, role, input);
    }
    return services.credentials.issue(
        {
            roleArn: role.arn,
            roleId: role.uniqueId,
            sessionName: input.roleSessionName,
            tags: { ...input.tags, ...inherited },
            transitiveTagKeys: [...new Set([...Object.keys(inherited), ...input.transitiveTagKeys])],
        },
        seconds,
    );
}

function inheritedTags({ tags, transitiveTagKeys }: IssuedSession): Record<string, string> {
    return Object.fromEntries(Object.entries(tags).filter(([key]) => transitiveTagKeys.includes(key)));
}

function authorize(services: AwsServices, caller: Caller, action: string, role: IamRole, input: AssumeRoleInput): void {
    const decision = decide(services, {
        principal: caller.principal,
        action,
        resource: { arn: role.arn, accountId: role.accountId, kind: "role", policy: role.trustPolicy },
        context: contextOf(caller, services.clock(), {
            "aws:ResourceAccount": role.accountId,
            "aws:TagKeys": Object.keys(input.tags),
            "sts:ExternalId": input.externalId,
            "sts:RoleSessionName": input.roleSessionName,
            "sts:TransitiveTagKeys": input.transitiveTagKeys,
            ...withPrefix("aws:RequestTag/", input.tags),
            ...withPrefix("aws:ResourceTag/", role.tags),
        }),
    });
    if (!decision.allowed) throw denied(caller.arn, action, role.arn, explainReasons(decision), decision.id);
}

function denied(user: string, action: string, resource: string, why: string, id: string): ServiceError {
    const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} because ${why}`;
    return new ServiceError("AccessDenied", message, id);
}

/** Checks what AWS checks before any policy; gives the duration in seconds. */
function validate(input: AssumeRoleInput, inherited: Readonly<Record<string, string>>): number {
    if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(input.roleArn)) throw invalid(`${input.roleArn} is invalid`);
    if (!/^[\w+=,.@-]{2,64}$/.test(input.roleSessionName)) {
        throw invalid(
            `RoleSessionName "${input.roleSessionName}" must be 2 to 64 characters of letters, digits and _+=,.@-`,
        );
    }
    const seconds = input.durationSeconds ?? CHAINED_MAX_SECONDS;
    if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43200) {
        throw invalid(`DurationSeconds ${seconds} must be between 900 and 43200`);
    }
    if (seconds > CHAINED_MAX_SECONDS) {
        throw invalid(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        );
    }
    for (const [key, value] of Object.entries(input.tags)) {
        if (key === "" || key.length > 128 || value.length > 256)
            throw invalid(`session tag "${key}" is too long or empty`);
    }
    if (Object.keys(input.tags).length > 50) throw invalid("a session takes at most 50 tags");
    const foreign = input.transitiveTagKeys.find((key) => input.tags[key] === undefined);
    if (foreign !== undefined) {
        throw invalid(`The specified transitive tag key "${foreign}" must be included in the requested tags.`);
    }
    // Tag keys compare without case.
    const kept = new Set(Object.keys(inherited).map((key) => key.toLowerCase()));
    const clash = Object.keys(input.tags).find((key) => kept.has(key.toLowerCase()));
    if (clash !== undefined) {
        throw invalid(
            `One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key ` +
                `from the calling session: "${clash}"`,
        );
    }
    return seconds;
}

function invalid(message: string): ServiceError {
    return new ServiceError("ValidationError", message);
}
