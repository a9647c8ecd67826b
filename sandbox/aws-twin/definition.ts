import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { text as readText } from "node:stream/consumers";
import type {
    CheckResult,
    DiffResult,
    Operation,
    Props,
    ProviderDefinition,
    ProviderInstance,
} from "../engine/kit/types.ts";
import { checkProviderConfig } from "./provider-config.ts";
import type { ProviderCall } from "./routes.ts";
import type { Method } from "./twin.ts";
import { fromWire, toWire, wireBytes } from "./wire.ts";

/** How to reach the daemon that holds the twin. */
export interface DaemonAddress {
    port: number;
    token: string;
}

type Outputs = { id: string; outputs: Props };

/**
 * The provider `aws` with the twin behind it: every call goes to the daemon.
 * @param daemon Called for each request: the daemon may have been started anew.
 */
export function awsDefinition(version: string, daemon: () => DaemonAddress): ProviderDefinition {
    return {
        name: "aws",
        version,
        checkConfig: checkProviderConfig,
        // Another region shows at each resource, another account cannot be reached from here.
        replaceOnConfigChange: [],
        configure: async (config) => {
            await call(daemon(), config, "configure", {});
            return instance(config, daemon);
        },
    };
}

function instance(config: Props, daemon: () => DaemonAddress): ProviderInstance {
    const ask = async <T>(method: Method, request: object, signal?: AbortSignal): Promise<T> =>
        (await call(daemon(), config, method, request, signal)) as T;
    const operate = async <T>(method: Method, request: Operation): Promise<T> =>
        await ask<T>(method, { ...request, signal: undefined, log: undefined }, request.signal);
    return {
        check: (request) => ask<CheckResult>("check", { ...request, randomSeed: wireBytes(request.randomSeed) }),
        diff: (request) => ask<DiffResult>("diff", request),
        create: (request) => operate<Outputs>("create", request),
        read: (request) => operate<(Outputs & { inputs: Props }) | null>("read", request),
        update: (request) => operate<Outputs>("update", request),
        delete: async (request) => {
            await operate("delete", request);
        },
        invoke: (token, args) => ask("invoke", { token, args }),
    };
}

async function call(
    address: DaemonAddress,
    config: Props,
    method: Method,
    content: object,
    signal?: AbortSignal,
): Promise<unknown> {
    signal?.throwIfAborted();
    const operation = randomUUID();
    // The call goes on until it is answered: whatever it did until then must reach the engine's state.
    const cancel = (): void => void post(address, { method: "cancel", operation }).catch(() => undefined);
    signal?.addEventListener("abort", cancel);
    try {
        const { status, text } = await post(address, { config, method, request: content, operation });
        const answer = fromWire(text) as { result?: unknown; error?: string };
        if (status === 200) return answer.result;
        throw new Error(answer.error ?? `the sandbox's daemon answered ${status}`);
    } finally {
        signal?.removeEventListener("abort", cancel);
    }
}

/** Over node:http: a fetch gives up after five minutes, and a cluster on a busy machine may take longer. */
async function post({ port, token }: DaemonAddress, body: ProviderCall): Promise<{ status: number; text: string }> {
    return await new Promise((resolve, reject) => {
        const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
        const options = { host: "127.0.0.1", port, path: "/provider/aws", method: "POST", headers, agent: false };
        const sent = request(options, (response) => {
            readText(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
        });
        sent.on("error", (cause) => {
            reject(new Error(`no sandbox daemon answers on port ${port}; start it with: npm run sandbox`, { cause }));
        });
        sent.end(toWire(body));
    });
}
