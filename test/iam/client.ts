import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { type AwsEndpoints, awsEndpoints } from "../../sandbox/aws-twin/endpoints/index.ts";
import { CredentialStore } from "../../sandbox/aws-twin/endpoints/credential-store.ts";
import type { Request, Response } from "../../sandbox/daemon/http.ts";
import { DecisionLog } from "../../sandbox/aws-twin/iam/decision-log.ts";
import { HUB_ISSUER, OPERATOR_ROLE, REGION } from "./chain-policies.ts";
import { type FakeSource } from "./fleet.ts";

export interface Credentials {
    AccessKeyId: string;
    SecretAccessKey: string;
    Token: string;
}

/** An error answer of an endpoint, its message whole. */
export class ApiError extends Error {
    readonly code: string;

    constructor(code: string, message: string) {
        super(message);
        this.code = code;
    }
}

/** Asserts that a call is refused with this code and a message like this. */
export async function rejects(promise: Promise<unknown>, code: string, message: RegExp): Promise<void> {
    await assert.rejects(promise, (error) => {
        assert.ok(error instanceof ApiError, String(error));
        assert.equal(error.code, code);
        assert.match(error.message, message);
        return true;
    });
}

/** The endpoints over a fake twin, and the calls that SDKs and API servers make to them. */
export class TestClient {
    now = new Date("2026-11-20T12:00:00.000Z");
    readonly decisions: DecisionLog;
    readonly endpoints: AwsEndpoints;

    constructor(source: FakeSource) {
        const clock = (): Date => this.now;
        this.decisions = new DecisionLog({ clock });
        this.endpoints = awsEndpoints({
            source,
            credentials: new CredentialStore({ clock }),
            decisions: this.decisions,
            clock,
            verifyToken: (_cluster, token) => Promise.resolve(reviewOf(token)),
            operator: { roleArn: OPERATOR_ROLE, token: "operator-token" },
        });
    }

    async operatorCredentials(): Promise<Credentials> {
        return readCredentials(
            await this.endpoints.operator(request("GET", "/operator/credentials", { authorization: "operator-token" })),
        );
    }

    async podCredentials(namespace: string, serviceAccount: string): Promise<Credentials> {
        const authorization = serviceAccountToken(namespace, serviceAccount);
        return readCredentials(await this.endpoints.podIdentity(request("GET", "/v1/credentials", { authorization })));
    }

    async assumeRole(
        credentials: Credentials,
        roleArn: string,
        more: Record<string, string> = {},
    ): Promise<Credentials> {
        const form = {
            Action: "AssumeRole",
            Version: "2011-06-15",
            RoleArn: roleArn,
            RoleSessionName: "test",
            ...more,
        };
        const xml = await this.sts(credentials, form);
        return {
            AccessKeyId: xmlText(xml, "AccessKeyId"),
            SecretAccessKey: xmlText(xml, "SecretAccessKey"),
            Token: xmlText(xml, "SessionToken"),
        };
    }

    async sts(credentials: Credentials, form: Record<string, string>): Promise<string> {
        const answer = await this.endpoints.api(
            this.signed(credentials, "sts", new URLSearchParams(form).toString(), {
                "content-type": "application/x-www-form-urlencoded",
            }),
        );
        const body = answer.body.toString();
        if (answer.status !== 200) throw new ApiError(xmlText(body, "Code"), xmlText(body, "Message"));
        return body;
    }

    async secretsManager(
        credentials: Credentials,
        operation: string,
        input: unknown,
    ): Promise<Record<string, unknown>> {
        const headers = {
            "content-type": "application/x-amz-json-1.1",
            "x-amz-target": `secretsmanager.${operation}`,
        };
        const answer = await this.endpoints.api(
            this.signed(credentials, "secretsmanager", JSON.stringify(input), headers),
        );
        const body: Record<string, unknown> = JSON.parse(answer.body.toString());
        if (answer.status !== 200) throw new ApiError(String(body["__type"]), String(body["Message"]));
        return body;
    }

    /** What `aws eks get-token` prints as token. */
    eksToken(credentials: Credentials, clusterName: string): string {
        const { timestamp, scope } = this.#scope("sts");
        const query = new URLSearchParams({
            Action: "GetCallerIdentity",
            Version: "2011-06-15",
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": `${credentials.AccessKeyId}/${scope}`,
            "X-Amz-Date": timestamp,
            "X-Amz-Expires": "60",
            "X-Amz-Security-Token": credentials.Token,
            "X-Amz-SignedHeaders": "host;x-k8s-aws-id",
        });
        const headers = { host: "127.0.0.1:4566", "x-k8s-aws-id": clusterName };
        const signature = sign("GET", query.toString(), headers, "", credentials, timestamp, scope);
        const url = `http://127.0.0.1:4566/?${query.toString()}&X-Amz-Signature=${signature}`;
        return `k8s-aws-v1.${Buffer.from(url).toString("base64url")}`;
    }

