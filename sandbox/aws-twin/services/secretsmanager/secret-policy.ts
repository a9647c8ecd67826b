import type { Props } from "../../../engine/kit/types.ts";
import { pinnedFrom } from "../../policy-documents.ts";
import { requireDocument } from "../../policy-documents.ts";
import { findItem } from "../../references.ts";
import { flag, text } from "../../schema/field.ts";
import { json } from "../../schema/formats.ts";
import { textOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";
import { pinSecretPolicy, requireSecret, secret } from "./secret.ts";

/** The resource policy of a secret as a resource of its own; the last writer wins, as in AWS. */
export const secretPolicy: ResourceType = {
    token: T.secretPolicy,
    inputs: {
        blockPublicPolicy: flag(),
        policy: text({ required: true, json: true, check: json }),
        secretArn: text({ required: true, replaces: true }),
    },
    computed: [],
    create: (context, inputs) => ({ id: put(context, textOf(inputs, "secretArn"), inputs), computed: {} }),
    update: (context, item, inputs) => {
        put(context, item.id, inputs);
        return { computed: {} };
    },
    remove: (context, item) => {
        const found = findItem(context, T.secret, item.id);
        if (found === undefined) return;
        const { policy: _, ...hidden } = found.hidden;
        context.store.put({ ...found, hidden, outputs: { ...found.outputs, policy: "" } });
    },
    refresh: (context, item) => {
        const found = findItem(context, T.secret, item.id);
        return found === undefined || pinnedFrom(found.hidden, "policy") === undefined
            ? {}
            : (secret.refresh?.(context, found) ?? {});
    },
};

function put(context: Context, reference: string, inputs: Props): string {
    const policy = textOf(inputs, "policy");
    const found = requireSecret(context, reference);
    if (inputs["blockPublicPolicy"] === true) refusePublic(policy);
    const hidden = { ...found.hidden, policy: pinSecretPolicy(context, found.id, policy) };
    context.store.put({ ...found, hidden, outputs: { ...found.outputs, policy } });
    return found.id;
}

function refusePublic(policy: string): void {
    const { statements } = requireDocument(policy, "resource", "resource policy", "MalformedPolicyDocumentException");
    const open = statements.find(
        ({ effect, principal, conditions }) =>
            effect === "Allow" && conditions.length === 0 && principal?.some(({ type }) => type === "everyone"),
    );
    if (open === undefined) return;
    throw new Error(
        `PublicPolicyException: You can't add a resource policy that grants broad access to the secret: statement ` +
            `${open.id} allows everyone`,
    );
}
