import { RequestContext } from "../iam/condition-keys.ts";
import { type SessionPrincipal, sessionArn } from "../iam/principal.ts";
import type { IssuedSession } from "./credential-store.ts";
import { type AwsServices, refuse, ServiceError } from "./services.ts";
import { readSignature, type Signature, SignatureFormatError, signatureMatches, type SignedRequest } from "./sigv4.ts";

/** The authenticated sender of a request. */
export interface Caller {
    session: IssuedSession;
    principal: SessionPrincipal;
    /** `arn:aws:sts::…:assumed-role/…`. */
    arn: string;
    /** Region of the credential scope. */
    region: string;
}

/** Each protocol has its own codes for the same faults. */
export interface AuthenticationCodes {
    missing: string;
    incomplete: string;
    unknownKey: string;
    signature: string;
    expiredToken: string;
    expiredRequest: string;
}

/** AWS accepts a signature this long before and after its date. */
const SKEW_MS = 15 * 60 * 1000;

/**
 * Finds out who signed a request with credentials that the twin issued. Every refusal is logged.
 * @param action What the request wants, for the log.
 * @throws ServiceError with one of the codes.
 */
export function authenticate(
    services: AwsServices,
    request: SignedRequest,
    action: string,
    codes: AuthenticationCodes,
): Caller {
    const reject = (who: string, code: string, message: string): ServiceError =>
        new ServiceError(code, message, refuse(services, who, action, "*", message));
    let signature: Signature;
    try {
        signature = readSignature(request);
    } catch (error) {
        if (!(error instanceof SignatureFormatError)) throw error;
        throw reject("(unsigned request)", error.missing ? codes.missing : codes.incomplete, error.message);
    }
    const session = services.credentials.find(signature.accessKeyId);
    const who = session === undefined ? `(access key ${signature.accessKeyId})` : session.roleArn;
    const role = session === undefined ? undefined : services.source.role(session.roleArn);
    if (session === undefined || session.sessionToken !== signature.sessionToken || role?.uniqueId !== session.roleId) {
        throw reject(who, codes.unknownKey, "The security token included in the request is invalid.");
    }
    if (!signatureMatches(request, signature, session.secretAccessKey)) {
        throw reject(
            who,
            codes.signature,
            "The request signature we calculated does not match the signature you provided.",
        );
    }
    const now = services.clock().getTime();
    if (Date.parse(session.expiration) <= now) {
        throw reject(who, codes.expiredToken, "The security token included in the request is expired");
    }
    const signedAt = Date.parse(signature.timestamp.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5"));
    // A presigned GetCallerIdentity is good for 15 minutes whatever its X-Amz-Expires says, as clients of EKS rely on.
    if (Math.abs(now - signedAt) > SKEW_MS) {
        throw reject(
            who,
            codes.expiredRequest,
            `Signature expired: ${signature.timestamp} is more than 15 minutes away`,
        );
    }
    const principal: SessionPrincipal = { type: "session", role, sessionName: session.sessionName };
    return { session, principal, arn: sessionArn(role, session.sessionName), region: signature.region };
}

/** The condition keys that every request of a caller carries, with those of one request. */
export function contextOf(
    { session, principal, region }: Caller,
    now: Date,
    request: Readonly<Record<string, string | readonly string[] | undefined>>,
): RequestContext {
    const { role, sessionName } = principal;
    return new RequestContext({
        "aws:CurrentTime": now.toISOString(),
        "aws:EpochTime": String(Math.floor(now.getTime() / 1000)),
        "aws:PrincipalAccount": role.accountId,
        "aws:PrincipalArn": role.arn,
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalType": "AssumedRole",
        "aws:RequestedRegion": region,
        // Loopback stands for AWS's own endpoints, which take TLS only.
        "aws:SecureTransport": "true",
        "aws:TokenIssueTime": session.issuedAt,
        "aws:userid": `${role.uniqueId}:${sessionName}`,
        "aws:ViaAWSService": "false",
        // A session tag hides the role's own tag of the same key.
        ...withPrefix("aws:PrincipalTag/", { ...role.tags, ...session.tags }),
        ...request,
    });
}

/** Tags as condition keys. */
export function withPrefix(prefix: string, tags: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}${key}`, value]));
}
