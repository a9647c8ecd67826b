import { PartialCreateError } from "../kit/errors.ts";
import type {
    CheckRequest,
    CheckResult,
    CreateRequest,
    DeleteRequest,
    DiffRequest,
    DiffResult,
    Operation,
    Props,
    ReadRequest,
    UpdateRequest,
} from "../kit/types.ts";
import { containsUnknown } from "../kit/values.ts";
import { AlreadyExistsError, Writer, isMissing } from "./apply.ts";
import type { Write } from "./apply.ts";
import { checkObject, isNamespaced } from "./check.ts";
import { ApiError, UnreachableError } from "./client.ts";
import type { KubernetesClient } from "./client.ts";
import { diffObjects } from "./diff.ts";
import { driftedInputs } from "./drift.ts";
import { FIELD_MANAGER_KEY, fieldManager } from "./field-managers.ts";
import { Kinds, kindOfToken } from "./kinds.ts";
import { ANNOTATION, annotation, asProps, describe, idOf, parseId, secretValues, withoutReadOnly } from "./object.ts";
import { NotReadyError, awaitGone, awaitReady } from "./readiness/awaiter.ts";
import { readiness } from "./readiness/state.ts";
import type { Settings } from "./settings.ts";
import { withValue } from "./paths.ts";

/** Kinds for which the official provider lets skipAwait skip the wait for their deletion too. */
const MAY_SKIP_DELETE = ["DaemonSet", "Deployment", "Job", "Namespace", "Pod", "ReplicationController", "StatefulSet"];
const INITIAL_VERSION_KEY = "__initialApiVersion";

/** Every resource that is one object of a cluster. Its outputs are the live object. */
export class Objects {
    readonly #client: KubernetesClient;
    readonly #settings: Settings;
    readonly #kinds: Kinds;
    readonly #writer: Writer;
    /** By URN. The engine gives ignoreChanges to Diff, which it always calls before Update in the same process. */
    readonly #ignoreChanges = new Map<string, string[]>();

    constructor(client: KubernetesClient, settings: Settings) {
        this.#client = client;
        this.#settings = settings;
        this.#kinds = new Kinds(client);
        this.#writer = new Writer(client, this.#kinds);
    }

