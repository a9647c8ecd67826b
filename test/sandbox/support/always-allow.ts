import type { AccessRequest, Decision } from "../../../sandbox/aws-twin/iam/evaluate.ts";

/** Takes the place of the twin's evaluator, to prove that the tests need it. */
export function evaluate({ principal, action, resource }: AccessRequest): Decision {
    const name = principal.type === "service" ? principal.service : principal.role.arn;
    return { allowed: true, principal: name, action, resource: resource.arn, reasons: [] };
}
