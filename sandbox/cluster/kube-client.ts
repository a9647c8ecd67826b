import { Agent, request, type RequestOptions } from "node:https";
import type { IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { readKubeconfig } from "./kubeconfig.ts";

/** An answer of the API server other than 2xx. */
export class KubeError extends Error {
    /** HTTP status. */
    readonly status: number;
    /** `reason` of the Status object, e.g. `NotFound`; empty when there is none. */
    readonly reason: string;

    constructor(status: number, reason: string, message: string) {
        super(message);
        this.status = status;
        this.reason = reason;
    }
}

export type PatchType = "merge" | "strategic-merge" | "apply";

const PATCH_CONTENT_TYPES: Record<PatchType, string> = {
    merge: "application/merge-patch+json",
    "strategic-merge": "application/strategic-merge-patch+json",
    apply: "application/apply-patch+yaml",
};

export interface WatchEvent<T> {
    type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
    object: T;
}

const TIMEOUT_MS = 30_000;

/** A thin client of one API server: JSON over HTTPS with a token, paths as the API has them. */
export class KubeClient {
    readonly #server: URL;
    readonly #ca: string;
    readonly #token: string;
    readonly #agent: Agent;

    constructor(options: { server: string; ca: string; token: string }) {
        this.#server = new URL(options.server);
        this.#ca = options.ca;
        this.#token = options.token;
        this.#agent = new Agent({ keepAlive: true, maxSockets: 8, ca: options.ca });
    }

    static fromKubeconfig(file: string): KubeClient {
        return new KubeClient(readKubeconfig(file));
    }

    get<T>(path: string): Promise<T> {
        return this.#call("GET", path);
    }

    /** Whether `/readyz` says ok. */
    async ready(): Promise<boolean> {
        const response = await this.#send("GET", "/readyz", undefined, undefined, {
            signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        await text(response);
        return response.statusCode === 200;
    }

    /** The object, or undefined when the API server answers 404. */
    async find<T>(path: string): Promise<T | undefined> {
        try {
            return await this.get<T>(path);
        } catch (error) {
            if (error instanceof KubeError && error.status === 404) {
                return undefined;
            }
            throw error;
        }
    }

    create<T>(path: string, body: unknown): Promise<T> {
        return this.#call("POST", path, body, "application/json");
    }

    patch<T>(path: string, type: PatchType, body: unknown): Promise<T> {
        return this.#call("PATCH", path, body, PATCH_CONTENT_TYPES[type]);
    }

    /** Deletes; an object that is already gone is no error. */
    async delete(path: string, options: object = {}): Promise<void> {
        try {
            await this.#call("DELETE", path, options, "application/json");
        } catch (error) {
            if (!(error instanceof KubeError && error.status === 404)) {
                throw error;
            }
        }
    }

    /**
     * Calls back with every event until the server ends the stream, which it does every few minutes.
     * An expired resourceVersion rejects with status 410.
     */
    async watch<T>(
        path: string,
        resourceVersion: string,
        onEvent: (event: WatchEvent<T>) => void,
        signal: AbortSignal,
    ): Promise<void> {
        const query = new URLSearchParams({ watch: "true", allowWatchBookmarks: "true", resourceVersion });
        const response = await this.#send("GET", `${path}?${query.toString()}`, undefined, undefined, {
            signal,
            agent: false,
        });
        if (response.statusCode !== 200) {
            throw toError(response.statusCode ?? 0, await text(response));
        }
        const lines = createInterface({ input: response, crlfDelay: Infinity });
        // An abort in mid-stream is how a watch ends.
        response.on("error", () => lines.close());
        for await (const line of lines) {
            const event: WatchEvent<T> = JSON.parse(line);
            if (event.type === "ERROR") {
                throw toError(410, JSON.stringify(event.object));
            }
            onEvent(event);
        }
    }

    /** Drops kept connections. */
    close(): void {
        this.#agent.destroy();
    }

    async #call<T>(method: string, path: string, body?: unknown, contentType?: string): Promise<T> {
        const signal = AbortSignal.timeout(TIMEOUT_MS);
        const response = await this.#send(method, path, body, contentType, { signal });
        const content = await text(response);
        const status = response.statusCode ?? 0;
        if (status < 200 || status > 299) {
            throw toError(status, content);
        }
        return JSON.parse(content);
    }

    #send(
        method: string,
        path: string,
        body: unknown,
        contentType: string | undefined,
        options: RequestOptions,
    ): Promise<IncomingMessage> {
        const payload = body === undefined ? undefined : JSON.stringify(body);
        return new Promise((resolve, reject) => {
            const call = request({
                host: this.#server.hostname,
                port: this.#server.port,
                ca: this.#ca,
                agent: this.#agent,
                method,
                path,
                headers: {
                    authorization: `Bearer ${this.#token}`,
                    accept: "application/json",
                    ...(contentType === undefined ? {} : { "content-type": contentType }),
                    ...(payload === undefined ? {} : { "content-length": Buffer.byteLength(payload) }),
                },
                ...options,
            });
            call.once("response", resolve);
            call.once("error", reject);
            call.end(payload);
        });
    }
}

async function text(response: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of response) {
        chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
}

function toError(status: number, body: string): KubeError {
    try {
        const { code, reason, message }: { code?: number; reason?: string; message?: string } = JSON.parse(body);
        return new KubeError(code ?? status, reason ?? "", message ?? body);
    } catch {
        return new KubeError(status, "", `The API server answered ${status}: ${body.slice(0, 300)}`);
    }
}
