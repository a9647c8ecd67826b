import { setTimeout as sleep } from "node:timers/promises";
import type { Operation, Props } from "../../kit/types.ts";
import type { KubernetesClient } from "../client.ts";
import { ANNOTATION, annotation, asList, asProps, at, describe, nameOf, namespaceOf, textAt } from "../object.ts";
import { blame } from "./blame.ts";
import { readiness } from "./state.ts";
import type { Readiness } from "./state.ts";
import { waitFor } from "./wait-for.ts";

/** The official provider's default for every kind. */
const DEFAULT_TIMEOUT_SECONDS = 600;
const FIRST_POLL_MS = 100;
const MAX_POLL_MS = 1000;

/** An object that exists but did not become ready (or did not go) in time. */
export class NotReadyError extends Error {
    readonly live: Props;
    readonly reasons: string[];

    constructor(live: Props, reasons: string[]) {
        super(reasons.join("; "));
        this.live = live;
        this.reasons = reasons;
    }
}

/** Seconds an operation may wait: customTimeouts, else the annotation, else 600. */
export function timeoutSeconds(operation: Pick<Operation, "timeout">, inputs: Props): number {
    const annotated = Number(annotation(inputs, ANNOTATION.timeoutSeconds));
    return operation.timeout || annotated || DEFAULT_TIMEOUT_SECONDS;
}

/**
 * Waits until the object at `path` is ready and answers its live state. Throws {@link NotReadyError} with what
 * keeps it back, after the timeout or as soon as it cannot get ready any more.
 */
export async function awaitReady(
    client: KubernetesClient,
    path: string,
    created: Props,
    inputs: Props,
    operation: Pick<Operation, "timeout" | "signal" | "log">,
): Promise<Props> {
    if (annotation(inputs, ANNOTATION.skipAwait) === "true") {
        return created;
    }
    const expectation = waitFor(inputs);
    const seconds = timeoutSeconds(operation, inputs);
    let live = created;
    let last: Readiness = { ready: false, message: "" };
    const arrived = await poll(seconds, operation.signal, async (isFirst) => {
        live = isFirst ? created : ((await client.find(path, operation.signal)) ?? live);
        const now = expectation?.(live) ?? (await currentReadiness(client, live));
        if (!now.ready && now.message !== last.message) {
            operation.log(now.message);
        }
        last = now;
        return now.ready || now.failed === true;
    });
    if (last.ready) {
        return live;
    }
    const waited = arrived ? "" : ` within ${seconds} s`;
    const reasons = await blame(client, live);
    throw new NotReadyError(live, [`${describe(live)} did not become ready${waited}: ${last.message}`, ...reasons]);
}

/** Waits until the object is gone or replaced by another of its name. */
export async function awaitGone(
    client: KubernetesClient,
    path: string,
    deleted: Props,
    inputs: Props,
    operation: Pick<Operation, "timeout" | "signal" | "log">,
): Promise<void> {
    const seconds = timeoutSeconds(operation, inputs);
    const uid = textAt(deleted, "metadata", "uid");
    let live = deleted;
    const gone = await poll(seconds, operation.signal, async () => {
        const found = await client.find(path, operation.signal);
        live = found ?? live;
        return found === undefined || (uid !== "" && textAt(found, "metadata", "uid") !== uid);
    });
    if (!gone) {
        const finalizers = asList(at(live, "metadata", "finalizers")).map(String);
        const held = finalizers.length > 0 ? `: its finalizers ${finalizers.join(", ")} hold it` : "";
        const reasons = await blame(client, live);
        throw new NotReadyError(live, [
            `${describe(live)} is still there ${seconds} s after its deletion${held}`,
            ...reasons,
        ]);
    }
}

/** True if `done` answered true before the timeout. Aborting throws. */
async function poll(
    seconds: number,
    signal: AbortSignal,
    done: (isFirst: boolean) => Promise<boolean>,
): Promise<boolean> {
    const deadline = Date.now() + seconds * 1000;
    for (let delay = FIRST_POLL_MS, isFirst = true; ; delay = Math.min(delay * 1.5, MAX_POLL_MS), isFirst = false) {
        signal.throwIfAborted();
        if (await done(isFirst)) {
            return true;
        }
        if (Date.now() >= deadline) {
            return false;
        }
        await sleep(Math.min(delay, Math.max(deadline - Date.now(), 1)), undefined, { signal });
    }
}

async function currentReadiness(client: KubernetesClient, live: Props): Promise<Readiness> {
    const own = readiness(live);
    return own.ready && needsEndpoints(live) ? endpoints(client, live) : own;
}

/** A service that selects pods serves nothing until one of them is ready. */
function needsEndpoints(live: Props): boolean {
    return (
        textAt(live, "apiVersion") === "v1" &&
        textAt(live, "kind") === "Service" &&
        textAt(live, "spec", "type") !== "ExternalName" &&
        textAt(live, "spec", "clusterIP") !== "None" &&
        Object.keys(asProps(at(live, "spec", "selector")) ?? {}).length > 0
    );
}

async function endpoints(client: KubernetesClient, service: Props): Promise<Readiness> {
    const path = `/apis/discovery.k8s.io/v1/namespaces/${namespaceOf(service)}/endpointslices`;
    const query = { labelSelector: `kubernetes.io/service-name=${nameOf(service)}` };
    const slices = await client.request({ method: "GET", path, query });
    const ready = asList(slices["items"])
        .flatMap((slice) => asList(at(slice, "endpoints")))
        .some((endpoint) => at(endpoint, "conditions", "ready") === true);
    return { ready, message: "it selects no pod that is ready" };
}
