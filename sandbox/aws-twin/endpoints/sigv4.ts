import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** A request as it arrived. */
export interface SignedRequest {
    method: string;
    url: URL;
    headers: IncomingHttpHeaders;
    body: Buffer;
}

/** What a request says about its own signature. */
export interface Signature {
    accessKeyId: string;
    /** `YYYYMMDD` of the credential scope. */
    date: string;
    region: string;
    service: string;
    /** Lower case. */
    signedHeaders: string[];
    /** Hex. */
    signature: string;
    /** `YYYYMMDDTHHMMSSZ`. */
    timestamp: string;
    sessionToken?: string;
    /** Seconds; present on a presigned URL only. */
    expires?: number;
}

/** A signature that is absent or incomplete. */
export class SignatureFormatError extends Error {
    override name = "SignatureFormatError";
    readonly missing: boolean;

    constructor(message: string, missing: boolean) {
        super(message);
        this.missing = missing;
    }
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/**
 * Reads the signature from the Authorization header, or from the query of a presigned URL.
 * @throws SignatureFormatError
 */
export function readSignature({ url, headers }: Pick<SignedRequest, "url" | "headers">): Signature {
    const query = url.searchParams;
    if (query.has("X-Amz-Signature")) {
        const expires = query.get("X-Amz-Expires");
        if (expires !== null && !/^\d{1,6}$/.test(expires)) {
            throw new SignatureFormatError("X-Amz-Expires is not a number of seconds", false);
        }
        return complete({
            algorithm: query.get("X-Amz-Algorithm"),
            credential: query.get("X-Amz-Credential"),
            signedHeaders: query.get("X-Amz-SignedHeaders"),
            signature: query.get("X-Amz-Signature"),
            timestamp: query.get("X-Amz-Date"),
            sessionToken: query.get("X-Amz-Security-Token"),
            expires: expires === null ? null : Number(expires),
        });
    }
    const authorization = headers.authorization;
    if (authorization === undefined) throw new SignatureFormatError("Request is missing Authentication Token", true);
    const [algorithm = "", ...rest] = authorization.split(" ");
    const fields = new Map(
        rest
            .join(" ")
            .split(",")
            .map((field): [string, string] => {
                const equals = field.indexOf("=");
                return [field.slice(0, equals).trim(), field.slice(equals + 1).trim()];
            }),
    );
    return complete({
        algorithm,
        credential: fields.get("Credential"),
        signedHeaders: fields.get("SignedHeaders"),
        signature: fields.get("Signature"),
        timestamp: headers["x-amz-date"]?.toString(),
        sessionToken: headers["x-amz-security-token"]?.toString(),
    });
}

function complete(read: {
    algorithm: string | null;
    credential: string | null | undefined;
    signedHeaders: string | null | undefined;
    signature: string | null | undefined;
    timestamp: string | null | undefined;
    sessionToken: string | null | undefined;
    expires?: number | null;
}): Signature {
    if (read.algorithm !== ALGORITHM) {
        throw new SignatureFormatError(`signature algorithm must be ${ALGORITHM}, got "${read.algorithm}"`, false);
    }
    const [accessKeyId, date, region, service, terminator] = read.credential?.split("/") ?? [];
    if (!accessKeyId || !date || !region || !service || terminator !== "aws4_request") {
        throw new SignatureFormatError("Credential is not <key>/<date>/<region>/<service>/aws4_request", false);
    }
    const { signature, signedHeaders, timestamp } = read;
    if (!signature || !signedHeaders || !timestamp || !/^\d{8}T\d{6}Z$/.test(timestamp)) {
        throw new SignatureFormatError("Signature, SignedHeaders or X-Amz-Date is missing or malformed", false);
    }
    return {
        accessKeyId,
        date,
        region,
        service,
        signedHeaders: signedHeaders.toLowerCase().split(";"),
        signature,
        timestamp,
        ...(read.sessionToken ? { sessionToken: read.sessionToken } : {}),
        ...(read.expires === undefined || read.expires === null ? {} : { expires: read.expires }),
    };
}

/**
 * Whether the secret key made this signature over this request: method, path, query, the signed headers (`host` must
 * be among them) and the body. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signatureMatches(request: SignedRequest, signature: Signature, secretAccessKey: string): boolean {
    if (!signature.signedHeaders.includes("host") || !signature.timestamp.startsWith(signature.date)) return false;
    const scope = [signature.date, signature.region, signature.service, "aws4_request"];
    const toSign = [ALGORITHM, signature.timestamp, scope.join("/"), sha256(canonicalRequest(request, signature))];
    const key = scope.reduce<Buffer | string>((parent, part) => hmac(parent, part), `AWS4${secretAccessKey}`);
    const expected = hmac(key, toSign.join("\n"));
    const got = Buffer.from(signature.signature, "hex");
    return got.length === expected.length && timingSafeEqual(got, expected);
}

function canonicalRequest({ method, url, headers, body }: SignedRequest, { signedHeaders }: Signature): string {
    const query = [...url.searchParams]
        .filter(([name]) => name !== "X-Amz-Signature")
        .map(([name, value]) => [encode(name), encode(value)] as const)
        .toSorted(([a, x], [b, y]) => compare(a, b) || compare(x, y))
        .map((pair) => pair.join("="));
    const lines = signedHeaders.map((name) => {
        const value = headers[name];
        return `${name}:${(Array.isArray(value) ? value.join(",") : (value ?? "")).trim().replace(/ +/g, " ")}\n`;
    });
    return [
        method,
        // All services but S3 encode the path a second time.
        url.pathname.split("/").map(encode).join("/"),
        query.join("&"),
        lines.join(""),
        signedHeaders.join(";"),
        sha256(body),
    ].join("\n");
}

/** By code unit, as the signature asks. */
function compare(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}

/** RFC 3986: all but letters, digits and `-._~`. */
function encode(text: string): string {
    return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(data: string | Buffer): string {
    return createHash("sha256").update(data).digest("hex");
}

function hmac(key: string | Buffer, data: string): Buffer {
    return createHmac("sha256", key).update(data).digest();
}
