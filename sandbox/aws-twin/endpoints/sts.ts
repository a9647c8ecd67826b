import { randomUUID } from "node:crypto";
import type { Handler, Request, Response } from "../../daemon/http.ts";
import { assumeRole, type AssumeRoleInput } from "./assume-role.ts";
import { type AuthenticationCodes, authenticate } from "./caller.ts";
import { type AwsServices, ServiceError } from "./services.ts";

const CODES: AuthenticationCodes = {
    missing: "MissingAuthenticationToken",
    incomplete: "IncompleteSignature",
    unknownKey: "InvalidClientTokenId",
    signature: "SignatureDoesNotMatch",
    expiredToken: "ExpiredToken",
    expiredRequest: "RequestExpired",
};

const SUPPORTED = ["AssumeRole", "GetCallerIdentity"];

/** STS with the query protocol: AssumeRole and GetCallerIdentity, XML answers. */
export function stsHandler(services: AwsServices): Handler {
    return (request) => {
        try {
            return Promise.resolve(answer(services, request));
        } catch (error) {
            if (error instanceof ServiceError) return Promise.resolve(errorAnswer(error));
            throw error;
        }
    };
}

function answer(services: AwsServices, request: Request): Response {
    const form = new URLSearchParams(request.method === "GET" ? request.url.search : request.body.toString("utf8"));
    const action = form.get("Action") ?? "";
    if (!SUPPORTED.includes(action)) {
        throw new ServiceError(
            "InvalidAction",
            `the sandbox's STS does not serve "${action}" (it serves ${SUPPORTED.join(", ")})`,
        );
    }
    const caller = authenticate(services, request, `sts:${action}`, CODES);
    if (action === "GetCallerIdentity") {
        const { role } = caller.principal;
        return xml(200, action, [
            element("Arn", caller.arn),
            element("UserId", `${role.uniqueId}:${caller.session.sessionName}`),
            element("Account", role.accountId),
        ]);
    }
    const session = assumeRole(services, caller, readAssumeRole(form));
    const name = session.roleArn.split("/").at(-1) ?? "";
    const account = session.roleArn.split(":")[4] ?? "";
    return xml(200, action, [
        "<AssumedRoleUser>",
        element("AssumedRoleId", `${session.roleId}:${session.sessionName}`),
        element("Arn", `arn:aws:sts::${account}:assumed-role/${name}/${session.sessionName}`),
        "</AssumedRoleUser><Credentials>",
        element("AccessKeyId", session.accessKeyId),
        element("SecretAccessKey", session.secretAccessKey),
        element("SessionToken", session.sessionToken),
        // STS answers whole seconds.
        element("Expiration", session.expiration.replace(/\.\d+Z$/, "Z")),
        "</Credentials>",
    ]);
}

const PLAIN_PARAMETERS = ["Action", "Version", "RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId"];

function readAssumeRole(form: URLSearchParams): AssumeRoleInput {
    const keys: string[] = [];
    const values: string[] = [];
    const transitiveTagKeys: string[] = [];
    for (const [name, value] of form) {
        const [, member, index, field] = /^(Tags|TransitiveTagKeys)\.member\.(\d+)(?:\.(Key|Value))?$/.exec(name) ?? [];
        if (member === "TransitiveTagKeys" && field === undefined) transitiveTagKeys.push(value);
        else if (member === "Tags" && field === "Key") keys[Number(index)] = value;
        else if (member === "Tags" && field === "Value") values[Number(index)] = value;
        else if (!PLAIN_PARAMETERS.includes(name)) {
            throw new ServiceError(
                "ValidationError",
                `the sandbox's STS does not know AssumeRole's parameter "${name}"`,
            );
        }
    }
    const duration = form.get("DurationSeconds");
    const externalId = form.get("ExternalId");
    return {
        roleArn: form.get("RoleArn") ?? "",
        roleSessionName: form.get("RoleSessionName") ?? "",
        ...(duration === null ? {} : { durationSeconds: Number(duration) }),
        ...(externalId === null ? {} : { externalId }),
        tags: Object.fromEntries(keys.flatMap((key, index) => [[key, values[index] ?? ""] as const])),
        transitiveTagKeys,
    };
}

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

function xml(status: number, action: string, result: readonly string[]): Response {
    const body =
        `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result.join("")}</${action}Result>` +
        `<ResponseMetadata>${element("RequestId", randomUUID())}</ResponseMetadata></${action}Response>`;
    return { status, headers: { "content-type": "text/xml" }, body };
}

function errorAnswer(error: ServiceError): Response {
    const { code, message, decisionId = randomUUID() } = error;
    const status = code === "ValidationError" || code === "InvalidAction" || code === "IncompleteSignature" ? 400 : 403;
    const body =
        `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type>${element("Code", code)}` +
        `${element("Message", message)}</Error>${element("RequestId", decisionId)}</ErrorResponse>`;
    return { status, headers: { "content-type": "text/xml", "x-amzn-requestid": decisionId }, body };
}

function element(name: string, text: string): string {
    const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
    return `<${name}>${escaped}</${name}>`;
}
