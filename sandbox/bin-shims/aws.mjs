#!/usr/bin/env node
/**
 * The few commands of the AWS CLI that kubeconfigs and people need in the sandbox, for machines without the real one:
 *   aws eks get-token --cluster-name C [--region R] [--role-arn A] [--output json]
 *   aws sts get-caller-identity [--region R] [--output json]
 *   aws secretsmanager get-secret-value --secret-id S [--region R] [--output json]
 * Credentials come from AWS_CONTAINER_CREDENTIALS_FULL_URI, endpoints from AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_<SERVICE>.
 * Plain JavaScript without imports beyond Node's own: kubectl starts it for every token.
 */
import { readFileSync } from "node:fs";
import { canonicalQuery, scopeOf, send, sign, signedHeaders } from "./aws-client.mjs";

/** @typedef {import("./aws-client.mjs").Credentials} Credentials */
/** @typedef {Record<string, string>} Options */

/** @type {Record<string, {options: string[], required: string[], run: (options: Options) => Promise<unknown>}>} */
const COMMANDS = {
    "eks get-token": {
        options: ["cluster-name", "region", "role-arn", "output"],
        required: ["cluster-name"],
        run: getToken,
    },
    "sts get-caller-identity": { options: ["region", "output"], required: [], run: getCallerIdentity },
    "secretsmanager get-secret-value": {
        options: ["secret-id", "region", "output"],
        required: ["secret-id"],
        run: getSecretValue,
    },
};

class UsageError extends Error {}

/** Tokens are good for 15 minutes; the real CLI tells kubectl 14. */
const TOKEN_MINUTES = 14;

/** @param {Options} options */
async function getToken({ "cluster-name": clusterName = "", "role-arn": roleArn, ...options }) {
    const region = regionOf(options);
    const own = await containerCredentials();
    const credentials = roleArn === undefined ? own : await assumeRole(own, roleArn, region);
    const url = new URL(`${endpoint("STS")}/?Action=GetCallerIdentity&Version=2011-06-15`);
    const now = new Date();
    const { timestamp, scope } = scopeOf(now, region, "sts");
    const query = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": `${credentials.AccessKeyId}/${scope}`,
        "X-Amz-Date": timestamp,
        "X-Amz-Expires": "60",
        "X-Amz-Security-Token": credentials.Token,
        "X-Amz-SignedHeaders": "host;x-k8s-aws-id",
    };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const headers = { host: url.host, "x-k8s-aws-id": clusterName };
    const signature = sign("GET", url, headers, "", credentials.SecretAccessKey, timestamp, scope);
    const presigned = `${url.origin}/?${canonicalQuery(url)}&X-Amz-Signature=${signature}`;
    const expires = new Date(now.getTime() + TOKEN_MINUTES * 60_000);
    return {
        kind: "ExecCredential",
        apiVersion: execApiVersion(),
        spec: {},
        status: {
            expirationTimestamp: expires.toISOString().replace(/\.\d+Z$/, "Z"),
            token: `k8s-aws-v1.${Buffer.from(presigned).toString("base64url")}`,
        },
    };
}

/** kubectl says which version it wants. */
function execApiVersion() {
    const info = process.env.KUBERNETES_EXEC_INFO;
    return (info && JSON.parse(info).apiVersion) || "client.authentication.k8s.io/v1beta1";
}

/** @param {Options} options */
async function getCallerIdentity(options) {
    const xml = await stsCall(await containerCredentials(), { Action: "GetCallerIdentity" }, regionOf(options));
    return { UserId: text(xml, "UserId"), Account: text(xml, "Account"), Arn: text(xml, "Arn") };
}

/** @param {Options} options */
async function getSecretValue({ "secret-id": secretId, ...options }) {
    const url = new URL(`${endpoint("SECRETS_MANAGER")}/`);
    const headers = {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "secretsmanager.GetSecretValue",
    };
    const body = JSON.stringify({ SecretId: secretId });
    const credentials = await containerCredentials();
    const answer = await send(
        url,
        signedHeaders(url, headers, body, credentials, regionOf(options), "secretsmanager"),
        body,
    );
    const value = JSON.parse(answer.body);
    if (answer.status === 200) return value;
    const { __type: code, Message: message } = value;
    throw new Error(`An error occurred (${code}) when calling the GetSecretValue operation: ${message}`);
}

