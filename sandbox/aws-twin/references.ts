import type { Item } from "./state/store.ts";
import type { Context } from "./schema/resource-type.ts";

/**
 * The item of a type with this id in the provider's account and region, in use.
 * @param code AWS's error code for its absence, such as `InvalidVpcID.NotFound`.
 * @param what How AWS's message calls it, such as `vpc ID`.
 */
export function requireItem(context: Context, type: string, id: string, code: string, what: string): Item {
    const item = findItem(context, type, id);
    if (item !== undefined) return item;
    const { accountId, region } = context.place;
    const elsewhere = context.store.all(type).find((each) => each.id === id);
    const hint =
        elsewhere === undefined ? "" : `; there is one in ${elsewhere.accountId} ${elsewhere.region || "(global)"}`;
    throw new Error(`${code}: The ${what} '${id}' does not exist in ${accountId} ${region}${hint}`);
}

/** Like {@link requireItem}, but undefined when there is none. */
export function findItem({ store, place, type }: Context, of: string, id: string): Item | undefined {
    const { accountId } = place;
    const iam = of.startsWith("aws:iam/");
    const item = store.get({ type: of, accountId, region: iam ? "" : place.region, id });
    return item?.status === "" || (item !== undefined && item.type === type.token) ? item : undefined;
}

/** Items of a type in the provider's account and region for which an output has this value. */
export function itemsWith({ store, place }: Context, type: string, property: string, value: string): Item[] {
    const { accountId, region } = place;
    const iam = type.startsWith("aws:iam/");
    return store
        .all(type, { accountId, region: iam ? "" : region })
        .filter(({ outputs }) => outputs[property] === value);
}

/** `arn:aws:<service>:<region>:<account>:<rest>` in the provider's place. */
export function arnHere({ place }: Context, service: string, rest: string): string {
    return `arn:aws:${service}:${place.region}:${place.accountId}:${rest}`;
}

/** @throws Error with AWS's DependencyViolation when anything still needs the item. */
export function refuseWhileUsed(what: string, users: readonly Item[]): void {
    const user = users[0];
    if (user === undefined) return;
    throw new Error(
        `DependencyViolation: The ${what} has dependencies and cannot be deleted (${users.length}, such as ` +
            `${user.type} ${user.id})`,
    );
}
