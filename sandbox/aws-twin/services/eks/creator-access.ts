import type { Props } from "../../../engine/kit/types.ts";
import type { Context } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";
import { accessEntryArn } from "./access.ts";

const CLUSTER_ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";

/** What bootstrapClusterCreatorAdminPermissions makes: an access entry for the caller, as cluster administrator. */
export function creatorAccess(context: Context, clusterName: string): void {
    const { store, place, view } = context;
    const { accountId, region, callerArn: principalArn } = place;
    const principalId = view.role(principalArn)?.uniqueId ?? "";
    const common = { accountId, region, inputs: {}, status: "" as const, implicit: true };
    const entry: Props = {
        clusterName,
        principalArn,
        type: "STANDARD",
        accessEntryArn: accessEntryArn(context, clusterName, principalArn),
    };
    store.put({
        ...common,
        type: T.accessEntry,
        id: `${clusterName}:${principalArn}`,
        outputs: entry,
        hidden: { principalId },
    });
    store.put({
        ...common,
        type: T.accessPolicyAssociation,
        id: `${clusterName}#${principalArn}#${CLUSTER_ADMIN}`,
        outputs: { clusterName, principalArn, policyArn: CLUSTER_ADMIN, accessScope: { type: "cluster" } },
        hidden: {},
    });
}
