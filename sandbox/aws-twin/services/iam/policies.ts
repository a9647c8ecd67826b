import { iamUniqueId, prefixedName } from "../../identifiers.ts";
import { requireDocument } from "../../policy-documents.ts";
import { findItem, itemsWith } from "../../references.ts";
import { text, whole } from "../../schema/field.ts";
import { iamName, iamPath, json, policyArn } from "../../schema/formats.ts";
import { optionalText, textOf, type ResourceType } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";
import { requireManagedPolicy } from "./managed-policies.ts";
import { requireRole } from "./role.ts";

const DOCUMENT = "MalformedPolicyDocument";

export const rolePolicy: ResourceType = {
    token: T.rolePolicy,
    global: true,
    name: { property: "name", prefix: "namePrefix", auto: (name, random) => `${name}-${random}`, max: 128 },
    inputs: {
        name: text({ replaces: true, check: iamName(128) }),
        namePrefix: text({ replaces: true, check: iamName(102) }),
        policy: text({ required: true, json: true, check: json }),
        role: text({ required: true, replaces: true, check: iamName(64) }),
    },
    computed: ["name"],
    create: (context, inputs) => {
        const role = textOf(inputs, "role");
        requireRole(context, role);
        const name = optionalText(inputs, "name") ?? prefixedName(textOf(inputs, "namePrefix"), context.now);
        const id = `${role}:${name}`;
        if (findItem(context, T.rolePolicy, id) !== undefined) {
            // PutRolePolicy would overwrite it, and two resources would fight over one policy.
            throw new Error(`EntityAlreadyExists: Role ${role} has an inline policy ${name} already.`);
        }
        requireDocument(textOf(inputs, "policy"), "identity", `policy ${name} of role ${role}`, DOCUMENT);
        return { id, computed: { name } };
    },
    update: (_context, item, inputs) => {
        requireDocument(textOf(inputs, "policy"), "identity", `policy ${item.id}`, DOCUMENT);
        return { computed: {} };
    },
};

export const rolePolicyAttachment: ResourceType = {
    token: T.rolePolicyAttachment,
    global: true,
    inputs: {
        policyArn: text({ required: true, replaces: true, check: policyArn }),
        role: text({ required: true, replaces: true, check: iamName(64) }),
    },
    computed: [],
    create: (context, inputs) => {
        const [role, arn] = [textOf(inputs, "role"), textOf(inputs, "policyArn")];
        requireRole(context, role);
        requireManagedPolicy(context, arn);
        const id = `${role}/${arn}`;
        if (findItem(context, T.rolePolicyAttachment, id) !== undefined) {
            // AttachRolePolicy would accept it, and deleting one of two resources would detach for both.
            throw new Error(`EntityAlreadyExists: Policy ${arn} is attached to role ${role} already.`);
        }
        return { id, computed: {} };
    },
};

export const policy: ResourceType = {
    token: T.policy,
    global: true,
    tagged: true,
    name: { property: "name", prefix: "namePrefix", auto: (name, random) => `${name}-${random}`, max: 128 },
    inputs: {
        delayAfterPolicyCreationInMs: whole(),
        description: text({ replaces: true }),
        name: text({ replaces: true, check: iamName(128) }),
        namePrefix: text({ replaces: true, check: iamName(102) }),
        path: text({ default: "/", replaces: true, check: iamPath }),
        policy: text({ required: true, json: true, check: json }),
    },
    computed: ["arn", "attachmentCount", "name", "policyId"],
    volatile: () => ["attachmentCount"],
    create: (context, inputs) => {
        const { place, store, now } = context;
        const name = optionalText(inputs, "name") ?? prefixedName(textOf(inputs, "namePrefix"), now);
        const taken = store
            .all(T.policy, { accountId: place.accountId })
            .some(({ outputs }) => textOf(outputs, "name").toLowerCase() === name.toLowerCase());
        if (taken) throw new Error(`EntityAlreadyExists: A policy called ${name} already exists.`);
        requireDocument(textOf(inputs, "policy"), "identity", `policy ${name}`, DOCUMENT);
        const arn = `arn:aws:iam::${place.accountId}:policy${textOf(inputs, "path")}${name}`;
        return { id: arn, computed: { arn, attachmentCount: 0, name, policyId: iamUniqueId("ANPA") } };
    },
    update: (context, item, inputs) => {
        requireDocument(textOf(inputs, "policy"), "identity", `policy ${item.id}`, DOCUMENT);
        const attachmentCount = itemsWith(context, T.rolePolicyAttachment, "policyArn", item.id).length;
        return { computed: { attachmentCount } };
    },
    remove: (context, item) => {
        if (itemsWith(context, T.rolePolicyAttachment, "policyArn", item.id).length > 0) {
            throw new Error("DeleteConflict: Cannot delete a policy attached to entities.");
        }
    },
    refresh: (context, item) => ({
        attachmentCount: itemsWith(context, T.rolePolicyAttachment, "policyArn", item.id).length,
    }),
};