    async check(request: CheckRequest): Promise<CheckResult> {
        return checkObject(request, this.#kinds, this.#settings.namespace);
    }

    async diff(request: DiffRequest): Promise<DiffResult> {
        this.#ignoreChanges.set(request.urn, request.ignoreChanges);
        // A CRD that came later may have shown that the kind has no namespace.
        const namespaced = await isNamespaced(request.newInputs, this.#kinds);
        const [before, after] = [request.oldInputs, request.newInputs].map((inputs) =>
            namespaced ? inputs : withValue(inputs, ["metadata", "namespace"], undefined),
        ) as [Props, Props];
        const result = diffObjects(before, after, request.ignoreChanges, this.#settings);
        return awaitsAgain(request) ? { ...result, changed: [...result.changed, "status"] } : result;
    }

    async create(request: CreateRequest): Promise<{ id: string; outputs: Props }> {
        const { inputs, preview } = request;
        if (preview && containsUnknown(inputs)) {
            return { id: "", outputs: inputs };
        }
        const manager = fieldManager(inputs, {});
        const write = this.#write(request, manager, []);
        const create = this.#settings.upsertExistingObjects ? "upsert" : "create";
        const created = await this.#writer[create](inputs, write).catch((error: unknown) => {
            if (
                preview &&
                (isMissing(error) || error instanceof UnreachableError || error instanceof AlreadyExistsError)
            ) {
                return undefined;
            }
            throw explain(error, inputs, "created");
        });
        if (preview) {
            return { id: "", outputs: created === undefined ? inputs : previewed(created) };
        }
        const live = await this.#settle(created ?? inputs, request, manager);
        return { id: idOf(live), outputs: this.#outputs(live, inputs, manager) };
    }

    async update(request: UpdateRequest): Promise<{ outputs: Props }> {
        const { inputs, oldOutputs, preview } = request;
        if (preview && containsUnknown(inputs)) {
            return { outputs: inputs };
        }
        const manager = fieldManager(inputs, oldOutputs);
        const write = this.#write(request, manager, this.#ignoreChanges.get(request.urn) ?? []);
        const updated = await this.#writer.update(inputs, write).catch((error: unknown) => {
            if (preview && (isMissing(error) || error instanceof UnreachableError)) {
                return undefined;
            }
            throw explain(error, inputs, "updated");
        });
        if (preview) {
            return { outputs: updated === undefined ? inputs : this.#outputs(updated, oldOutputs, manager) };
        }
        const live = await this.#settle(updated ?? inputs, request, manager);
        return { outputs: this.#outputs(live, oldOutputs, manager) };
    }

    async read(request: ReadRequest): Promise<{ id: string; inputs: Props; outputs: Props } | null> {
        const { oldInputs, oldOutputs } = request;
        const live = await this.#locate(request)
            .then((path) => this.#client.find(path, request.signal))
            .catch((error: unknown) => this.#goneOrThrow(error, request));
        if (live === undefined) {
            return null;
        }
        const isImport = Object.keys(oldInputs).length === 0;
        const inputs = isImport
            ? withValue(withoutReadOnly(live), ["status"], undefined)
            : driftedInputs(oldInputs, oldOutputs, live);
        const outputs = this.#outputs(live, isImport ? live : oldOutputs, fieldManager(inputs, oldOutputs));
        return { id: request.id, inputs, outputs };
    }

    async delete(request: DeleteRequest): Promise<void> {
        const { oldInputs, oldOutputs } = request;
        try {
            const path = await this.#locate(request);
            const propagationPolicy = propagation(oldInputs);
            const { signal } = request;
            await this.#client.request({ method: "DELETE", path, body: { propagationPolicy }, signal });
            if (
                annotation(oldInputs, ANNOTATION.skipAwait) !== "true" ||
                !MAY_SKIP_DELETE.includes(kindOfToken(request.type).kind)
            ) {
                await awaitGone(this.#client, path, oldOutputs, oldInputs, request);
            }
        } catch (error) {
            await this.#goneOrThrow(error, request);
        }
    }

    /** URL path of the object that a state entry stands for. */
    async #locate({ type, id, oldOutputs }: ReadRequest | DeleteRequest): Promise<string> {
        const identity = { ...kindOfToken(type), metadata: parseId(id) };
        const { apiVersion } = oldOutputs;
        return this.#kinds.path(apiVersion === undefined ? identity : { ...identity, apiVersion });
    }

    /** A missing object or kind is gone; a cluster that does not answer only where the user said so. */
    async #goneOrThrow(error: unknown, operation: Operation): Promise<undefined> {
        if (isMissing(error)) {
            return undefined;
        }
        if (error instanceof UnreachableError && this.#settings.deleteUnreachable) {
            operation.log("the cluster is unreachable and deleteUnreachable is set: the resource leaves the state");
            return undefined;
        }
        throw error;
    }

    #write(request: CreateRequest, manager: string, ignoreChanges: string[]): Write {
        const { preview, signal } = request;
        const log = (message: string): void => request.log(message);
        return { dryRun: preview, manager, force: this.#settings.enablePatchForce, ignoreChanges, signal, log };
    }

    /** Waits until the object is ready; one that does not get there is kept in the state with its reasons. */
    async #settle(written: Props, request: CreateRequest, manager: string): Promise<Props> {
        const path = await this.#kinds.path(written);
        return awaitReady(this.#client, path, written, request.inputs, request).catch((error: unknown) => {
            const live = error instanceof NotReadyError ? error.live : written;
            const reasons = error instanceof NotReadyError ? error.reasons : [interrupted(written, error, request)];
            throw new PartialCreateError(idOf(live), this.#outputs(live, request.inputs, manager), reasons);
        });
    }

    #outputs(live: Props, before: Props, manager: string): Props {
        const initial = before[INITIAL_VERSION_KEY] ?? before["apiVersion"] ?? live["apiVersion"] ?? null;
        return { ...live, [INITIAL_VERSION_KEY]: initial, [FIELD_MANAGER_KEY]: manager };
    }
}

/**
 * A refresh may have found an object that is not ready any more. An update waits for it, or says what is wrong.
 */
function awaitsAgain({ oldOutputs, newInputs }: DiffRequest): boolean {
    const awaited = annotation(newInputs, ANNOTATION.skipAwait) !== "true";
    return awaited && asProps(oldOutputs["status"]) !== undefined && !readiness(oldOutputs).ready;
}

function interrupted(written: Props, error: unknown, { signal }: CreateRequest): string {
    return signal.aborted
        ? `${describe(written)} was written, but waiting until it is ready was cancelled`
        : `${describe(written)} was written, but waiting until it is ready failed: ${(error as Error).message}`;
}

/** A dry run's identity is made up: dependants must see it as unknown. */
function previewed(dryRun: Props): Props {
    return withValue(withoutReadOnly(dryRun), ["status"], undefined);
}

function propagation(inputs: Props): string {
    const asked = annotation(inputs, ANNOTATION.deletionPropagation).toLowerCase();
    const known: Record<string, string> = { orphan: "Orphan", background: "Background" };
    return known[asked] ?? "Foreground";
}

/** Names the object, and keeps what a Secret holds out of the API server's complaint about it. */
function explain(error: unknown, inputs: Props, verb: string): unknown {
    if (!(error instanceof ApiError) && !isMissing(error)) {
        return error;
    }
    const message = secretValues(inputs).reduce(
        (text, value) => text.replaceAll(value, "[secret]"),
        (error as Error).message,
    );
    return new Error(`${describe(inputs)} was not ${verb}: ${message}`);
}
