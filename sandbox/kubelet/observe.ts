import type { Supervisor } from "../process/supervisor.ts";
import { answers } from "./health.ts";
import type { HostProcess } from "./host-process.ts";
import type { ContainerReport } from "./pod-status.ts";

/**
 * How a container that keeps running stands now: running when its process is, ready when that answers.
 * A container without a process is not of our images: like any pod of the sandbox it runs nothing and counts as ready.
 */
export async function observe(
    supervisor: Supervisor,
    process: HostProcess | undefined,
    before: ContainerReport | undefined,
): Promise<ContainerReport> {
    if (process === undefined) {
        return before?.state.kind === "running" ? before : running(Date.now(), true, 0);
    }
    const info = supervisor.list().find(({ id }) => id === process.spec.id);
    if (info?.running !== true) {
        const code = info?.lastExit?.code ?? "unknown";
        const message = `exit code ${code}; log: ${process.spec.logFile}`;
        const restartCount = info?.restarts ?? 0;
        return { state: { kind: "waiting", reason: "CrashLoopBackOff", message }, restartCount };
    }
    const { health } = process;
    const ready = health === undefined || (await answers(health.port, health.path));
    return running(info.startedAt, ready, info.restarts);
}

function running(startedAt: number, ready: boolean, restartCount: number): ContainerReport {
    return { state: { kind: "running", startedAt: new Date(startedAt).toISOString(), ready }, restartCount };
}
