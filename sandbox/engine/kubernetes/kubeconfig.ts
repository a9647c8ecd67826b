import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Props, Value } from "../kit/types.ts";
import { asList, asProps, at, textAt } from "./object.ts";

/** An exec credential plugin, as `users[].user.exec` declares it. */
export interface ExecPlugin {
    apiVersion: string;
    command: string;
    args: string[];
    env: Record<string, string>;
}

/** The cluster, user and namespace that a kubeconfig's context selects. */
export interface Kubeconfig {
    server: string;
    ca: Buffer | undefined;
    skipTlsVerify: boolean;
    serverName: string | undefined;
    token: string | undefined;
    clientCertificate: Buffer | undefined;
    clientKey: Buffer | undefined;
    exec: ExecPlugin | undefined;
    namespace: string;
    /** The whole document as JSON, current-context set: what helm reads. */
    document: string;
}

const REFUSED_CLUSTER = ["proxy-url"];
const REFUSED_USER = ["username", "password", "auth-provider", "as", "as-uid", "as-groups", "as-user-extra"];

/**
 * Reads a kubeconfig given as text (YAML or JSON), as a parsed document, or as the path of a file.
 * Throws with the part that is missing or not supported; credentials are never part of the message.
 */
export function readKubeconfig(given: Value, select: { context?: string; cluster?: string } = {}): Kubeconfig {
    const document = toDocument(given);
    const contextName = select.context ?? textAt(document, "current-context");
    const context = asProps(named(document, "contexts", contextName, "context"));
    const clusterName = select.cluster ?? textAt(context, "cluster");
    const cluster = asProps(named(document, "clusters", clusterName, "cluster")) ?? {};
    const user = asProps(named(document, "users", textAt(context, "user"), "user")) ?? {};
    refuse(cluster, REFUSED_CLUSTER, "cluster");
    refuse(user, REFUSED_USER, "user");
    const server = textAt(cluster, "server");
    if (!/^https?:\/\//.test(server)) {
        throw new Error(`kubeconfig: cluster "${clusterName}" has server "${server}"; an http(s) URL is needed`);
    }
    return {
        server: server.replace(/\/+$/, ""),
        ca: content(cluster, "certificate-authority"),
        skipTlsVerify: cluster["insecure-skip-tls-verify"] === true,
        serverName: textAt(cluster, "tls-server-name") || undefined,
        token: textAt(user, "token") || tokenFile(user),
        clientCertificate: content(user, "client-certificate"),
        clientKey: content(user, "client-key"),
        exec: execPlugin(asProps(user["exec"])),
        namespace: textAt(context, "namespace") || "default",
        document: JSON.stringify({
            ...document,
            contexts: [{ name: contextName, context: { ...context, cluster: clusterName } }],
            "current-context": contextName,
        }),
    };
}

function toDocument(given: Value): Props {
    const value = typeof given === "string" ? parseText(given) : given;
    const document = asProps(value);
    if (document === undefined || textAt(document, "kind") !== "Config") {
        throw new Error('kubeconfig: a document of kind "Config" is needed, as text or as the path of a file');
    }
    return document;
}

function parseText(text: string): Value {
    const isPath = !text.includes("\n") && !text.trimStart().startsWith("{");
    try {
        return parse(isPath ? readFileSync(text, "utf8") : text) as Value;
    } catch {
        // Without the parser's own message: it quotes the document, which may hold a token.
        throw new Error(
            isPath ? `kubeconfig: there is no readable kubeconfig at ${text}` : "kubeconfig: not valid YAML or JSON",
        );
    }
}

function named(document: Props, list: string, name: string, part: string): Value {
    const found = asList(document[list]).find((entry) => textAt(entry, "name") === name);
    const value = at(found, part);
    if (value === undefined) {
        throw new Error(`kubeconfig: no entry "${name}" with a "${part}" in ${list}`);
    }
    return value;
}

function refuse(entry: Props, keys: string[], what: string): void {
    const found = keys.find((key) => entry[key] !== undefined);
    if (found !== undefined) {
        throw new Error(`kubeconfig: "${found}" of a ${what} is not supported by the sandbox's kubernetes provider`);
    }
}

/** `<key>-data` holds base64, `<key>` the path of a file. */
function content(entry: Props, key: string): Buffer | undefined {
    const data = textAt(entry, `${key}-data`);
    if (data !== "") {
        return Buffer.from(data, "base64");
    }
    const path = textAt(entry, key);
    return path === "" ? undefined : readFileSync(path);
}

function tokenFile(user: Props): string | undefined {
    const path = textAt(user, "tokenFile");
    return path === "" ? undefined : readFileSync(path, "utf8").trim();
}

function execPlugin(exec: Props | undefined): ExecPlugin | undefined {
    if (exec === undefined) {
        return undefined;
    }
    return {
        apiVersion: textAt(exec, "apiVersion"),
        command: textAt(exec, "command"),
        args: asList(exec["args"]).map(String),
        env: Object.fromEntries(asList(exec["env"]).map((entry) => [textAt(entry, "name"), textAt(entry, "value")])),
    };
}
