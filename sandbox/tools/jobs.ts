import path from "node:path";

import { acquireBuildLock } from "./build-lock.ts";
import { type BuildContext, sweepUnfinished } from "./build.ts";
import { toolsFolder } from "./cache.ts";
import { type ToolName, toolNames, toolSpec } from "./catalog.ts";
import type { OnToolProgress, ToolProgress } from "./progress.ts";

const TICK_MS = 1_000;

/** Where a tool is. */
export interface ResolvedTool {
    path: string;
    version: string;
    /** `path`: the machine's own. `built`: from the pinned Go modules, now or earlier. */
    origin: "path" | "built";
    /** Folder with the files that the tool needs besides its binary, laid out as in its Go module. */
    assets?: string;
}

/** Something to do: a build, or fetching the assets of a tool that is on PATH. */
export interface Job {
    name: ToolName;
    expectedSeconds: number;
    run: (context: BuildContext) => Promise<{ tool: ResolvedTool; state: "found" | "cached" | "built" }>;
    /** The result, once another process has done the job. */
    done: () => ResolvedTool | undefined;
}

/** The quickest module first, so that tools arrive early; within a module the order of the catalog. */
export function inBuildOrder(jobs: readonly Job[]): Job[] {
    const moduleOf = (item: Job): string => toolSpec(item.name).module;
    const started = new Set<string>();
    const timed = jobs
        .toSorted((a, b) => toolNames.indexOf(a.name) - toolNames.indexOf(b.name))
        .map((item) => {
            const { first, after } = toolSpec(item.name).expectedSeconds;
            const later = item.expectedSeconds === first && started.has(moduleOf(item));
            started.add(moduleOf(item));
            return later ? { ...item, expectedSeconds: after } : item;
        });
    const total = (module: string): number => seconds(timed.filter((item) => moduleOf(item) === module));
    return timed.toSorted((a, b) => total(moduleOf(a)) - total(moduleOf(b)));
}

function seconds(jobs: readonly Job[]): number {
    return jobs.reduce((sum, item) => sum + item.expectedSeconds, 0);
}

/** What every job of a run shares. */
export interface JobRun {
    root: string;
    env: NodeJS.ProcessEnv;
    signal: AbortSignal | undefined;
    onProgress: OnToolProgress;
    /** Number of tools requested, and of those that were ready at once. */
    total: number;
    ready: number;
}

/** Does the jobs one after the other. */
export async function runJobs(jobs: readonly Job[], run: JobRun): Promise<Map<ToolName, ResolvedTool>> {
    const resolved = new Map<ToolName, ResolvedTool>();
    for (const [index, item] of jobs.entries()) {
        const position = run.ready + index + 1;
        resolved.set(item.name, await runJob(item, position, seconds(jobs.slice(index + 1)), run));
    }
    return resolved;
}

async function runJob(item: Job, position: number, laterSeconds: number, run: JobRun): Promise<ResolvedTool> {
    const began = Date.now();
    const { version } = toolSpec(item.name);
    let detail: string | undefined;
    const report = (state: ToolProgress["state"], what = detail, reported = version): void =>
        run.onProgress({
            tool: item.name,
            state,
            version: reported,
            ...(what && { detail: what }),
            position,
            total: run.total,
            elapsedSeconds: (Date.now() - began) / 1000,
            expectedSeconds: item.expectedSeconds,
            laterSeconds,
        });
    const onDetail = (text: string): void => {
        const first = detail === undefined;
        detail = text;
        // At once, so that whoever prints changes of state only says whether this builds or waits.
        if (first) {
            report("building");
        }
    };
    const ticker = setInterval(() => report("building"), TICK_MS);
    try {
        const { tool, state } = await locked(item, run, onDetail);
        clearInterval(ticker);
        report(state, tool.path, tool.version);
        return tool;
    } catch (error) {
        clearInterval(ticker);
        report("failed", run.signal?.aborted ? "stopped" : "see the message");
        throw error;
    }
}

async function locked(item: Job, { root, env, signal }: JobRun, onDetail: (text: string) => void) {
    const release = await acquireBuildLock(path.join(toolsFolder(root), "build.lock"), {
        ...(signal && { signal }),
        onWait: (pid) => onDetail(`waiting for the build of process ${pid}`),
    });
    // Where the process ends without unwinding, the lock must not stay.
    process.once("exit", release);
    try {
        const theirs = item.done();
        if (theirs) {
            return { tool: theirs, state: theirs.origin === "path" ? ("found" as const) : ("cached" as const) };
        }
        sweepUnfinished(root);
        onDetail("started");
        return await item.run({ root, env, onDetail, ...(signal && { signal }) });
    } finally {
        process.removeListener("exit", release);
        release();
    }
}