    async authenticate(token: string, path = "222222222222/eu-west-1/dev-01"): Promise<TokenStatus> {
        const review = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token } };
        const answer = await this.endpoints.eks(
            request("POST", `/eks/${path}/authenticate`, {}, JSON.stringify(review)),
        );
        const { status }: { status: TokenStatus } = JSON.parse(answer.body.toString());
        return status;
    }

    async authorize(user: TokenStatus["user"], attributes: Record<string, string>): Promise<AccessStatus> {
        const spec = { user: user?.username, uid: user?.uid, extra: user?.extra, resourceAttributes: attributes };
        const review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
        const path = "/eks/222222222222/eu-west-1/dev-01/authorize";
        const answer = await this.endpoints.eks(request("POST", path, {}, JSON.stringify(review)));
        const { status }: { status: AccessStatus } = JSON.parse(answer.body.toString());
        return status;
    }

    signed(credentials: Credentials, service: string, body: string, headers: Record<string, string>): Request {
        const { timestamp, scope } = this.#scope(service);
        const all: Record<string, string> = {
            ...headers,
            host: "127.0.0.1:4566",
            "x-amz-date": timestamp,
            "x-amz-security-token": credentials.Token,
        };
        const names = Object.keys(all).toSorted().join(";");
        const signature = sign("POST", "", all, body, credentials, timestamp, scope);
        all["authorization"] =
            `AWS4-HMAC-SHA256 Credential=${credentials.AccessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
        return request("POST", "/", all, body);
    }

    #scope(service: string): { timestamp: string; scope: string } {
        const timestamp = this.now.toISOString().replace(/[-:]|\.\d+/g, "");
        return { timestamp, scope: `${timestamp.slice(0, 8)}/${REGION}/${service}/aws4_request` };
    }
}

export interface TokenStatus {
    authenticated: boolean;
    error?: string;
    user?: { username: string; uid: string; groups: string[]; extra: Record<string, string[]> };
}

export interface AccessStatus {
    allowed: boolean;
    denied: boolean;
    reason: string;
}

export function request(method: string, path: string, headers: Record<string, string>, body = ""): Request {
    return { method, url: new URL(path, "http://127.0.0.1:4566"), headers, body: Buffer.from(body) };
}

/** Not a real JWT: the fake API server believes whatever it says. */
export function serviceAccountToken(namespace: string, serviceAccount: string, issuer = HUB_ISSUER): string {
    const claims = { iss: issuer, sub: `system:serviceaccount:${namespace}:${serviceAccount}` };
    return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.x`;
}

function reviewOf(token: string) {
    const claims: { sub: string } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    const extra = {
        "authentication.kubernetes.io/pod-name": ["controller-0"],
        "authentication.kubernetes.io/pod-uid": ["7f6c"],
    };
    const user = { username: claims.sub, extra };
    return token.endsWith(".x")
        ? { authenticated: true, user }
        : { authenticated: false, user, error: "invalid bearer token" };
}

function readCredentials(answer: Response): Credentials {
    const body: Credentials & { code: string; message: string } = JSON.parse(answer.body.toString());
    if (answer.status !== 200) throw new ApiError(body.code, body.message);
    return body;
}

/** Signature Version 4 of a request for `/`, over all the headers given. */
export function sign(
    method: string,
    query: string,
    headers: Record<string, string>,
    body: string,
    { SecretAccessKey }: Credentials,
    timestamp: string,
    scope: string,
): string {
    const sorted = query.split("&").toSorted().join("&");
    const names = Object.keys(headers).toSorted();
    const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
    const canonical = `${method}\n/\n${sorted}\n${lines}\n${names.join(";")}\n${sha256(body)}`;
    const key = scope
        .split("/")
        .reduce<string | Buffer>(
            (parent, part) => createHmac("sha256", parent).update(part).digest(),
            `AWS4${SecretAccessKey}`,
        );
    return createHmac("sha256", key)
        .update(`AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical)}`)
        .digest("hex");
}

function sha256(text: string): string {
    return createHash("sha256").update(text).digest("hex");
}

function xmlText(xml: string, name: string): string {
    const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? "";
    return found.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
