import { json, type Request, type Response } from "../daemon/http.ts";
import type { Props } from "../engine/kit/types.ts";
import type { Method, Twin } from "./twin.ts";
import { fromWire, toWire } from "./wire.ts";

/** Body of POST /provider/aws. */
export interface ProviderCall {
    config: Props;
    method: Method;
    request: unknown;
}

/**
 * POST /provider/aws: one call of a provider process. Answers `{result}`, or 422 with `{error}` where AWS would refuse.
 * The signal aborts when the provider hangs up: the operation that was running is undone.
 */
export function providerRoute(twin: Twin): (request: Request, signal: AbortSignal) => Promise<Response> {
    return async ({ method, body }, signal) => {
        if (method !== "POST") return json(405, { error: `POST is wanted here, got ${method}` });
        const call = fromWire(body.toString("utf8")) as ProviderCall;
        try {
            const result = await twin.handle(call.config, call.method, call.request, signal);
            return { ...json(200, null), body: toWire({ result: result ?? null }) };
        } catch (error) {
            return json(422, { error: error instanceof Error ? error.message : String(error) });
        }
    };
}
