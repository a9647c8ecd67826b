import { requireItem } from "../../references.ts";
import type { Context } from "../../schema/resource-type.ts";
import type { Item } from "../../state/store.ts";
import { T } from "../../tokens.ts";

/** The cluster with this name, ACTIVE. */
export function requireCluster(context: Context, name: string): Item {
    const { accountId, region } = context.place;
    const found = context.store.get({ type: T.cluster, accountId, region, id: name });
    if (found?.status === "") return found;
    if (found !== undefined) throw new Error(`ResourceInUseException: Cluster ${name} is ${found.status}`);
    return requireItem(context, T.cluster, name, "ResourceNotFoundException", "cluster");
}
