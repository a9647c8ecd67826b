import type {
    CheckRequest,
    CheckResult,
    CreateRequest,
    DeleteRequest,
    DiffRequest,
    DiffResult,
    Props,
    ReadRequest,
    UpdateRequest,
} from "../engine/kit/types.ts";
import { UNKNOWN } from "../engine/kit/types.ts";
import type { Clusters } from "./clusters.ts";
import type { IamSource } from "./iam/source.ts";
import { resourceType } from "./resource-types.ts";
import { checkInputs, DEFAULTS } from "./schema/check.ts";
import { diffInputs, regionOf } from "./schema/diff.ts";
import type { Context, Place, ResourceType, Settled } from "./schema/resource-type.ts";
import { allTags, knownTags, tagProblem } from "./schema/tags.ts";
import type { Item, Store } from "./state/store.ts";

/** What the lifecycle of resources works on. */
export interface Parts {
    store: Store;
    view: IamSource;
    clusters: Clusters;
    /** URNs of which an engine has shown, since this twin started, that its state has them. */
    recorded: Set<string>;
}

export function check({ recorded }: Pick<Parts, "recorded">, request: CheckRequest): CheckResult {
    if (Object.keys(request.oldInputs).length > 0) recorded.add(request.urn);
    return checkInputs(resourceType(request.type), request);
}

export function diff(place: Place, request: DiffRequest): DiffResult {
    return diffInputs(resourceType(request.type), place, request);
}

export async function create(
    parts: Parts,
    place: Place,
    request: Omit<CreateRequest, "log">,
): Promise<{ id: string; outputs: Props }> {
    const type = resourceType(request.type);
    const { inputs } = request;
    if (request.preview) {
        const outputs = previewed(type, place, inputs, type.computed, {});
        return { id: "", outputs: { ...outputs, ...type.preview?.(inputs) } };
    }
    const context = contextOf(parts, type, place, request);
    await discardLost(parts, context, request.urn);
    const item = parts.store.transaction(() => {
        const { id, ...settled } = type.create(context, given(inputs));
        const status = type.provision === undefined ? ("" as const) : ("CREATING" as const);
        const made: Item = {
            ...identity(context, id),
            ...contents(context, inputs, settled),
            status,
            urn: request.urn,
        };
        if (parts.store.get(made) !== undefined) throw new Error(`${type.token} ${id} exists already`);
        parts.store.put(made);
        return made;
    });
    if (type.provision === undefined) return { id: item.id, outputs: item.outputs };
    try {
        const computed = await type.provision(context, item);
        const ready: Item = { ...item, outputs: { ...item.outputs, ...computed }, status: "" };
        parts.store.transaction(() => parts.store.put(ready));
        return { id: item.id, outputs: ready.outputs };
    } catch (error) {
        parts.store.transaction(() => parts.store.remove(item));
        throw error;
    }
}

/**
 * Removes what an earlier create of the same URN made whose answer never reached the engine's state, because the
 * engine was killed. AWS would keep it, nameless or in the way of its successor; a sandbox has to recover by itself.
 */
async function discardLost({ store, recorded }: Parts, context: Context, urn: string): Promise<void> {
    if (recorded.has(urn)) return;
    const { type } = context;
    for (const item of store.all(type.token).filter((each) => each.urn === urn && each.status === "")) {
        await type.deprovision?.(context, item);
        store.transaction(() => store.remove(item));
    }
}

export async function update(
    parts: Parts,
    place: Place,
    request: Omit<UpdateRequest, "log">,
): Promise<{ outputs: Props }> {
    const type = resourceType(request.type);
    const { inputs, oldInputs, oldOutputs } = request;
    const { changed } = diffInputs(type, place, { oldInputs, oldOutputs, newInputs: inputs });
    if (request.preview) {
        const volatile = type.volatile?.(changed) ?? [];
        return { outputs: previewed(type, place, inputs, volatile, oldOutputs) };
    }
    const context = contextOf(parts, type, place, request);
    const before = usable(context, request.id);
    // Nothing is stored yet: what takes time may still fail.
    const after = parts.store.transaction((): Item => {
        const settled = type.update?.(context, before, given(inputs), changed) ?? { computed: {} };
        const made = contents(context, inputs, { hidden: before.hidden, ...settled });
        return { ...before, ...made, outputs: { ...kept(type, before), ...made.outputs } };
    });
    const computed = (await type.apply?.(context, before, after)) ?? {};
    const ready: Item = { ...after, outputs: { ...after.outputs, ...computed } };
    parts.store.transaction(() => parts.store.put(ready));
    return { outputs: ready.outputs };
}

