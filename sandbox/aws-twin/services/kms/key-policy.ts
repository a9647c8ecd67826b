import type { Props } from "../../../engine/kit/types.ts";
import { findItem } from "../../references.ts";
import { flag, text } from "../../schema/field.ts";
import { json } from "../../schema/formats.ts";
import { textOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";
import { requireKey } from "./find-key.ts";
import { defaultKeyPolicy, writeKeyPolicy } from "./key.ts";

/** The policy of a key as a resource of its own; the last writer wins, as in AWS. */
export const keyPolicy: ResourceType = {
    token: T.keyPolicy,
    inputs: {
        bypassPolicyLockoutSafetyCheck: flag({ default: false }),
        keyId: text({ required: true, replaces: true }),
        policy: text({ required: true, json: true, check: json }),
    },
    computed: [],
    create: (context, inputs) => ({
        id: put(context, textOf(inputs, "keyId"), textOf(inputs, "policy"), inputs),
        computed: {},
    }),
    update: (context, item, inputs) => {
        put(context, item.id, textOf(inputs, "policy"), inputs);
        return { computed: {} };
    },
    remove: (context, item) => {
        const key = findItem(context, T.key, item.id);
        // The aws provider puts the default policy back.
        if (key !== undefined) {
            put(context, item.id, defaultKeyPolicy(item.accountId), { bypassPolicyLockoutSafetyCheck: true });
        }
    },
};

function put(context: Context, keyId: string, policy: string, inputs: Props): string {
    const key = requireKey(context, keyId);
    const hidden = { ...key.hidden, policy: writeKeyPolicy(context, textOf(key.outputs, "arn"), policy, inputs) };
    context.store.put({ ...key, hidden, outputs: { ...key.outputs, policy } });
    return key.id;
}
