import type { Props } from "../../../engine/kit/types.ts";
import { prefixedName, secretSuffix } from "../../identifiers.ts";
import { documentNow, pin, pinnedFrom, pinnedToProps } from "../../policy-documents.ts";
import { arnHere } from "../../references.ts";
import { flag, text, whole } from "../../schema/field.ts";
import { json, matching } from "../../schema/formats.ts";
import { optionalText, textOf, type Context, type ResourceType, type Settled } from "../../schema/resource-type.ts";
import type { Item } from "../../state/store.ts";
import { T } from "../../tokens.ts";
import { requireKey } from "../kms/find-key.ts";

const secretName = matching(/^[A-Za-z0-9/_+=.@-]{1,512}$/, "1 to 512 letters, digits and /_+=.@-");
const DOCUMENT = "MalformedPolicyDocumentException";
const DAY_MS = 24 * 60 * 60 * 1000;

export const secret: ResourceType = {
    token: T.secret,
    tagged: true,
    name: { property: "name", prefix: "namePrefix", auto: (name, random) => `${name}-${random}`, max: 512 },
    inputs: {
        description: text(),
        forceOverwriteReplicaSecret: flag({ default: false }),
        kmsKeyId: text(),
        name: text({ replaces: true, check: secretName }),
        namePrefix: text({ replaces: true, check: secretName }),
        policy: text({ json: true, check: json }),
        // 0: without recovery.
        recoveryWindowInDays: whole({ default: 30, min: 7, max: 30, also: 0 }),
    },
    computed: ["arn", "name", "policy"],
    create: (context, inputs) => {
        const name = optionalText(inputs, "name") ?? prefixedName(textOf(inputs, "namePrefix"), context.now);
        requireFreeName(context, name);
        const arn = arnHere(context, "secretsmanager", `secret:${name}-${secretSuffix()}`);
        const now = context.now.toISOString();
        const policy = optionalText(inputs, "policy");
        return {
            id: arn,
            computed: { arn, name, policy: policy ?? "" },
            hidden: {
                createdDate: now,
                lastChangedDate: now,
                versions: [],
                ...keyOf(context, inputs),
                ...(policy === undefined ? {} : { policy: pinSecretPolicy(context, arn, policy) }),
            },
        };
    },
    update: (context, item, inputs, changed): Settled => {
        const policy = optionalText(inputs, "policy");
        const { kmsKeyArn: _, ...before } = item.hidden;
        const hidden: Props = { ...before, ...keyOf(context, inputs), lastChangedDate: context.now.toISOString() };
        if (!changed.includes("policy") || policy === undefined) return { computed: {}, hidden };
        return { computed: {}, hidden: { ...hidden, policy: pinSecretPolicy(context, item.id, policy) } };
    },
    remove: ({ now }, { inputs }) => {
        const days = Number(inputs["recoveryWindowInDays"]);
        return days === 0 ? undefined : { pendingUntil: new Date(now.getTime() + days * DAY_MS) };
    },
    refresh: ({ view }, { hidden }) => {
        const pinned = pinnedFrom(hidden, "policy");
        return { policy: pinned === undefined ? "" : documentNow(view, pinned) };
    },
};

function requireFreeName({ store, place }: Context, name: string): void {
    const { accountId, region } = place;
    const taken = store.all(T.secret, { accountId, region }).find(({ outputs }) => outputs["name"] === name);
    if (taken?.status === "PENDING_DELETION") {
        throw new Error(
            "InvalidRequestException: You can't create this secret because a secret with this name is already " +
                `scheduled for deletion: ${name}, until ${taken.pendingUntil ?? ""}`,
        );
    }
    if (taken !== undefined) {
        throw new Error(`ResourceExistsException: The operation failed because the secret ${name} already exists.`);
    }
}

/** The key's ARN; nothing for the account's `aws/secretsmanager`. */
function keyOf(context: Context, inputs: Props): Props {
    const reference = optionalText(inputs, "kmsKeyId");
    if (reference === undefined || reference === "alias/aws/secretsmanager") return {};
    return { kmsKeyArn: textOf(requireKey(context, reference).outputs, "arn") };
}

export function pinSecretPolicy(context: Context, arn: string, policy: string): Props {
    return pinnedToProps(pin(context.view, policy, "resource", `resource policy of secret ${arn}`, DOCUMENT));
}

/**
 * The secret that an ARN or a name means, in the provider's account and region.
 * @throws Error when there is none, or when it is scheduled for deletion.
 */
export function requireSecret({ store, place }: Context, reference: string): Item {
    const { accountId, region } = place;
    const found = store
        .all(T.secret, { accountId, region })
        .find(({ id, outputs }) => id === reference || outputs["name"] === reference);
    if (found === undefined) {
        throw new Error(
            `ResourceNotFoundException: Secrets Manager can't find the specified secret: ${reference} in ` +
                `${accountId} ${region}`,
        );
    }
    if (found.status === "PENDING_DELETION") {
        throw new Error(
            "InvalidRequestException: You can't perform this operation on the secret because it was marked for " +
                `deletion: ${reference}`,
        );
    }
    return found;
}
