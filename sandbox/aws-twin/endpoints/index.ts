import { type Handler, json } from "../../daemon/http.ts";
import { authenticateToken } from "./eks-authenticate.ts";
import { authorizeRequest } from "./eks-authorize.ts";
import { operatorHandler, podIdentityHandler } from "./pod-identity.ts";
import { secretsManagerHandler } from "./secrets-manager.ts";
import type { AwsServices } from "./services.ts";
import { readSignature, SignatureFormatError } from "./sigv4.ts";
import { stsHandler } from "./sts.ts";

/** The AWS endpoints of the sandbox, for the daemon to mount. */
export interface AwsEndpoints {
    /** `/`: STS and Secrets Manager, told apart by the signature's scope. */
    api: Handler;
    /** `/v1/credentials`: Pod Identity. */
    podIdentity: Handler;
    /** `/operator/credentials`. */
    operator: Handler;
    /** `/eks/<account>/<region>/<cluster>/authenticate` and `…/authorize`: the API servers' webhooks. */
    eks: Handler;
}

/** Makes the endpoints; every decision is made from the policies in `services.source` and logged. */
export function awsEndpoints(services: AwsServices): AwsEndpoints {
    const sts = stsHandler(services);
    const secretsManager = secretsManagerHandler(services);
    return {
        podIdentity: podIdentityHandler(services),
        operator: operatorHandler(services),
        api: (request) => {
            const target = request.headers["x-amz-target"]?.toString();
            if (target?.startsWith("secretsmanager.")) return secretsManager(request);
            const service = target ?? serviceOf(request) ?? "sts";
            if (service === "sts") return sts(request);
            const message = `the sandbox serves the AWS APIs sts and secretsmanager, not "${service}"`;
            return Promise.resolve(json(400, { __type: "UnknownOperationException", Message: message }));
        },
        eks: (request) => {
            const [, , accountId = "", region = "", name = "", call = ""] = request.url.pathname.split("/");
            const cluster = services.source.cluster(accountId, region, name);
            if (cluster === undefined || (call !== "authenticate" && call !== "authorize")) {
                return Promise.resolve(json(404, { error: `nothing is served at ${request.url.pathname}` }));
            }
            const answer = call === "authenticate" ? authenticateToken : authorizeRequest;
            return Promise.resolve(answer(services, cluster, request));
        },
    };
}

/** The service in the signature's scope; undefined for an unsigned request. */
function serviceOf(request: Parameters<Handler>[0]): string | undefined {
    try {
        return readSignature(request).service;
    } catch (error) {
        if (error instanceof SignatureFormatError) return undefined;
        throw error;
    }
}
