import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessExit, ProcessSpec, Supervisor } from "../process/supervisor.ts";
import type { ContainerReport } from "./pod-status.ts";

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 10_000;

/**
 * Runs a process to its end and reports it; without a process, a success. After a failure it runs again, with backoff,
 * unless `never`. Rejects on abort.
 */
export async function runOnce(
    supervisor: Supervisor,
    spec: ProcessSpec | undefined,
    never: boolean,
    signal: AbortSignal,
    progress: (report: ContainerReport) => void,
): Promise<ContainerReport> {
    let startedAt = new Date().toISOString();
    const end = (exitCode: number, restartCount: number): ContainerReport => {
        const finishedAt = new Date().toISOString();
        return { state: { kind: "terminated", exitCode, startedAt, finishedAt }, restartCount };
    };
    if (spec === undefined) {
        return end(0, 0);
    }
    for (let restarts = 0, delay = FIRST_BACKOFF_MS; ; restarts++, delay = Math.min(delay * 2, MAX_BACKOFF_MS)) {
        startedAt = new Date().toISOString();
        progress({ state: { kind: "running", startedAt, ready: false }, restartCount: restarts });
        // An earlier daemon's child ends without a code: it counts as failed and runs again.
        const code = (await exit(supervisor, spec, signal)).code ?? 1;
        if (code === 0 || never) {
            return end(code, restarts);
        }
        const message = `exit code ${code}; log: ${spec.logFile}`;
        progress({ state: { kind: "waiting", reason: "CrashLoopBackOff", message }, restartCount: restarts });
        await sleep(delay, undefined, { signal });
    }
}

function exit(supervisor: Supervisor, spec: ProcessSpec, signal: AbortSignal): Promise<ProcessExit> {
    return new Promise((resolve, reject) => {
        const done = () => {
            supervisor.off("exit", onExit);
            signal.removeEventListener("abort", onAbort);
        };
        const onExit = (event: ProcessExit) => {
            if (event.id === spec.id) {
                done();
                resolve(event);
            }
        };
        const onAbort = () => {
            done();
            reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
        };
        signal.throwIfAborted();
        supervisor.on("exit", onExit);
        signal.addEventListener("abort", onAbort, { once: true });
        supervisor.ensure(spec).catch((error: unknown) => {
            done();
            reject(error instanceof Error ? error : new Error(String(error)));
        });
    });
}
