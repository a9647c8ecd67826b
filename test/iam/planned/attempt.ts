import { RequestContext } from "../../../sandbox/aws-twin/iam/condition-keys.ts";
import { type Decision, evaluate, type RequestedResource } from "../../../sandbox/aws-twin/iam/evaluate.ts";
import type { IamSource } from "../../../sandbox/aws-twin/iam/source.ts";
import { PlannedSource } from "./source.ts";

/**
 * One request to AWS, flat, so that two of them can be compared attribute by attribute: who (a role's ARN or a service
 * principal), which action, on which resource; everything else is a condition key with its value.
 */
export interface Attempt {
    caller: string;
    action: string;
    resource: string;
    [conditionKey: string]: string | readonly string[];
}

/** What AWS would decide by the policies of `source`. */
export function decideAttempt(source: IamSource, attempt: Attempt): Decision {
    const { caller, action, resource: _, ...keys } = attempt;
    const target = resourceOf(source, attempt);
    if (!caller.startsWith("arn:")) {
        return evaluate({
            principal: { type: "service", service: caller },
            action,
            resource: target,
            context: new RequestContext({ "aws:ResourceAccount": target.accountId, ...keys }),
        });
    }
    const role = source.role(caller);
    if (role === undefined) throw new Error(`the plan has no role ${caller}`);
    return evaluate({
        principal: { type: "session", role, sessionName: "somebody" },
        action,
        resource: target,
        context: new RequestContext({
            "aws:PrincipalAccount": role.accountId,
            "aws:PrincipalArn": role.arn,
            "aws:ResourceAccount": target.accountId,
            ...keys,
        }),
    });
}

/** Attributes in which two attempts differ; one that only one of them has counts. */
export function differences(a: Attempt, b: Attempt): string[] {
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return names.filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
}

function resourceOf(source: IamSource, { caller, action, resource: arn }: Attempt): RequestedResource {
    const [, , service, region = "", account = "", rest = ""] = arn.split(":");
    // Some resources, such as hosted zones, have no account in their ARN: they are the caller's.
    const accountId = account === "" ? (caller.split(":")[4] ?? "") : account;
    if (service === "iam" && rest.startsWith("role/") && action.startsWith("sts:")) {
        const policy = source.role(arn)?.trustPolicy;
        return { arn, accountId, kind: "role", ...(policy && { policy }) };
    }
    if (service === "kms") {
        const policy = source.kmsKey(arn)?.policy;
        return { arn, accountId, kind: "key", ...(policy && { policy }) };
    }
    if (service === "ecr" && source instanceof PlannedSource) {
        const policy = source.repositoryPolicy(arn);
        return { arn, accountId, kind: "repository", ...(policy && { policy }) };
    }
    const policy = source.secrets(accountId, region).find((secret) => secret.arn === arn)?.policy;
    return { arn, accountId, kind: "other", ...(policy && { policy }) };
}
