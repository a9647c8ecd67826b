import type { Props } from "../engine/kit/types.ts";
import { iamUniqueId, timestamp } from "./identifiers.ts";
import { pin, pinnedToProps } from "./policy-documents.ts";
import { T } from "./tokens.ts";
import type { Item, Store } from "./state/store.ts";
import type { IamSource } from "./iam/source.ts";

const OPERATOR_ACCOUNT = "999999999999";
const OPERATOR = "fleet-operator";
const DEPLOYER = "fleet-deployer";

/** Whose credentials `pulumi up` starts with: it may become `role/fleet-deployer` of every account, and no more. */
export const OPERATOR_ROLE_ARN = `arn:aws:iam::${OPERATOR_ACCOUNT}:role/${OPERATOR}`;

/** Roles that an organisation has before its fleet: the operator, and a deployer in each account. */
export function ensureOperator(store: Store, view: IamSource): void {
    if (view.role(OPERATOR_ROLE_ARN) !== undefined) return;
    const trust = statement({ Principal: { AWS: OPERATOR_ACCOUNT }, Action: "sts:AssumeRole" });
    const permissions = statement({ Action: "sts:AssumeRole", Resource: `arn:aws:iam::*:role/${DEPLOYER}` });
    store.transaction(() => putRole(store, view, OPERATOR_ACCOUNT, OPERATOR, trust, permissions));
}

/** Gives an account its deployer, when `arn` is one's and it is missing. Accounts need no other preparation. */
export function ensureDeployer(store: Store, view: IamSource, arn: string): void {
    const [, accountId] = new RegExp(`^arn:aws:iam::(\\d{12}):role/${DEPLOYER}$`).exec(arn) ?? [];
    if (accountId === undefined || accountId === OPERATOR_ACCOUNT || view.role(arn) !== undefined) return;
    const trust = statement({ Principal: { AWS: OPERATOR_ROLE_ARN }, Action: "sts:AssumeRole" });
    const permissions = statement({ Action: "*", Resource: "*" });
    store.transaction(() => putRole(store, view, accountId, DEPLOYER, trust, permissions));
}

function statement(content: Record<string, unknown>): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: "Organization", Effect: "Allow", ...content }] });
}

function putRole(
    store: Store,
    view: IamSource,
    accountId: string,
    name: string,
    trust: string,
    permissions: string,
): void {
    const pinned = pin(view, trust, "trust", `trust policy of role ${name}`, "MalformedPolicyDocument");
    const common = { accountId, region: "", status: "" as const, implicit: true };
    const role: Props = {
        arn: `arn:aws:iam::${accountId}:role/${name}`,
        assumeRolePolicy: trust,
        createDate: timestamp(store.now()),
        maxSessionDuration: 3600,
        name,
        path: "/",
        tagsAll: {},
        uniqueId: iamUniqueId("AROA"),
    };
    const inline: Props = { name: "organization", policy: permissions, role: name };
    const items: Item[] = [
        { ...common, type: T.role, id: name, inputs: {}, outputs: role, hidden: { trust: pinnedToProps(pinned) } },
        { ...common, type: T.rolePolicy, id: `${name}:organization`, inputs: {}, outputs: inline, hidden: {} },
    ];
    for (const item of items) store.put(item);
}
