import { json, type Request, type Response } from "../daemon/http.ts";
import type { Props } from "../engine/kit/types.ts";
import type { Method, Twin } from "./twin.ts";
import { fromWire, toWire } from "./wire.ts";

/** Body of POST /provider/aws: a call of a method, or the wish to cancel one that is running. */
export type ProviderCall =
    | { config: Props; method: Method; request: unknown; operation: string }
    | { method: "cancel"; operation: string };

/**
 * POST /provider/aws: one call of a provider process. Answers `{result}`, or 422 with `{error}` where AWS would refuse.
 * A cancelled call still answers: a cluster that was being created is gone then, what was done at once is done. When
 * the provider hangs up, what is running is cancelled as well.
 */
export function providerRoute(twin: Twin): (request: Request, signal: AbortSignal) => Promise<Response> {
    const running = new Map<string, AbortController>();
    return async ({ method, body }, gone) => {
        if (method !== "POST") return json(405, { error: `POST is wanted here, got ${method}` });
        const call = fromWire(body.toString("utf8")) as ProviderCall;
        if (call.method === "cancel") {
            running.get(call.operation)?.abort(new Error("cancelled: the Pulumi engine stopped this operation"));
            return json(200, {});
        }
        const controller = new AbortController();
        running.set(call.operation, controller);
        try {
            const signal = AbortSignal.any([gone, controller.signal]);
            const result = await twin.handle(call.config, call.method, call.request, signal);
            return { ...json(200, null), body: toWire({ result: result ?? null }) };
        } catch (error) {
            return json(422, { error: error instanceof Error ? error.message : String(error) });
        } finally {
            running.delete(call.operation);
        }
    };
}
