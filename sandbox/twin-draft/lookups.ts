import { randomBytes } from "node:crypto";
import type { Props, Value } from "../engine/kit/types.ts";
import { AwsError, type Context, type Stored } from "./resource-type.ts";

export function hex(length: number): string {
    return randomBytes(Math.ceil(length / 2)).toString("hex").slice(0, length);
}

/** Letters and digits as IAM's unique ids and the suffix of a secret's ARN have them. */
export function randomText(length: number, alphabet: string): string {
    return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join("");
}

export function text(props: Props, name: string): string {
    const value = props[name];
    return typeof value === "string" ? value : "";
}

export function list(value: Value | undefined): string[] {
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

export function object(value: Value | undefined): Props {
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/** The resource that an input names by id, in the caller's account and region; AWS's error when there is none. */
export function refer(context: Context, type: string, id: string, code: string, what: string): Stored {
    const { account, region } = context.caller;
    const found = context.store.get(type, account, id);
    if (found === undefined || found.region !== region || found.goneAt !== undefined) {
        throw new AwsError(code, `The ${what} '${id}' does not exist in account ${account}, region ${region}`);
    }
    return found;
}

/** A role of the caller's account, by name or ARN. */
export function role(context: Context, nameOrArn: string): Stored {
    const { store, caller } = context;
    const type = "aws:iam/role:Role";
    const found = nameOrArn.startsWith("arn:")
        ? store.by(type, "arn", nameOrArn, caller.account)
        : store.get(type, caller.account, nameOrArn);
    if (found === undefined) {
        throw new AwsError("NoSuchEntity", `The role ${nameOrArn} cannot be found in account ${caller.account}`);
    }
    return found;
}

/** A usable key of the caller's account and region, by id or ARN. */
export function key(context: Context, idOrArn: string): Stored {
    const id = idOrArn.replace(/^.*:key\//, "");
    const found = context.store.get("aws:kms/key:Key", context.caller.account, id);
    if (found === undefined || (idOrArn.startsWith("arn:") && found.outputs["arn"] !== idOrArn)) {
        throw new AwsError("NotFoundException", `Key '${idOrArn}' does not exist`);
    }
    if (found.goneAt !== undefined) {
        throw new AwsError("KMSInvalidStateException", `${idOrArn} is pending deletion`);
    }
    return found;
}

/** Refuses a name that is taken, also by what waits for deletion. */
export function free(context: Context, type: string, id: string, code: string, message: string): void {
    if (context.store.get(type, context.caller.account, id) !== undefined) throw new AwsError(code, message);
}

/** AWS's refusal to delete what others use. */
export function unused(context: Context, users: string[], code: string, message: string): void {
    if (users.length > 0) throw new AwsError(code, `${message} (used by ${users.join(", ")})`);
    context.signal.throwIfAborted();
}

/** Ids of the caller's resources of `type` whose input has the value. */
export function usersOf(context: Context, type: string, input: string, value: string): string[] {
    return context.store
        .all(type, context.caller.account)
        .filter((stored) => stored.goneAt === undefined && stored.inputs[input] === value)
        .map((stored) => `${type.split(":").at(-1) ?? type} ${stored.id}`);
}

/** Inputs that AWS answers with as they are, plus the merged tags. */
export function echoed(context: Context, inputs: Props, extra: Props, taggable = true): Props {
    if (!taggable) return { ...inputs, ...extra };
    const tagsAll: Props = { ...context.caller.defaultTags, ...object(inputs["tags"]) };
    return { ...inputs, ...extra, tagsAll };
}