/**
 * @param {Credentials} credentials
 * @param {string} roleArn
 * @param {string} region
 * @returns {Promise<Credentials>}
 */
async function assumeRole(credentials, roleArn, region) {
    const form = { Action: "AssumeRole", RoleArn: roleArn, RoleSessionName: "EKSGetTokenAuth" };
    const xml = await stsCall(credentials, form, region);
    return {
        AccessKeyId: text(xml, "AccessKeyId"),
        SecretAccessKey: text(xml, "SecretAccessKey"),
        Token: text(xml, "SessionToken"),
    };
}

/**
 * @param {Credentials} credentials
 * @param {Record<string, string>} form
 * @param {string} region
 * @returns {Promise<string>} XML
 */
async function stsCall(credentials, form, region) {
    const url = new URL(`${endpoint("STS")}/`);
    const body = new URLSearchParams({ ...form, Version: "2011-06-15" }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
    const answer = await send(url, signedHeaders(url, headers, body, credentials, region, "sts"), body);
    if (answer.status === 200) return answer.body;
    const [code, message] = [text(answer.body, "Code"), text(answer.body, "Message")];
    throw new Error(`An error occurred (${code}) when calling the ${form.Action} operation: ${message}`);
}

/** @returns {Promise<Credentials>} */
async function containerCredentials() {
    const uri = process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI;
    if (!uri) {
        throw new UsageError(
            "no credentials: AWS_CONTAINER_CREDENTIALS_FULL_URI is not set (run in `npm run sandbox -- shell`)",
        );
    }
    const file = process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;
    const token = file ? readFileSync(file, "utf8").trim() : process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN;
    const answer = await send(new URL(uri), token ? { authorization: token } : {});
    if (answer.status === 200) return JSON.parse(answer.body);
    throw new Error(`no credentials: ${uri} answered ${answer.status}: ${answer.body}`);
}

/** @param {string} service as in AWS_ENDPOINT_URL_<service> */
function endpoint(service) {
    const url = process.env[`AWS_ENDPOINT_URL_${service}`] || process.env.AWS_ENDPOINT_URL;
    if (url) return url.replace(/\/+$/, "");
    throw new UsageError(
        `AWS_ENDPOINT_URL is not set: this aws serves the sandbox only (run in \`npm run sandbox -- shell\`)`,
    );
}

/** @param {Options} options */
function regionOf({ region, output }) {
    if (output !== undefined && output !== "json")
        throw new UsageError(`--output "${output}" is not supported: json is`);
    const found = region || process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
    if (found) return found;
    throw new UsageError("no region: pass --region or set AWS_REGION");
}

/**
 * The text of an XML element; STS's answers nest no two of one name.
 * @param {string} xml
 * @param {string} name
 */
function text(xml, name) {
    const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? "";
    return found.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

/** @param {string[]} argv */
function parse(argv) {
    const [service, operation, ...rest] = argv;
    const name = `${service} ${operation}`;
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined) {
        throw new UsageError(
            `"aws ${argv.slice(0, 2).join(" ")}" is not in the sandbox's aws: it has ${Object.keys(COMMANDS).join(", ")}`,
        );
    }
    /** @type {Options} */
    const options = {};
    for (let index = 0; index < rest.length; index += 1) {
        const [, option, inline] = /^--([a-z-]+)(?:=(.*))?$/.exec(rest[index]) ?? [];
        const known = option !== undefined && command.options.includes(option);
        if (!known) {
            const all = command.options.map((each) => `--${each}`).join(", ");
            throw new UsageError(`aws ${name}: "${rest[index]}" is not supported here (supported: ${all})`);
        }
        const value = inline ?? rest[(index += 1)];
        if (value === undefined) throw new UsageError(`aws ${name}: --${option} needs a value`);
        options[option] = value;
    }
    const missing = command.required.find((option) => options[option] === undefined);
    if (missing !== undefined) throw new UsageError(`aws ${name}: --${missing} is required`);
    return () => command.run(options);
}

try {
    const run = parse(process.argv.slice(2));
    process.stdout.write(`${JSON.stringify(await run(), null, 4)}\n`);
} catch (error) {
    process.stderr.write(`aws: ${error instanceof Error ? error.message : String(error)}\n`);
    // The real CLI's exit codes: 252 for a command it cannot parse, 254 for an answer that is an error.
    process.exitCode = error instanceof UsageError ? 252 : 254;
}
