/** Signature Version 4 and HTTP for the sandbox's small `aws`. */
import { createHash, createHmac } from "node:crypto";
import { request as httpRequest } from "node:http";

/** @typedef {{AccessKeyId: string, SecretAccessKey: string, Token: string}} Credentials */

/**
 * @param {URL} url
 * @param {Record<string, string>} headers
 * @param {string} body
 * @param {Credentials} credentials
 * @param {string} region
 * @param {string} service
 */
export function signedHeaders(url, headers, body, { AccessKeyId, SecretAccessKey, Token }, region, service) {
    const { timestamp, scope } = scopeOf(new Date(), region, service);
    const all = { ...headers, host: url.host, "x-amz-date": timestamp, "x-amz-security-token": Token };
    const signature = sign("POST", url, all, body, SecretAccessKey, timestamp, scope);
    const names = Object.keys(all).toSorted().join(";");
    const authorization = `AWS4-HMAC-SHA256 Credential=${AccessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    return { ...all, authorization };
}

/**
 * @param {Date} now
 * @param {string} region
 * @param {string} service
 */
export function scopeOf(now, region, service) {
    const timestamp = now.toISOString().replace(/[-:]|\.\d+/g, "");
    return { timestamp, scope: `${timestamp.slice(0, 8)}/${region}/${service}/aws4_request` };
}

/**
 * Signature Version 4 of a request for the path `/`.
 * @param {string} method
 * @param {URL} url
 * @param {Record<string, string>} headers lower case; all are signed
 * @param {string} body
 * @param {string} secret
 * @param {string} timestamp
 * @param {string} scope
 */
export function sign(method, url, headers, body, secret, timestamp, scope) {
    const names = Object.keys(headers).toSorted();
    const lines = names.map((name) => `${name}:${headers[name].trim()}\n`).join("");
    const canonical = [method, "/", canonicalQuery(url), lines, names.join(";"), sha256(body)].join("\n");
    const toSign = ["AWS4-HMAC-SHA256", timestamp, scope, sha256(canonical)].join("\n");
    let key = Buffer.from(`AWS4${secret}`);
    for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
    return createHmac("sha256", key).update(toSign).digest("hex");
}

/** @param {URL} url */
export function canonicalQuery(url) {
    const pairs = [...url.searchParams].map(
        ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
    );
    return pairs.toSorted().join("&");
}

/** @param {string} data */
function sha256(data) {
    return createHash("sha256").update(data).digest("hex");
}

/**
 * POST with a body, GET without.
 * @param {URL} url
 * @param {Record<string, string>} headers
 * @param {string} [body]
 * @returns {Promise<{status: number, body: string}>}
 */
export function send(url, headers, body) {
    return new Promise((resolve, reject) => {
        const request = httpRequest(url, { method: body === undefined ? "GET" : "POST", headers }, (response) => {
            let received = "";
            response.setEncoding("utf8");
            response.on("data", (chunk) => (received += chunk));
            response.on("end", () => resolve({ status: response.statusCode ?? 0, body: received }));
            response.on("error", reject);
        });
        request.on("error", (error) => reject(new Error(`${url.origin} cannot be reached: ${error.message}`)));
        request.end(body);
    });
}
