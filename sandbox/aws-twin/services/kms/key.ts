import { randomUUID } from "node:crypto";
import type { Props } from "../../../engine/kit/types.ts";
import { hex } from "../../identifiers.ts";
import { roleDenial } from "../../permissions.ts";
import { documentNow, pin, pinnedFrom, pinnedToProps } from "../../policy-documents.ts";
import { arnHere } from "../../references.ts";
import { flag, text, whole } from "../../schema/field.ts";
import { json, oneOf } from "../../schema/formats.ts";
import { optionalText, textOf, type Context, type ResourceType, type Settled } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";

const DOCUMENT = "MalformedPolicyDocumentException";
const DAY_MS = 24 * 60 * 60 * 1000;

export const key: ResourceType = {
    token: T.key,
    tagged: true,
    inputs: {
        bypassPolicyLockoutSafetyCheck: flag({ default: false }),
        customerMasterKeySpec: text({
            default: "SYMMETRIC_DEFAULT",
            replaces: true,
            check: oneOf("SYMMETRIC_DEFAULT"),
        }),
        deletionWindowInDays: whole({ min: 7, max: 30 }),
        description: text(),
        enableKeyRotation: flag({ default: false }),
        isEnabled: flag({ default: true }),
        keyUsage: text({ default: "ENCRYPT_DECRYPT", replaces: true, check: oneOf("ENCRYPT_DECRYPT") }),
        multiRegion: flag({ replaces: true }),
        policy: text({ json: true, check: json }),
        rotationPeriodInDays: whole({ min: 90, max: 2560 }),
    },
    computed: ["arn", "description", "keyId", "multiRegion", "policy", "rotationPeriodInDays"],
    create: (context, inputs) => {
        const id = inputs["multiRegion"] === true ? `mrk-${hex(32)}` : randomUUID();
        const arn = arnHere(context, "kms", `key/${id}`);
        const policy = optionalText(inputs, "policy") ?? defaultKeyPolicy(context.place.accountId);
        const hidden = { policy: writeKeyPolicy(context, arn, policy, inputs) };
        return { id, computed: { ...settled(inputs), arn, keyId: id, policy }, hidden };
    },
    update: (context, item, inputs, changed): Settled => {
        const computed = settled(inputs);
        const policy = optionalText(inputs, "policy");
        if (!changed.includes("policy") || policy === undefined) return { computed };
        return { computed, hidden: { policy: writeKeyPolicy(context, textOf(item.outputs, "arn"), policy, inputs) } };
    },
    remove: ({ now }, { inputs }) => {
        const days = Number(inputs["deletionWindowInDays"] ?? 30);
        return { pendingUntil: new Date(now.getTime() + days * DAY_MS), outputs: { isEnabled: false } };
    },
    refresh: ({ view }, { hidden }): Props => {
        const pinned = pinnedFrom(hidden, "policy");
        return pinned === undefined ? {} : { policy: documentNow(view, pinned) };
    },
};

function settled(inputs: Props): Props {
    return {
        description: inputs["description"] ?? "",
        multiRegion: inputs["multiRegion"] ?? false,
        ...(inputs["enableKeyRotation"] === true
            ? { rotationPeriodInDays: inputs["rotationPeriodInDays"] ?? 365 }
            : {}),
    };
}

/**
 * Validates a key policy, resolves its principals, and refuses one that would lock the caller out.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 */
export function writeKeyPolicy(context: Context, keyArn: string, policy: string, inputs: Props): Props {
    const { view, now, place } = context;
    const pinned = pin(view, policy, "resource", `policy of key ${keyArn}`, DOCUMENT);
    if (inputs["bypassPolicyLockoutSafetyCheck"] !== true) {
        const resource = { arn: keyArn, accountId: place.accountId, kind: "key" as const, policy: pinned };
        const caller = { arn: place.callerArn, sessionName: "pulumi" };
        const denial = roleDenial(view, now, caller, "kms:PutKeyPolicy", resource);
        if (denial !== undefined) {
            throw new Error(
                `${DOCUMENT}: The new key policy will not allow you to update the key policy in the future: ${denial}`,
            );
        }
    }
    return pinnedToProps(pinned);
}

/** What a key has that is created without a policy. */
export function defaultKeyPolicy(accountId: string): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Id: "key-default-1",
        Statement: [
            {
                Sid: "Enable IAM User Permissions",
                Effect: "Allow",
                Principal: { AWS: `arn:aws:iam::${accountId}:root` },
                Action: "kms:*",
                Resource: "*",
            },
        ],
    });
}