/** What is gone already is no error. */
export async function remove(parts: Parts, place: Place, request: Omit<DeleteRequest, "log">): Promise<void> {
    const type = resourceType(request.type);
    const context = contextOf(parts, type, place, { ...request, inputs: request.oldInputs });
    const item = parts.store.get(identity(context, request.id));
    if (item === undefined || item.status === "PENDING_DELETION") return;
    parts.store.transaction(() => {
        const pending = type.remove?.(context, item);
        if (pending) {
            const pendingUntil = pending.pendingUntil.toISOString();
            const outputs = { ...item.outputs, ...pending.outputs };
            parts.store.put({ ...item, outputs, status: "PENDING_DELETION", pendingUntil });
        } else if (type.deprovision === undefined) parts.store.remove(item);
        else parts.store.put({ ...item, status: "DELETING" });
    });
    if (type.deprovision === undefined) return;
    try {
        await type.deprovision(context, item);
    } catch (error) {
        parts.store.transaction(() => parts.store.put(item));
        throw error;
    }
    parts.store.transaction(() => parts.store.remove(item));
}

/** By id, or by the id that `pulumi import` of the real provider takes. Null: gone, or pending deletion. */
export function read(
    parts: Parts,
    place: Place,
    request: Omit<ReadRequest, "log">,
): { id: string; inputs: Props; outputs: Props } | null {
    const type = resourceType(request.type);
    const context = contextOf(parts, type, place, { ...request, inputs: request.oldInputs });
    const { accountId, region } = identity(context, request.id);
    const item = parts.store
        .all(type.token, { accountId, region })
        .find((each) => each.status === "" && (each.id === request.id || type.importId?.(each) === request.id));
    if (item === undefined) return null;
    const fresh = type.refresh?.(context, item) ?? {};
    const inputs: Props = { ...item.inputs };
    for (const property of Object.keys(inputs)) {
        const value = fresh[property];
        if (value !== undefined) inputs[property] = value;
    }
    return { id: item.id, inputs, outputs: { ...item.outputs, ...fresh } };
}

function contextOf(
    { store, view, clusters }: Parts,
    type: ResourceType,
    place: Place,
    { inputs, signal }: { inputs: Props; signal: AbortSignal },
): Context {
    const region = type.global ? "" : regionOf(place, inputs);
    const tags = type.tagged ? knownTags(allTags(place.defaultTags, inputs)) : {};
    return { type, store, view, clusters, tags, signal, now: store.now(), place: { ...place, region } };
}

function identity({ type, place }: Context, id: string): Pick<Item, "type" | "accountId" | "region" | "id"> {
    return { type: type.token, accountId: place.accountId, region: place.region, id };
}

/** Inputs as AWS gets them, without the note which of them are defaults. */
function given(inputs: Props): Props {
    const { [DEFAULTS]: _, ...rest } = inputs;
    return rest;
}

/** Outputs that neither inputs nor `update` settle stay. */
function kept(type: ResourceType, item: Item): Props {
    const entries = type.computed.map((property) => [property, item.outputs[property]] as const);
    return Object.fromEntries(entries.filter((entry): entry is [string, Props[string]] => entry[1] !== undefined));
}

function contents(context: Context, inputs: Props, { computed, hidden = {} }: Settled) {
    const { type, tags, place } = context;
    const problem = tagProblem(tags);
    if (problem !== undefined) throw new Error(`InvalidParameterValue: ${problem}`);
    const outputs: Props = {
        ...given(inputs),
        ...computed,
        ...(type.tagged ? { tagsAll: tags } : {}),
        ...(type.global ? {} : { region: place.region }),
    };
    return { inputs, outputs, hidden };
}

function previewed(
    type: ResourceType,
    place: Place,
    inputs: Props,
    unknown: readonly string[],
    oldOutputs: Props,
): Props {
    const known = given(inputs);
    const old = type.computed.filter((property) => oldOutputs[property] !== undefined);
    return {
        ...Object.fromEntries(old.map((property) => [property, oldOutputs[property]])),
        ...Object.fromEntries(unknown.map((property) => [property, UNKNOWN])),
        ...known,
        ...(type.tagged ? { tagsAll: allTags(place.defaultTags, inputs) } : {}),
        ...(type.global ? {} : { region: regionOf(place, inputs) }),
    };
}

/** The item to update. */
function usable(context: Context, id: string): Item {
    const item = context.store.get(identity(context, id));
    if (item?.status === "") return item;
    const state = item === undefined ? "does not exist" : `is ${item.status}`;
    const where = [context.place.accountId, context.place.region].filter(Boolean).join(" ");
    throw new Error(`${context.type.token} ${id} ${state} in ${where}; run \`pulumi refresh\``);
}
