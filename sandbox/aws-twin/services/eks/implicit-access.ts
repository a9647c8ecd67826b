import type { Props } from "../../../engine/kit/types.ts";
import { findItem } from "../../references.ts";
import type { Context } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";
import { accessEntryArn } from "./access.ts";

/** An access entry that EKS makes by itself, with one access policy for the whole cluster. */
interface ImplicitAccess {
    principalArn: string;
    /** STANDARD for people, EC2 for nodes of Auto Mode. */
    type: string;
    /** Name of the access policy. */
    policy: string;
}

/** What bootstrapClusterCreatorAdminPermissions makes: the caller becomes cluster administrator. */
export function creatorAccess(context: Context, clusterName: string): void {
    const principalArn = context.place.callerArn;
    implicitAccess(context, clusterName, { principalArn, type: "STANDARD", policy: "AmazonEKSClusterAdminPolicy" });
}

/** Makes the entry unless the principal has one. */
export function implicitAccess(context: Context, clusterName: string, access: ImplicitAccess): void {
    const { store, place, view } = context;
    const { principalArn, type, policy } = access;
    const id = `${clusterName}:${principalArn}`;
    if (findItem(context, T.accessEntry, id) !== undefined) return;
    const { accountId, region } = place;
    const principalId = view.role(principalArn)?.uniqueId ?? "";
    const policyArn = `arn:aws:eks::aws:cluster-access-policy/${policy}`;
    const common = { accountId, region, inputs: {}, status: "" as const, implicit: true };
    const entry: Props = {
        clusterName,
        principalArn,
        type,
        accessEntryArn: accessEntryArn(context, clusterName, principalArn),
    };
    store.put({ ...common, type: T.accessEntry, id, outputs: entry, hidden: { principalId } });
    store.put({
        ...common,
        type: T.accessPolicyAssociation,
        id: `${clusterName}#${principalArn}#${policyArn}`,
        outputs: { clusterName, principalArn, policyArn, accessScope: { type: "cluster" } },
        hidden: {},
    });
}
