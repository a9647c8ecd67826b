import { setTimeout as sleep } from "node:timers/promises";
import type { Props } from "../kit/types.ts";
import { ApiError } from "./client.ts";
import type { ApiRequest, KubernetesClient } from "./client.ts";
import { CREATE_MANAGER, ownedByOthers, takeOver } from "./field-managers.ts";
import { Kinds, UnknownKindError } from "./kinds.ts";
import { ANNOTATION, annotation, describe, textAt } from "./object.ts";
import { parsePath, valueAt, withValue } from "./paths.ts";

/** The official provider's patience with a namespace or CRD that appears a moment later. */
const RETRY_DELAYS_MS = [250, 250, 500, 500, 500, 1000, 2000, 4000, 8000, 15_000];

/** How one object is written. */
export interface Write {
    /** Change nothing; the answer shows what would be. */
    dryRun: boolean;
    /** Manager of server-side apply. */
    manager: string;
    /** Take fields that others manage, instead of failing with a conflict. */
    force: boolean;
    /** Pulumi's ignoreChanges, as property paths. */
    ignoreChanges: string[];
    signal: AbortSignal;
    log(message: string): void;
}

/** Writes objects the way the official provider does: POST to create, server-side apply to update. */
export class Writer {
    readonly #client: KubernetesClient;
    readonly #kinds: Kinds;

    constructor(client: KubernetesClient, kinds: Kinds) {
        this.#client = client;
        this.#kinds = kinds;
    }

    /** Creates `object`. One that exists is an error: this provider does not adopt what it did not create. */
    async create(object: Props, write: Write): Promise<Props> {
        return this.#patiently(write, async () =>
            this.#send(write, {
                method: "POST",
                path: await this.#kinds.path(object, { collection: true }),
                query: { fieldManager: CREATE_MANAGER, fieldValidation: "Strict", ...dryRun(write) },
                body: object,
            }),
        ).catch((error: unknown) => {
            throw isReason(error, "AlreadyExists") ? alreadyExists(object) : error;
        });
    }

    /** Creates or changes `object`, whoever made it (provider input upsertExistingObjects). */
    async upsert(object: Props, write: Write): Promise<Props> {
        return this.#patiently(write, () => this.#apply(object, write));
    }

    /** Brings an existing object to the inputs. Fields that left the inputs leave the object. */
    async update(object: Props, write: Write): Promise<Props> {
        const path = await this.#kinds.path(object);
        const found = await this.#client.find(path, write.signal);
        if (found === undefined) {
            throw new Error(`${describe(object)} is not in the cluster any more; run pulumi refresh, then try again`);
        }
        if (textAt(object, "kind") === "CustomResourceDefinition") {
            return this.#replace(object, found, path, write);
        }
        const live = write.dryRun ? found : await this.#takeOver(object, found, path, write);
        const desired = write.ignoreChanges.reduce(
            (result, ignored) => leaveAlone(result, live, ignored, write),
            object,
        );
        // A dry run cannot take fields over first, so it must not trip over them either.
        const force = write.force || (write.dryRun && takeOver(live, write.manager, "") !== undefined);
        return this.#apply(desired, { ...write, force });
    }

    async #apply(object: Props, write: Write): Promise<Props> {
        const force = write.force || annotation(object, ANNOTATION.patchForce) === "true";
        return this.#send(write, {
            method: "PATCH",
            path: await this.#kinds.path(object),
            query: {
                fieldManager: write.manager,
                force: String(force),
                fieldValidation: "Strict",
                ...dryRun(write),
            },
            contentType: "application/apply-patch+yaml",
            body: object,
        }).catch((error: unknown) => {
            throw isReason(error, "Conflict") ? conflict(object, error as ApiError) : error;
        });
    }

    /** The official provider replaces a CRD as a whole: its lists cannot be merged. */
    async #replace(object: Props, live: Props, path: string, write: Write): Promise<Props> {
        const resourceVersion = textAt(live, "metadata", "resourceVersion");
        return this.#send(write, {
            method: "PUT",
            path,
            query: { fieldManager: write.manager, fieldValidation: "Strict", ...dryRun(write) },
            body: withValue(object, ["metadata", "resourceVersion"], resourceVersion),
        });
    }

    async #takeOver(object: Props, live: Props, path: string, write: Write): Promise<Props> {
        const managedFields = takeOver(live, write.manager, textAt(object, "apiVersion"));
        if (managedFields === undefined) {
            return live;
        }
        const resourceVersion = textAt(live, "metadata", "resourceVersion");
        return this.#send(write, {
            method: "PATCH",
            path,
            contentType: "application/merge-patch+json",
            body: { metadata: { managedFields, resourceVersion } },
        });
    }

    /** Never aborts a request under way: its object would exist and be in no state. */
    async #send(write: Write, request: ApiRequest): Promise<Props> {
        write.signal.throwIfAborted();
        return this.#client.request(request);
    }

    async #patiently(write: Write, attempt: () => Promise<Props>): Promise<Props> {
        const delays = write.dryRun ? [] : RETRY_DELAYS_MS;
        for (const delay of delays) {
            try {
                return await attempt();
            } catch (error) {
                if (!isMissing(error)) {
                    throw error;
                }
                write.log(`waiting for what it needs: ${(error as Error).message}`);
                await sleep(delay, undefined, { signal: write.signal });
            }
        }
        return attempt();
    }
}

/** The API server does not know the kind or the namespace (yet). */
export function isMissing(error: unknown): boolean {
    return error instanceof UnknownKindError || (error instanceof ApiError && error.status === 404);
}

function isReason(error: unknown, reason: string): boolean {
    return error instanceof ApiError && error.reason === reason;
}

function dryRun(write: Write): Record<string, string> {
    return write.dryRun ? { dryRun: "All" } : {};
}

/**
 * Leaves the field at an ignored path as it is in the cluster: out of the apply if others own it,
 * with its live value if it is ours (an owned field that is missing from an apply is removed).
 */
function leaveAlone(object: Props, live: Props, ignored: string, write: Write): Props {
    const path = parsePath(ignored);
    if (ownedByOthers(live, write.manager, path)) {
        return withValue(object, path, undefined);
    }
    const current = valueAt(live, path);
    return current === undefined ? object : withValue(object, path, current);
}

/** Thrown by a create; a preview tolerates it, because a replacement deletes the old object first. */
export class AlreadyExistsError extends Error {}

function alreadyExists(object: Props): AlreadyExistsError {
    return new AlreadyExistsError(
        `${describe(object)} already exists in the cluster and is not in this stack's state; ` +
            "bring it under Pulumi with pulumi import, delete it, give the resource another name, or set " +
            "upsertExistingObjects on the provider; after renaming a Pulumi resource, add an alias",
    );
}

function conflict(object: Props, error: ApiError): Error {
    return new Error(
        `${describe(object)}: others manage fields that this update sets: ${error.message}; ` +
            `leave them to their manager with ignoreChanges, or take them with the annotation ` +
            `${ANNOTATION.patchForce}: "true"`,
    );
}
