import type { CheckFailure, Props, Value } from "../../engine/kit/types.ts";
import type { Clusters } from "../clusters.ts";
import type { IamSource } from "../iam/source.ts";
import type { Item, Store } from "../state/store.ts";
import type { Field } from "./field.ts";

/** Where a provider works, and as whom. */
export interface Place {
    accountId: string;
    region: string;
    /** ARN of the role whose credentials the provider holds. */
    callerArn: string;
    /** The provider's defaultTags. */
    defaultTags: Readonly<Record<string, string>>;
}

/** What a resource type's functions work with. They may throw; the state is then as it was before the call. */
export interface Context {
    place: Place;
    type: ResourceType;
    store: Store;
    /** The state as IAM sees it. */
    view: IamSource;
    clusters: Clusters;
    /** The twin's time: the clock's, plus the days it was advanced by. */
    now: Date;
    /** Tags and default tags together. */
    tags: Readonly<Record<string, string>>;
    signal: AbortSignal;
}

/** What a create or update settles besides the inputs. */
export interface Settled {
    /** Outputs that are not inputs, and inputs that were left out. */
    computed: Props;
    /** What AWS keeps and no output shows. */
    hidden?: Props;
}

export interface ResourceType {
    /** `aws:ec2/vpc:Vpc`. */
    token: string;
    /** True for IAM: without region. */
    global?: true;
    inputs: Readonly<Record<string, Field>>;
    /** Has `tags` and `tagsAll`. */
    tagged?: true;
    /** The property with the physical name; Pulumi names the resource itself when neither it nor its prefix is given. */
    name?: { property: string; prefix?: string; auto: (logicalName: string, random: string) => string; max: number };
    /** Outputs that a preview of a create does not know, unless they are given as inputs. */
    computed: readonly string[];
    /** Those of `computed` that an update may change. */
    volatile?: (changed: readonly string[]) => readonly string[];
    /** Outputs of a previewed create whose shape is partly known. */
    preview?(inputs: Props): Props;
    /** Problems of known inputs taken together. */
    validate?(inputs: Props): CheckFailure[];
    create(context: Context, inputs: Props): Settled & { id: string };
    /** Called with the inputs as they shall be; without it the new inputs are simply taken over. */
    update?(context: Context, item: Item, inputs: Props, changed: readonly string[]): Settled;
    /** Refuses what AWS refuses. Gives when the item will be gone, if that is not at once. */
    remove?(context: Context, item: Item): { pendingUntil: Date; outputs?: Props } | void;
    /** What takes time after create. Until it has ended the item is CREATING; if it fails, the item is gone. */
    provision?(context: Context, item: Item): Promise<Props>;
    /** What takes time at an update, before the item changes. Gives computed outputs that change with it. */
    apply?(context: Context, before: Item, after: Item): Promise<Props>;
    /** What takes time at a deletion, before the item is gone. */
    deprovision?(context: Context, item: Item): Promise<void>;
    /** Properties that depend on other resources, for read: inputs and outputs alike. */
    refresh?(context: Context, item: Item): Props;
    /** The import id, where it differs from the id. */
    importId?(item: Item): string;
}

/** A string input or output that must be there by now. */
export function textOf(props: Props, property: string): string {
    const value = props[property];
    if (typeof value !== "string") throw new Error(`${property} must be a string by now, got ${typeof value}`);
    return value;
}

/** A string, or undefined when it is left out. */
export function optionalText(props: Props, property: string): string | undefined {
    const value = props[property];
    return typeof value === "string" ? value : undefined;
}

export function textsOf(props: Props, property: string): string[] {
    const value = props[property];
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

export function propsOf(value: Value | undefined): Props {
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
