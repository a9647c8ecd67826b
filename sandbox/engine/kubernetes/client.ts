import http from "node:http";
import https from "node:https";
import type { Props, Value } from "../kit/types.ts";
import { CredentialError, Credentials } from "./credentials.ts";
import type { Credential } from "./credentials.ts";
import type { Kubeconfig } from "./kubeconfig.ts";
import { textAt } from "./object.ts";

/** An answer of the API server that is not a success. */
export class ApiError extends Error {
    readonly status: number;
    /** Kubernetes' machine-readable reason, e.g. "AlreadyExists". */
    readonly reason: string;

    constructor(status: number, reason: string, message: string) {
        super(message);
        this.status = status;
        this.reason = reason;
    }
}

/** No answer at all: no connection, no trusted certificate, no credential. */
export class UnreachableError extends Error {}

export interface ApiRequest {
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
    path: string;
    query?: Record<string, string>;
    body?: Value;
    contentType?: string;
    signal?: AbortSignal;
}

/** What the API server answered: the parsed body and its `Warning` headers. */
interface Answer {
    body: Props;
    warnings: string[];
}

/**
 * A connection to one API server. Only what the provider needs: @kubernetes/client-node takes
 * 0.75 s to import, which every `pulumi` run would pay for each provider.
 */
export class KubernetesClient {
    readonly #kubeconfig: Kubeconfig;
    readonly #credentials: Credentials;
    readonly #agent: http.Agent;
    readonly #onWarning: (message: string) => void;

    constructor(kubeconfig: Kubeconfig, onWarning: (message: string) => void = () => {}) {
        this.#kubeconfig = kubeconfig;
        this.#credentials = new Credentials(kubeconfig);
        const Agent = kubeconfig.server.startsWith("https:") ? https.Agent : http.Agent;
        this.#agent = new Agent({ keepAlive: true, maxSockets: 16, timeout: 60_000 });
        this.#onWarning = onWarning;
    }

    async request(request: ApiRequest): Promise<Props> {
        const credential = await this.#credential();
        const answer = await this.#try(request, credential).catch(async (error: unknown) => {
            if (error instanceof ApiError && error.status === 401 && this.#credentials.refuse(credential)) {
                return this.#try(request, await this.#credential());
            }
            throw error;
        });
        answer.warnings.forEach((warning) => this.#onWarning(warning));
        return answer.body;
    }

    /** As {@link request}, with undefined for an object that is not there. */
    async find(path: string, signal?: AbortSignal): Promise<Props | undefined> {
        return this.request({ method: "GET", path, ...(signal && { signal }) }).catch((error: unknown) => {
            if (error instanceof ApiError && error.status === 404) {
                return undefined;
            }
            throw error;
        });
    }

    async #credential(): Promise<Credential> {
        return this.#credentials.get().catch((error: unknown) => {
            throw error instanceof CredentialError ? this.#unreachable(error) : error;
        });
    }

    async #try(request: ApiRequest, credential: Credential): Promise<Answer> {
        return this.#send(request, credential).catch((error: unknown) => {
            throw error instanceof ApiError || request.signal?.aborted ? error : this.#unreachable(error as Error);
        });
    }

    #unreachable(cause: Error): UnreachableError {
        // Node tries every address of a host and reports them as one AggregateError without a message.
        const reason = cause.message || (cause as NodeJS.ErrnoException).code || cause.name;
        return new UnreachableError(
            `the Kubernetes API server ${this.#kubeconfig.server} is unreachable: ${reason}. ` +
                "If the cluster is gone for good, set deleteUnreachable: true on the provider " +
                "(or PULUMI_K8S_DELETE_UNREACHABLE=true) to drop its resources from the state",
            { cause },
        );
    }

    #send(request: ApiRequest, credential: Credential): Promise<Answer> {
        const { server, ca, skipTlsVerify, serverName } = this.#kubeconfig;
        const url = new URL(server + request.path);
        for (const [key, value] of Object.entries(request.query ?? {})) {
            url.searchParams.set(key, value);
        }
        const body = request.body === undefined ? undefined : JSON.stringify(request.body);
        const options: https.RequestOptions = {
            method: request.method,
            agent: this.#agent,
            headers: {
                accept: "application/json",
                "user-agent": "gitops-fleet-sandbox",
                ...(body !== undefined && {
                    "content-type": request.contentType ?? "application/json",
                    // Node adds no length to the body of a DELETE by itself.
                    "content-length": Buffer.byteLength(body),
                }),
                ...(credential.token !== undefined && { authorization: `Bearer ${credential.token}` }),
            },
            rejectUnauthorized: !skipTlsVerify,
            ...(ca && { ca }),
            ...(serverName && { servername: serverName }),
            ...(credential.certificate && { cert: credential.certificate }),
            ...(credential.key && { key: credential.key }),
            ...(request.signal && { signal: request.signal }),
        };
        return new Promise((resolve, reject) => {
            const outgoing = (url.protocol === "https:" ? https : http).request(url, options, (response) => {
                const chunks: Buffer[] = [];
                response.on("data", (chunk: Buffer) => chunks.push(chunk));
                response.on("error", reject);
                response.on("end", () => {
                    try {
                        resolve(toAnswer(response, Buffer.concat(chunks).toString()));
                    } catch (error) {
                        reject(error);
                    }
                });
            });
            outgoing.on("error", (error: NodeJS.ErrnoException) => {
                // The server closed an idle connection at the very moment it was reused: nothing was processed.
                const stale = outgoing.reusedSocket && error.code === "ECONNRESET";
                if (stale) {
                    this.#send(request, credential).then(resolve, reject);
                } else {
                    reject(error);
                }
            });
            outgoing.end(body);
        });
    }
}

function toAnswer(response: http.IncomingMessage, text: string): Answer {
    const status = response.statusCode ?? 0;
    const body = parseBody(text, status);
    if (status < 200 || status > 299) {
        throw new ApiError(status, textAt(body, "reason"), textAt(body, "message") || `HTTP status ${status}`);
    }
    // RFC 7234: 299 - "text"
    const header = response.headers["warning"] ?? "";
    const warnings = [...header.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? "");
    return { body, warnings };
}

function parseBody(text: string, status: number): Props {
    try {
        return JSON.parse(text) as Props;
    } catch {
        return { message: `HTTP status ${status} with a body that is not JSON` };
    }
}
