import type { Props } from "../../../engine/kit/types.ts";
import { prefixedName, secretSuffix } from "../../identifiers.ts";
import { documentNow, pin, pinnedFrom, pinnedToProps } from "../../policy-documents.ts";
import { arnHere } from "../../references.ts";
import { flag, object, set, text, whole } from "../../schema/field.ts";
import { json, matching, oneOf } from "../../schema/formats.ts";
import { regions } from "../../schema/regions.ts";
import {
    optionalText,
    propsOf,
    textOf,
    type Context,
    type ResourceType,
    type Settled,
} from "../../schema/resource-type.ts";
import { secretCopies } from "../../state/secret-copies.ts";
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
        replicas: set(object({ kmsKeyId: text(), region: text({ required: true, check: oneOf(...regions) }) })),
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
                ...replicasOf(context, inputs, name),
                ...(policy === undefined ? {} : { policy: pinSecretPolicy(context, arn, policy) }),
            },
        };
    },
    update: (context, item, inputs, changed): Settled => {
        const policy = optionalText(inputs, "policy");
        const { kmsKeyArn: _, replicas: __, ...before } = item.hidden;
        const hidden: Props = {
            ...before,
            ...keyOf(context, inputs),
            ...replicasOf(context, inputs, textOf(item.outputs, "name"), item),
            lastChangedDate: context.now.toISOString(),
        };
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

function requireFreeName({ store, place }: Context, name: string, self?: Item): void {
    const { accountId, region } = place;
    const taken = store
        .all(T.secret, { accountId })
        .filter(
            ({ id, region: its, hidden }) =>
                id !== self?.id && (its === region || secretCopies(hidden).some((copy) => copy.region === region)),
        )
        .find(({ outputs }) => outputs["name"] === name);
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

/**
 * Where copies are, and each one's key. AWS replicates content, tags and resource policy, and nothing about keys.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
 * @param self The secret itself at an update: its copies are not in its way.
 */
function replicasOf(context: Context, inputs: Props, name: string, self?: Item): Props {
    const list = Array.isArray(inputs["replicas"]) ? inputs["replicas"] : [];
    const replicas = list.map((entry) => {
        const region = textOf(propsOf(entry), "region");
        if (region === context.place.region) {
            throw new Error(`InvalidParameterException: Invalid replica region. ${region} is the secret's own.`);
        }
        const there = { ...context, place: { ...context.place, region } };
        requireFreeName(there, name, self);
        return { region, ...keyOf(there, propsOf(entry)) };
    });
    const regions = replicas.map(({ region }) => region);
    if (new Set(regions).size < regions.length) {
        throw new Error("InvalidParameterException: Invalid replica region. A region is listed twice.");
    }
    return replicas.length === 0 ? {} : { replicas };
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
