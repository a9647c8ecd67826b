import { RequestContext } from "./iam/condition-keys.ts";
import { type AccessRequest, evaluate, type RequestedResource } from "./iam/evaluate.ts";
import { explainReasons } from "./iam/explain.ts";
import type { IamSource } from "./iam/source.ts";

type Keys = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Why a role may not do something, by its policies and the resource's; undefined if it may. */
export function roleDenial(
    view: IamSource,
    now: Date,
    caller: { arn: string; sessionName: string },
    action: string,
    resource: RequestedResource,
    keys: Keys = {},
): string | undefined {
    const role = view.role(caller.arn);
    if (role === undefined) return `the caller's role ${caller.arn} does not exist`;
    const tags = Object.entries(role.tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]);
    return denial({
        principal: { type: "session", role, sessionName: caller.sessionName },
        action,
        resource,
        context: new RequestContext({
            ...timeKeys(now),
            "aws:PrincipalAccount": role.accountId,
            "aws:PrincipalArn": role.arn,
            "aws:PrincipalIsAWSService": "false",
            "aws:PrincipalType": "AssumedRole",
            "aws:ResourceAccount": resource.accountId,
            "aws:SecureTransport": "true",
            "aws:userid": `${role.uniqueId}:${caller.sessionName}`,
            "aws:ViaAWSService": "false",
            ...Object.fromEntries(tags),
            ...keys,
        }),
    });
}

/** Why an AWS service may not assume a role, or tag its sessions; undefined if it may. */
export function serviceDenial(
    view: IamSource,
    now: Date,
    service: string,
    arn: string,
    source: { accountId: string; arn: string },
    action: "sts:AssumeRole" | "sts:TagSession" = "sts:AssumeRole",
): string | undefined {
    const role = view.role(arn);
    if (role === undefined) return `role ${arn} does not exist`;
    return denial({
        principal: { type: "service", service },
        action,
        resource: { arn, accountId: role.accountId, kind: "role", policy: role.trustPolicy },
        context: new RequestContext({
            ...timeKeys(now),
            "aws:PrincipalIsAWSService": "true",
            "aws:PrincipalServiceName": service,
            "aws:ResourceAccount": role.accountId,
            "aws:SecureTransport": "true",
            "aws:SourceAccount": source.accountId,
            "aws:SourceArn": source.arn,
        }),
    });
}

/** Why a service may not use a key in a request of its own; undefined if the key's policy lets it. */
export function serviceKeyDenial(
    view: IamSource,
    now: Date,
    service: string,
    keyArn: string,
    action: string,
    keys: Keys,
): string | undefined {
    const key = view.kmsKey(keyArn);
    if (key === undefined) return `key ${keyArn} does not exist`;
    return denial({
        principal: { type: "service", service },
        action,
        resource: { arn: key.arn, accountId: key.accountId, kind: "key", policy: key.policy },
        context: new RequestContext({
            ...timeKeys(now),
            "aws:PrincipalIsAWSService": "true",
            "aws:PrincipalServiceName": service,
            "aws:ResourceAccount": key.accountId,
            "aws:SecureTransport": "true",
            ...keys,
        }),
    });
}

function timeKeys(now: Date): Record<string, string> {
    return { "aws:CurrentTime": now.toISOString(), "aws:EpochTime": String(Math.floor(now.getTime() / 1000)) };
}

function denial(request: AccessRequest): string | undefined {
    const decision = evaluate(request);
    return decision.allowed ? undefined : explainReasons(decision);
}
