import { json, type Request, type Response } from "../../daemon/http.ts";
import { sessionArn } from "../iam/principal.ts";
import type { AccessEntryRecord, EksClusterRecord } from "../iam/source.ts";
import { type AuthenticationCodes, authenticate, type Caller } from "./caller.ts";
import { type AwsServices, refuse, ServiceError } from "./services.ts";

const PREFIX = "k8s-aws-v1.";
const ACTION = "eks:AccessKubernetesApi";
/** Parameters a token's URL may have; the same list as aws-iam-authenticator's. */
const PARAMETERS =
    /^(action|version|x-amz-(algorithm|credential|date|expires|security-token|signature|signedheaders|user-agent))$/i;

const CODES: AuthenticationCodes = {
    missing: "unsigned",
    incomplete: "incomplete signature",
    unknownKey: "unknown credentials",
    signature: "bad signature",
    expiredToken: "expired credentials",
    expiredRequest: "expired token",
};

/**
 * The token webhook of a cluster's API server (TokenReview v1). A token of `aws eks get-token` is a presigned
 * GetCallerIdentity URL; its caller's role must have an access entry on the cluster.
 */
export function authenticateToken(services: AwsServices, cluster: EksClusterRecord, request: Request): Response {
    const review: { apiVersion?: string; spec?: { token?: string } } = JSON.parse(request.body.toString("utf8"));
    if (review.apiVersion !== "authentication.k8s.io/v1") {
        return json(400, { error: `TokenReview must be authentication.k8s.io/v1, got ${review.apiVersion}` });
    }
    try {
        const caller = callerOf(services, cluster, review.spec?.token ?? "");
        const entry = requireEntry(services, cluster, caller);
        const explanation = `${caller.arn} is known to ${cluster.name} by its access entry for ${entry.principalArn}`;
        services.decisions.addRepeated({
            principal: caller.arn,
            action: ACTION,
            resource: cluster.arn,
            allowed: true,
            explanation,
        });
        return answer({ authenticated: true, user: userOf(caller, entry) });
    } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        return answer({ authenticated: false, error: error.message });
    }
}

function answer(status: Record<string, unknown>): Response {
    return json(200, { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", status });
}

function callerOf(services: AwsServices, cluster: EksClusterRecord, token: string): Caller {
    const reject = (why: string): ServiceError =>
        new ServiceError("token", why, refuse(services, "(unknown)", ACTION, cluster.arn, why));
    // Other tokens, such as expired service-account tokens, come here too; they are not for this webhook to judge.
    if (!token.startsWith(PREFIX))
        throw new ServiceError("token", `not an EKS token: it does not start with ${PREFIX}`);
    const text = Buffer.from(token.slice(PREFIX.length), "base64url").toString("utf8");
    if (!URL.canParse(text)) throw reject("the token holds no URL");
    const url = new URL(text);
    const unknown = [...url.searchParams.keys()].find((name) => !PARAMETERS.test(name));
    if (unknown !== undefined) throw reject(`the token's URL has the parameter "${unknown}"`);
    if (url.pathname !== "/" || url.searchParams.get("Action") !== "GetCallerIdentity") {
        throw reject("the token's URL is not a GetCallerIdentity call");
    }
    const signed = url.searchParams.get("X-Amz-SignedHeaders")?.toLowerCase().split(";") ?? [];
    if (!signed.includes("x-k8s-aws-id")) throw reject("the token does not sign the header x-k8s-aws-id");
    // EKS makes the request with its own cluster's name: a token for another cluster has another signature.
    const headers = { host: url.host, "x-k8s-aws-id": cluster.name };
    try {
        return authenticate(services, { method: "GET", url, headers, body: Buffer.alloc(0) }, ACTION, CODES);
    } catch (error) {
        if (!(error instanceof ServiceError) || error.code !== CODES.signature) throw error;
        throw new ServiceError("token", `${error.message} The token may be for another cluster than ${cluster.name}.`);
    }
}

function requireEntry(services: AwsServices, cluster: EksClusterRecord, caller: Caller): AccessEntryRecord {
    const { role } = caller.principal;
    const entry = cluster.accessEntries.find(({ principalArn }) => principalArn === role.arn);
    if (entry !== undefined && entry.principalId === role.uniqueId) return entry;
    const why =
        entry === undefined
            ? `cluster ${cluster.name} has no access entry for ${role.arn}`
            : `the access entry for ${role.arn} is for an earlier role of that name (${entry.principalId}, now ` +
              `${role.uniqueId}): delete and create the entry again`;
    throw new ServiceError("entry", why, refuse(services, caller.arn, ACTION, cluster.arn, why));
}

/** https://docs.aws.amazon.com/eks/latest/userguide/set-custom-username.html */
function userOf({ arn, principal, session }: Caller, entry: AccessEntryRecord): Record<string, unknown> {
    const { role, sessionName } = principal;
    const userName = (entry.userName ?? sessionArn(role, "{{SessionName}}"))
        .replaceAll("{{SessionNameRaw}}", sessionName)
        .replaceAll("{{SessionName}}", sessionName.replaceAll("@", "-"));
    return {
        username: userName,
        uid: `aws-iam-authenticator:${role.accountId}:${role.uniqueId}`,
        groups: entry.kubernetesGroups,
        extra: {
            accessKeyId: [session.accessKeyId],
            arn: [arn],
            canonicalArn: [`arn:aws:iam::${role.accountId}:role/${role.name}`],
            principalId: [role.uniqueId],
            sessionName: [sessionName],
        },
    };
}
