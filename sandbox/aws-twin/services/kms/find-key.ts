import { textOf, type Context } from "../../schema/resource-type.ts";
import type { Item } from "../../state/store.ts";
import { T } from "../../tokens.ts";

/**
 * The key that an id, a key ARN, an alias or an alias ARN means; ARNs may lead into another account.
 * @throws Error with KMS's NotFoundException, or KMSInvalidStateException for a key pending deletion or disabled.
 */
export function requireKey(context: Context, reference: string): Item {
    const { store, place } = context;
    const [, , , region = place.region, accountId = place.accountId, resource = reference] = reference.split(":");
    const id = resource.startsWith("alias/")
        ? store.get({ type: T.alias, accountId, region, id: resource })?.outputs["targetKeyId"]
        : resource.replace(/^key\//, "");
    const key = typeof id === "string" ? store.get({ type: T.key, accountId, region, id }) : undefined;
    if (key === undefined) {
        throw new Error(`NotFoundException: Key '${reference}' does not exist in ${accountId} ${region}`);
    }
    const arn = `arn:aws:kms:${region}:${accountId}:key/${key.id}`;
    if (key.status === "PENDING_DELETION") throw new Error(`KMSInvalidStateException: ${arn} is pending deletion.`);
    return key;
}

/** Like {@link requireKey}, for use: the key must be enabled too. */
export function requireEnabledKey(context: Context, reference: string): Item {
    const key = requireKey(context, reference);
    if (key.outputs["isEnabled"] !== false) return key;
    throw new Error(`DisabledException: ${textOf(key.outputs, "arn")} is disabled.`);
}
