import type { Props, Value } from "../engine/kit/types.ts";
import type { Store } from "./store.ts";

/** JSON shape of an input. */
export type Shape = "string" | "number" | "boolean" | "list" | "object";

export interface Input {
    shape: Shape;
    required?: boolean;
    /** A change needs a new resource. */
    replace?: boolean;
    /** What AWS fills in when nothing is given. */
    default?: Value;
    /** What is wrong with a known value; undefined when nothing is. */
    check?: (value: Value) => string | undefined;
}

/** A resource as the twin keeps it. */
export interface Stored {
    id: string;
    type: string;
    account: string;
    region: string;
    inputs: Props;
    outputs: Props;
    /** ISO 8601: when what waits for deletion is gone for good. */
    goneAt?: string;
}

/** Who calls: the configured provider. */
export interface Caller {
    account: string;
    region: string;
    defaultTags: Record<string, string>;
}

export interface Context {
    store: Store;
    caller: Caller;
    clock: () => Date;
    signal: AbortSignal;
    log: (message: string) => void;
}

/** One AWS resource type of the provider. */
export interface ResourceType {
    type: string;
    inputs: Record<string, Input>;
    /** Physical name that must be free: create the replacement only after the delete. */
    named?: boolean;
    /** Computed outputs that an update leaves as they are. */
    stable: string[];
    /** Every computed output, for previews. */
    computed: string[];
    create(context: Context, inputs: Props): Promise<{ id: string; outputs: Props }>;
    update?(context: Context, stored: Stored, inputs: Props): Promise<Props>;
    remove?(context: Context, stored: Stored): Promise<void>;
}

/** An error as AWS words it: `<code>: <message>`. */
export class AwsError extends Error {
    constructor(code: string, message: string) {
        super(`${code}: ${message}`);
    }
}
