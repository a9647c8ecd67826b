import type { Props } from "../engine/kit/types.ts";
import type { IamSource } from "./iam/source.ts";
import { ensureDeployer, OPERATOR_ROLE_ARN } from "./organization.ts";
import { roleDenial } from "./permissions.ts";
import { readProviderConfig, type AssumedRole } from "./provider-config.ts";
import type { Place } from "./schema/resource-type.ts";
import type { Store } from "./state/store.ts";

/**
 * Where a provider with this configuration works: it starts as the operator and assumes the configured roles in turn.
 * @throws Error in the aws provider's words: a role that may not be assumed, an account that is not allowed.
 */
export function placeOf(store: Store, view: IamSource, config: Props): Place {
    const settings = readProviderConfig(config);
    let caller = { arn: OPERATOR_ROLE_ARN, sessionName: "operator" };
    for (const role of settings.assumeRoles) {
        ensureDeployer(store, view, role.roleArn);
        assume(view, store.now(), caller, role);
        caller = { arn: role.roleArn, sessionName: role.sessionName };
    }
    const accountId = caller.arn.split(":")[4] ?? "";
    const { allowedAccountIds: allowed, forbiddenAccountIds: forbidden } = settings;
    if ((allowed.length > 0 && !allowed.includes(accountId)) || forbidden.includes(accountId)) {
        throw new Error(`AWS account ID not allowed: ${accountId} (allowedAccountIds: ${allowed.join(", ") || "any"})`);
    }
    return { accountId, region: settings.region, callerArn: caller.arn, defaultTags: settings.defaultTags };
}

function assume(view: IamSource, now: Date, caller: { arn: string; sessionName: string }, wanted: AssumedRole): void {
    const { roleArn, sessionName, externalId } = wanted;
    const role = view.role(roleArn);
    const why =
        role === undefined
            ? "the role does not exist"
            : roleDenial(
                  view,
                  now,
                  caller,
                  "sts:AssumeRole",
                  { arn: roleArn, accountId: role.accountId, kind: "role", policy: role.trustPolicy },
                  { "sts:RoleSessionName": sessionName, "sts:ExternalId": externalId },
              );
    if (why === undefined) return;
    throw new Error(
        `Cannot assume IAM Role: IAM Role (${roleArn}) cannot be assumed: AccessDenied: User: ${caller.arn} is not ` +
            `authorized to perform: sts:AssumeRole on resource: ${roleArn} because ${why}`,
    );
}
