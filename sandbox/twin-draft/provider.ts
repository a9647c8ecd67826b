import { readFileSync } from "node:fs";
import path from "node:path";
import { serve } from "../engine/kit/serve.ts";
import { UNKNOWN, type Props } from "../engine/kit/types.ts";
const enc = (v: unknown): unknown => JSON.parse(JSON.stringify(wrap(v)));
function wrap(v: any): any { return v === UNKNOWN ? { $unknown: true } : Array.isArray(v) ? v.map(wrap) : v && typeof v === "object" && !(v instanceof Uint8Array) ? Object.fromEntries(Object.entries(v).filter(([, x]) => typeof x !== "function").map(([k, x]) => [k, wrap(x)])) : v instanceof Uint8Array ? [] : v; }
function unwrap(v: any): any { return v && typeof v === "object" ? v.$unknown === true ? UNKNOWN : Array.isArray(v) ? v.map(unwrap) : Object.fromEntries(Object.entries(v).map(([k, x]) => [k, unwrap(x)])) : v; }
const info = JSON.parse(readFileSync(path.join(process.env["FLEET_SANDBOX_DIR"] ?? "", "daemon.json"), "utf8"));
async function call(config: Props, method: string, request: any): Promise<any> {
    const { signal, ...rest } = request;
    const response = await fetch(`http://127.0.0.1:${info.port}/provider/aws/${method}`, { method: "POST", headers: { authorization: `Bearer ${info.token}` }, body: JSON.stringify(enc({ config, request: rest })), signal: signal ?? null });
    const body = JSON.parse(await response.text());
    if (!response.ok) throw new Error(body.error);
    return unwrap(body);
}
void serve({
    name: "aws", version: "7.48.0", checkConfig: () => [], replaceOnConfigChange: [],
    async configure(config) {
        return new Proxy({}, { get: (_, method: string) => (method === "then" ? undefined : (request: any) => call(config, method, request)) }) as never;
    },
});
