import { setTimeout as sleep } from "node:timers/promises";
import type { Props, Value } from "../kit/types.ts";

const RETRY_DELAY_MS = 500;
/** A new KV v2 mount answers "upgrading" until it is one. */
const UPGRADE_RETRIES = 20;
const UPGRADING = /upgrading from non-versioned/i;

/** How to reach a Vault server. */
export interface VaultAddress {
    /** URL without path, e.g. http://127.0.0.1:8200. */
    address: string;
    token: string;
    namespace: string | undefined;
    /** Work with the token itself instead of a child of it. */
    skipChildToken: boolean;
    /** Display name of the child token. */
    tokenName: string;
    /** Life of the child token. */
    maxLeaseTtlSeconds: number;
    /** Times a request is tried again after no answer or a 412, 429 or 5xx. */
    maxRetries: number;
}

/** An answer of Vault that is not a success. */
export class VaultError extends Error {
    readonly status: number;

    constructor(status: number, message: string) {
        super(message);
        this.status = status;
    }
}

/** Vault's HTTP API, https://developer.hashicorp.com/vault/api-docs. */
export class VaultClient {
    readonly #to: VaultAddress;
    #token: Promise<string> | undefined;

    constructor(to: VaultAddress) {
        this.#to = to;
    }

    /** The `data` of an answer, or undefined if there is nothing at the path. */
    async read(path: string, signal?: AbortSignal): Promise<Props | undefined> {
        const answer = await this.#request("GET", path, undefined, signal).catch((error: unknown) => {
            if (error instanceof VaultError && error.status === 404) {
                return undefined;
            }
            throw error;
        });
        return answer === undefined ? undefined : asObject(answer["data"]);
    }

    async write(path: string, body: Props, signal?: AbortSignal): Promise<void> {
        await this.#request("POST", path, body, signal);
    }

    /** Deleting what is not there is fine. */
    async delete(path: string, signal?: AbortSignal): Promise<void> {
        await this.#request("DELETE", path, undefined, signal).catch((error: unknown) => {
            if (!(error instanceof VaultError && error.status === 404)) {
                throw error;
            }
        });
    }

    async #request(method: string, path: string, body: Props | undefined, signal?: AbortSignal): Promise<Props> {
        this.#token ??= this.#obtainToken();
        const token = await this.#token;
        for (let attempt = 0; ; attempt++) {
            try {
                return await this.#send(method, path, body, token, signal);
            } catch (error) {
                const limit = isUpgrading(error) ? UPGRADE_RETRIES : this.#to.maxRetries;
                if (signal?.aborted || !isPassing(error) || attempt >= limit) {
                    throw error;
                }
                await sleep(RETRY_DELAY_MS, undefined, signal && { signal });
            }
        }
    }

    /** The official provider works with a child token that ends by itself. */
    async #obtainToken(): Promise<string> {
        const { token, skipChildToken, tokenName, maxLeaseTtlSeconds } = this.#to;
        if (skipChildToken) {
            return token;
        }
        const ttl = `${maxLeaseTtlSeconds}s`;
        const body = { renewable: false, display_name: tokenName, ttl, explicit_max_ttl: ttl };
        const answer = await this.#send("POST", "auth/token/create", body, token).catch((error: unknown) => {
            if (error instanceof VaultError && error.status === 403) {
                throw new VaultError(
                    403,
                    `the token may not create a child token (set skipChildToken): ${error.message}`,
                );
            }
            throw error;
        });
        const child = asObject(answer["auth"])?.["client_token"];
        if (typeof child !== "string") {
            throw new VaultError(200, "Vault answered no child token");
        }
        return child;
    }

    async #send(
        method: string,
        path: string,
        body: Props | undefined,
        token: string,
        signal?: AbortSignal,
    ): Promise<Props> {
        const { address, namespace } = this.#to;
        const url = `${address}/v1/${path.split("/").map(encodeURIComponent).join("/")}`;
        const headers = {
            "x-vault-request": "true",
            "x-vault-token": token,
            ...(namespace !== undefined && { "x-vault-namespace": namespace }),
            ...(body !== undefined && { "content-type": "application/json" }),
        };
        const init = { method, headers, ...(body && { body: JSON.stringify(body) }), ...(signal && { signal }) };
        const response = await fetch(url, init).catch((error: unknown) => {
            if (signal?.aborted) {
                throw error;
            }
            const reason =
                error instanceof Error && error.cause instanceof Error ? causeOf(error.cause) : String(error);
            throw new VaultError(0, `Vault at ${address} does not answer: ${reason}`);
        });
        const answer = parse(await response.text());
        if (!response.ok) {
            const errors = Array.isArray(answer["errors"]) ? answer["errors"].map(String) : [];
            const reason = errors.join("; ").replaceAll(/\s*\n\s*/g, " ") || response.statusText;
            throw new VaultError(response.status, `Vault answered ${response.status} to ${method} ${path}: ${reason}`);
        }
        return answer;
    }
}

function isUpgrading(error: unknown): boolean {
    return error instanceof VaultError && error.status === 400 && UPGRADING.test(error.message);
}

function isPassing(error: unknown): boolean {
    const status = error instanceof VaultError ? error.status : -1;
    return isUpgrading(error) || status === 0 || status === 412 || status === 429 || (status >= 500 && status !== 501);
}

/** Node reports every address of a host it tried as one error without a message. */
function causeOf(cause: Error): string {
    return cause.message || (cause as NodeJS.ErrnoException).code || cause.name;
}

function parse(text: string): Props {
    try {
        return asObject(JSON.parse(text) as Value) ?? {};
    } catch {
        return {};
    }
}

export function asObject(value: Value | undefined): Props | undefined {
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}
