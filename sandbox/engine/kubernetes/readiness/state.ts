import type { Props, Value } from "../../kit/types.ts";
import { asList, asProps, at, numberAt, textAt } from "../object.ts";

/** Whether an object does its job yet. */
export interface Readiness {
    ready: boolean;
    /** What it waits for, for the CLI and for the error. */
    message: string;
    /** It will never get ready: no use waiting. */
    failed?: boolean;
}

const READY: Readiness = { ready: true, message: "ready" };

type Check = (object: Props) => Readiness;

/** Kinds whose own status says whether they are ready. Others are ready once they exist. */
const CHECKS: Readonly<Record<string, Check>> = {
    "apps/v1/Deployment": deployment,
    "apps/v1/StatefulSet": statefulSet,
    "apps/v1/DaemonSet": daemonSet,
    "batch/v1/Job": job,
    "v1/Pod": pod,
    "v1/Secret": secret,
    "v1/Service": loadBalancer,
    "apiextensions.k8s.io/v1/CustomResourceDefinition": customResourceDefinition,
};

/** Kinds that the official provider waits for in ways this one does not know. */
const UNSUPPORTED = [
    "networking.k8s.io/v1/Ingress",
    "v1/PersistentVolume",
    "v1/PersistentVolumeClaim",
    "v1/ReplicationController",
];

const idOfKind = (object: Props): string => `${textAt(object, "apiVersion")}/${textAt(object, "kind")}`;

export const cannotWaitFor = (object: Props): boolean => UNSUPPORTED.includes(idOfKind(object));

/** Kinds that run pods, and so can be asked which pods keep them back. */
export const isWorkload = (object: Props): boolean => /^(apps|batch)\/v1\//.test(idOfKind(object));

/** The readiness of one object as the API server last answered it. */
export function readiness(object: Props): Readiness {
    return CHECKS[idOfKind(object)]?.(object) ?? READY;
}

/** A token of a service account is put into its Secret by a controller; the official provider waits for it as well. */
function secret(object: Props): Readiness {
    const isToken = textAt(object, "type") === "kubernetes.io/service-account-token";
    const filled = Object.keys(asProps(object["data"]) ?? {}).length > 0;
    return isToken && !filled ? { ready: false, message: "waiting for the service account's token" } : READY;
}

export function conditions(object: Value | undefined): Props[] {
    return asList(at(object, "status", "conditions")).map((entry) => asProps(entry) ?? {});
}

export function condition(object: Value | undefined, type: string): Props | undefined {
    return conditions(object).find((candidate) => candidate["type"] === type);
}

function isTrue(object: Props, type: string): boolean {
    return condition(object, type)?.["status"] === "True";
}

function reason(object: Props, type: string): string {
    const found = condition(object, type);
    return found === undefined ? "" : ` (${textAt(found, "reason")}: ${textAt(found, "message")})`;
}

/** True once the controller has seen the newest spec. */
function observed(object: Props): boolean {
    return numberAt(object, 0, "status", "observedGeneration") >= numberAt(object, 0, "metadata", "generation");
}

const unseen: Readiness = { ready: false, message: "its controller has not seen the newest spec yet" };

/** As `kubectl rollout status` decides. */
function deployment(object: Props): Readiness {
    const wanted = numberAt(object, 1, "spec", "replicas");
    const updated = numberAt(object, 0, "status", "updatedReplicas");
    const available = numberAt(object, 0, "status", "availableReplicas");
    const old = numberAt(object, 0, "status", "replicas") - updated;
    if (!observed(object)) {
        return unseen;
    }
    const message = `${available} of ${wanted} replicas are available${reason(object, "Available")}`;
    return { ready: updated >= wanted && old <= 0 && available >= wanted && isTrue(object, "Available"), message };
}

function statefulSet(object: Props): Readiness {
    const wanted = numberAt(object, 1, "spec", "replicas");
    const ready = numberAt(object, 0, "status", "readyReplicas");
    const onDelete = textAt(object, "spec", "updateStrategy", "type") === "OnDelete";
    const current = textAt(object, "status", "currentRevision") === textAt(object, "status", "updateRevision");
    if (!observed(object)) {
        return unseen;
    }
    return { ready: ready >= wanted && (onDelete || current), message: `${ready} of ${wanted} replicas are ready` };
}

function daemonSet(object: Props): Readiness {
    const wanted = numberAt(object, 0, "status", "desiredNumberScheduled");
    const updated = numberAt(object, 0, "status", "updatedNumberScheduled");
    const available = numberAt(object, 0, "status", "numberAvailable");
    if (!observed(object)) {
        return unseen;
    }
    return {
        ready: updated >= wanted && available >= wanted,
        message: `${available} of ${wanted} pods are available, ${updated} of them updated`,
    };
}

function job(object: Props): Readiness {
    if (isTrue(object, "Failed")) {
        return { ready: false, failed: true, message: `it failed${reason(object, "Failed")}` };
    }
    const succeeded = numberAt(object, 0, "status", "succeeded");
    return { ready: isTrue(object, "Complete"), message: `${succeeded} pods have succeeded` };
}

function pod(object: Props): Readiness {
    const phase = textAt(object, "status", "phase");
    if (phase === "Failed") {
        return { ready: false, failed: true, message: `it failed: ${podProblem(object)}` };
    }
    return { ready: phase === "Succeeded" || isTrue(object, "Ready"), message: podProblem(object) };
}

/** The service's endpoints are another object: see awaiter.ts. */
function loadBalancer(object: Props): Readiness {
    const external = textAt(object, "spec", "type") === "LoadBalancer";
    const assigned = asList(at(object, "status", "loadBalancer", "ingress")).length > 0;
    return { ready: !external || assigned, message: "its load balancer has no address yet" };
}

function customResourceDefinition(object: Props): Readiness {
    const rejected = condition(object, "NamesAccepted")?.["status"] === "False";
    return {
        ready: isTrue(object, "Established"),
        failed: rejected,
        message: rejected
            ? `its names are not accepted${reason(object, "NamesAccepted")}`
            : "it is not established yet",
    };
}

/** Why a pod does not run: its containers' states, or else its conditions. */
export function podProblem(object: Props): string {
    const statuses = [
        ...asList(at(object, "status", "initContainerStatuses")),
        ...asList(at(object, "status", "containerStatuses")),
    ];
    const waiting = statuses.flatMap((status) => {
        const state = at(status, "state", "waiting") ?? at(status, "state", "terminated");
        const name = textAt(status, "name");
        return state === undefined || at(status, "ready") === true
            ? []
            : [`container ${name}: ${[textAt(state, "reason"), textAt(state, "message")].filter(Boolean).join(": ")}`];
    });
    const failing = conditions(object)
        .filter((candidate) => candidate["status"] === "False")
        .map((candidate) => [textAt(candidate, "reason"), textAt(candidate, "message")].filter(Boolean).join(": "));
    const found = waiting.length > 0 ? waiting : failing.filter((text) => text !== "");
    return found.join("; ") || `phase ${textAt(object, "status", "phase") || "unknown"}`;
}
