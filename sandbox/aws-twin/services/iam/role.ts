import type { Props } from "../../../engine/kit/types.ts";
import { iamUniqueId, prefixedName, timestamp } from "../../identifiers.ts";
import { documentNow, pin, pinnedFrom, pinnedToProps } from "../../policy-documents.ts";
import { itemsWith, requireItem } from "../../references.ts";
import { flag, text, whole } from "../../schema/field.ts";
import { iamName, iamPath, json, policyArn } from "../../schema/formats.ts";
import { optionalText, textOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";
import { requireManagedPolicy } from "./managed-policies.ts";

const DOCUMENT = "MalformedPolicyDocument";

export const role: ResourceType = {
    token: T.role,
    global: true,
    tagged: true,
    name: { property: "name", prefix: "namePrefix", auto: (name, random) => `${name}-${random}`, max: 64 },
    inputs: {
        assumeRolePolicy: text({ required: true, json: true, check: json }),
        description: text(),
        forceDetachPolicies: flag({ default: false }),
        maxSessionDuration: whole({ default: 3600, min: 3600, max: 43200 }),
        name: text({ replaces: true, check: iamName(64) }),
        namePrefix: text({ replaces: true, check: iamName(38) }),
        path: text({ default: "/", replaces: true, check: iamPath }),
        permissionsBoundary: text({ check: policyArn }),
    },
    computed: ["arn", "createDate", "name", "uniqueId"],
    create: (context, inputs) => {
        const { place, now } = context;
        const name = optionalText(inputs, "name") ?? prefixedName(textOf(inputs, "namePrefix"), now);
        // IAM names compare without case.
        const taken = context.store
            .all(T.role, { accountId: place.accountId })
            .find(({ id }) => id.toLowerCase() === name.toLowerCase());
        if (taken !== undefined) throw new Error(`EntityAlreadyExists: Role with name ${name} already exists.`);
        const computed: Props = {
            name,
            arn: `arn:aws:iam::${place.accountId}:role${textOf(inputs, "path")}${name}`,
            createDate: timestamp(now),
            uniqueId: iamUniqueId("AROA"),
        };
        return { id: name, computed, hidden: { trust: trust(context, inputs, name) } };
    },
    update: (context, item, inputs, changed) => {
        requireBoundary(context, inputs);
        return {
            computed: {},
            // Only a written policy is resolved anew: another change leaves a trust in a former role broken.
            hidden: changed.includes("assumeRolePolicy")
                ? { ...item.hidden, trust: trust(context, inputs, item.id) }
                : item.hidden,
        };
    },
    remove: (context, item) => {
        const attached = itemsWith(context, T.rolePolicyAttachment, "role", item.id);
        const inline = itemsWith(context, T.rolePolicy, "role", item.id);
        if (item.inputs["forceDetachPolicies"] === true) {
            for (const policy of [...attached, ...inline]) context.store.remove(policy);
            return;
        }
        if (attached.length > 0) {
            throw new Error("DeleteConflict: Cannot delete entity, must detach all policies first.");
        }
        if (inline.length > 0) throw new Error("DeleteConflict: Cannot delete entity, must delete policies first.");
    },
    refresh: ({ view }, { hidden }): Props => {
        const pinned = pinnedFrom(hidden, "trust");
        return pinned === undefined ? {} : { assumeRolePolicy: documentNow(view, pinned) };
    },
};

function trust(context: Context, inputs: Props, name: string): Props {
    requireBoundary(context, inputs);
    const label = `trust policy of role ${name}`;
    return pinnedToProps(pin(context.view, textOf(inputs, "assumeRolePolicy"), "trust", label, DOCUMENT));
}

function requireBoundary(context: Context, inputs: Props): void {
    const boundary = optionalText(inputs, "permissionsBoundary");
    if (boundary !== undefined) requireManagedPolicy(context, boundary);
}

/** The role with this name in the provider's account. */
export function requireRole(context: Context, name: string): void {
    requireItem(context, T.role, name, "NoSuchEntity", "role with name");
}
