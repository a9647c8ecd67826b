import { createHash } from "node:crypto";
import type { Container, Pod } from "./pod.ts";

/** How one container stands. */
export type ContainerState =
    | { kind: "waiting"; reason: string; message?: string }
    | { kind: "running"; startedAt: string; ready: boolean }
    | { kind: "terminated"; exitCode: number; startedAt: string; finishedAt: string };

export interface ContainerReport {
    state: ContainerState;
    restartCount: number;
}

export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed";

/** Everything the kubelet knows of a pod, by container name. */
export interface PodReport {
    phase: PodPhase;
    initialized: boolean;
    init: Map<string, ContainerReport>;
    main: Map<string, ContainerReport>;
}

/** A pod counts as ready when all its main containers are. */
export function isReady(report: PodReport): boolean {
    const states = [...report.main.values()].map(({ state }) => state);
    return report.phase === "Running" && states.every((state) => state.kind === "running" && state.ready);
}

/** The `status` to patch. Conditions without a change keep their transition time through `since`. */
export function podStatus(pod: Pod, report: PodReport, since: (type: string, status: string) => string): object {
    const ready = isReady(report);
    const condition = (type: string, met: boolean, reason?: string) => {
        const status = met ? "True" : "False";
        const because = met || reason === undefined ? {} : { reason };
        return { type, status, lastTransitionTime: since(type, status), ...because };
    };
    const notReady = report.phase === "Succeeded" ? "PodCompleted" : "ContainersNotReady";
    const gates = pod.spec.readinessGates?.map((gate) => condition(gate.conditionType, true)) ?? [];
    const podIP = showAddress(pod);
    return {
        phase: report.phase,
        conditions: [
            condition("PodReadyToStartContainers", true),
            condition("Initialized", report.initialized, "ContainersNotInitialized"),
            condition("ContainersReady", ready, notReady),
            condition("Ready", ready, notReady),
            ...gates,
        ],
        hostIP: "192.0.2.10",
        hostIPs: [{ ip: "192.0.2.10" }],
        podIP,
        podIPs: [{ ip: podIP }],
        startTime: pod.status?.startTime ?? since("Started", ""),
        initContainerStatuses: (pod.spec.initContainers ?? []).map((c) =>
            containerStatus(c, report.init.get(c.name), true),
        ),
        containerStatuses: pod.spec.containers.map((c) => containerStatus(c, report.main.get(c.name), false)),
    };
}

function containerStatus(container: Container, report: ContainerReport | undefined, init: boolean): object {
    const state = report?.state ?? { kind: "waiting", reason: "PodInitializing" };
    const completed = init && state.kind === "terminated" && state.exitCode === 0;
    return {
        name: container.name,
        image: container.image,
        imageID: "",
        ready: completed || (state.kind === "running" && state.ready),
        started: state.kind === "running",
        restartCount: report?.restartCount ?? 0,
        state: stateOf(state),
    };
}

function stateOf(state: ContainerState): object {
    if (state.kind === "waiting") {
        return { waiting: { reason: state.reason, ...(state.message && { message: state.message }) } };
    }
    if (state.kind === "running") {
        return { running: { startedAt: state.startedAt } };
    }
    const { exitCode, startedAt, finishedAt } = state;
    return { terminated: { exitCode, startedAt, finishedAt, reason: exitCode === 0 ? "Completed" : "Error" } };
}

/** An address for show, of a range no network uses (RFC 2544): the API refuses loopback addresses in endpoints. */
function showAddress(pod: Pod): string {
    const hash = createHash("sha256").update(pod.metadata.uid).digest();
    return `198.18.${hash[0] ?? 0}.${hash[1] ?? 0}`;
}
