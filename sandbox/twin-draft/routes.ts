import { json } from "../daemon/http.ts";
import type { RouteHandler } from "../daemon/router.ts";
import { UNKNOWN } from "../engine/kit/types.ts";
import type { Twin } from "./twin.ts";
function wrap(v: any): any { return v === UNKNOWN ? { $unknown: true } : Array.isArray(v) ? v.map(wrap) : v && typeof v === "object" ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, wrap(x)])) : v; }
function unwrap(v: any): any { return v && typeof v === "object" ? v.$unknown === true ? UNKNOWN : Array.isArray(v) ? v.map(unwrap) : Object.fromEntries(Object.entries(v).map(([k, x]) => [k, unwrap(x)])) : v; }
export const providerRoute = (twin: Twin): RouteHandler => async (request, signal) => {
    const { config, request: r } = unwrap(JSON.parse(request.body.toString()));
    return json(200, wrap((await twin.handle(config, request.url.pathname.split("/").at(-1) ?? "", r, signal)) ?? null));
};
