import { createRequire } from "node:module";

import type { Rule } from "./rule/rule.ts";
import { misspellings } from "./config-check.ts";
import { redact, secretsIn } from "./redact.ts";

interface Diagnostic {
    getMessage(): string;
    setMessage(message: string): unknown;
}
interface Request {
    getProperties?(): { toJavaScript(): unknown } | undefined;
    getResourcesList?(): { getProperties(): { toJavaScript(): unknown } | undefined }[];
    getPolicyconfigMap?(): { entries(): { next(): { done: boolean; value: [string, unknown] } } };
}
interface Response {
    getDiagnosticsList(): Diagnostic[];
}
type Callback = (error: unknown, response?: Response) => void;
type Method = (call: { request: Request }, callback: Callback) => unknown;
type Methods = Record<string, Method>;

/**
 * Stands between the engine and the policy SDK, for two things that the SDK leaves to nobody: a configuration for rules
 * or properties that do not exist is refused, and a secret value is not repeated in a message.
 *
 * The SDK makes its server inside `new PolicyPack`, so what it registers is wrapped; call the returned function after,
 * which throws when nothing was.
 */
export function guardServer(rules: readonly Rule[]): () => void {
    // The SDK's own copy of the library, which need not be this repository's.
    const sdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/policy"));
    const { Server } = sdk("@grpc/grpc-js") as { Server: { prototype: { addService: Function } } };
    const addService = Server.prototype.addService;
    let guarded = false;
    Server.prototype.addService = function (service: unknown, methods: Methods) {
        const { configure, analyze, analyzeStack } = methods;
        if (configure === undefined || analyze === undefined || analyzeStack === undefined) {
            throw new Error("the policy SDK serves no analyzer that this pack knows");
        }
        guarded = true;
        return addService.call(this, service, {
            ...methods,
            configure: checking(configure, rules),
            analyze: redacting(analyze),
            analyzeStack: redacting(analyzeStack),
        });
    };
    return () => {
        Server.prototype.addService = addService;
        if (!guarded) {
            throw new Error(
                "the policy SDK did not serve the pack through @grpc/grpc-js; secrets would not be redacted",
            );
        }
    };
}

function checking(configure: Method, rules: readonly Rule[]): Method {
    return (call, callback) => {
        const problems = misspellings(configurationOf(call.request), rules);
        if (problems.length > 0) {
            const details = problems.join("\n");
            // INVALID_ARGUMENT
            callback({ code: 3, message: details, details });
            return undefined;
        }
        return configure(call, callback);
    };
}

function configurationOf(request: Request): Map<string, string[]> {
    const config = new Map<string, string[]>();
    const entries = request.getPolicyconfigMap?.().entries();
    for (let next = entries?.next(); next !== undefined && !next.done; next = entries?.next()) {
        const [rule, own] = next.value as [string, { getProperties(): { toJavaScript(): object } | undefined }];
        config.set(rule, Object.keys(own.getProperties()?.toJavaScript() ?? {}));
    }
    return config;
}

function redacting(method: Method): Method {
    return (call, callback) =>
        method(call, (error, response) => {
            const diagnostics = response?.getDiagnosticsList() ?? [];
            if (diagnostics.length > 0) {
                const secrets = propertiesOf(call.request).flatMap(secretsIn);
                for (const diagnostic of diagnostics) {
                    diagnostic.setMessage(redact(diagnostic.getMessage(), secrets));
                }
            }
            callback(error, response);
        });
}

function propertiesOf(request: Request): unknown[] {
    const own = request.getProperties?.();
    const others = request.getResourcesList?.().map((resource) => resource.getProperties()) ?? [];
    return [own, ...others].flatMap((properties) => (properties === undefined ? [] : [properties.toJavaScript()]));
}
