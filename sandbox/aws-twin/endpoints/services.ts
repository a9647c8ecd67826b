import type { DecisionLog } from "../iam/decision-log.ts";
import { type AccessRequest, type Decision, evaluate } from "../iam/evaluate.ts";
import { explain } from "../iam/explain.ts";
import type { IamSource } from "../iam/source.ts";
import type { CredentialStore } from "./credential-store.ts";

/** The verified bearer of a service-account token: `status` of a TokenReview. */
export interface TokenReviewStatus {
    authenticated?: boolean;
    error?: string;
    user?: { username?: string; uid?: string; extra?: Record<string, string[]> };
}

/** What the AWS endpoints work with. */
export interface AwsServices {
    source: IamSource;
    credentials: CredentialStore;
    decisions: DecisionLog;
    clock: () => Date;
    /**
     * Has a cluster's API server review a service-account token with the audience `pods.eks.amazonaws.com`.
     * @param clusterKey `key` of the cluster's record.
     */
    verifyToken(clusterKey: string, token: string): Promise<TokenReviewStatus>;
    /** The identity that starts every chain on this machine. */
    operator: {
        /** A role of the twin. */
        roleArn: string;
        /** Expected in the Authorization header, alone or after `Bearer `. */
        token: string;
    };
}

/** An error answer; each protocol puts it in its own form. */
export class ServiceError extends Error {
    override name = "ServiceError";
    readonly code: string;
    /** Decision that led to it; becomes the request id of the answer. */
    readonly decisionId: string | undefined;

    constructor(code: string, message: string, decisionId?: string) {
        super(message);
        this.code = code;
        this.decisionId = decisionId;
    }
}

/** Evaluates a request and logs the decision. */
export function decide(services: AwsServices, request: AccessRequest): Decision & { id: string } {
    const decision = evaluate(request);
    const id = services.decisions.add({ ...decision, explanation: explain(decision) });
    return { ...decision, id };
}

/** Logs a refusal that needed no policy, such as a bad signature, and gives its id. */
export function refuse(
    services: AwsServices,
    principal: string,
    action: string,
    resource: string,
    why: string,
): string {
    const explanation = `${principal} may not ${action} on ${resource}: ${why}`;
    return services.decisions.add({ principal, action, resource, allowed: false, explanation });
}
