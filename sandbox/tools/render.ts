import { stripVTControlCharacters } from "node:util";

import type { OnToolProgress, ToolProgress } from "./progress.ts";

const REDRAW_MS = 250;
/** Without a terminal, a build says once in so many seconds that it is still at work. */
const REMIND_SECONDS = 30;

/** Where progress goes: a terminal, or anything that takes text. */
export interface ProgressStream {
    isTTY?: boolean;
    columns?: number;
    write(text: string): unknown;
}

export interface ToolProgressRenderer {
    /** Give it to `resolveTools`. */
    onProgress: OnToolProgress;
    /** Writes lines above the block that is being redrawn. */
    print(text: string): void;
    /** Draws the last state and leaves it. Must be called, also after a failure. */
    stop(): void;
}

/**
 * Shows the progress of `resolveTools`. On a terminal: one block, redrawn in place. Elsewhere: a line per change of
 * state, and one every 30 s of a build.
 */
export function renderToolProgress(stream: ProgressStream = process.stderr): ToolProgressRenderer {
    return stream.isTTY ? terminalRenderer(stream) : lineRenderer(stream);
}

function lineRenderer(stream: ProgressStream): ToolProgressRenderer {
    let last: ToolProgress | undefined;
    let remindAt = REMIND_SECONDS;
    return {
        onProgress: (progress) => {
            const same = last?.tool === progress.tool && last.state === progress.state;
            if (!same) {
                remindAt = REMIND_SECONDS;
            }
            if (!same || progress.elapsedSeconds >= remindAt) {
                remindAt = (Math.floor(progress.elapsedSeconds / REMIND_SECONDS) + 1) * REMIND_SECONDS;
                stream.write(`${describe(progress)}\n`);
            }
            last = progress;
        },
        print: (text) => stream.write(`${text}\n`),
        stop: () => undefined,
    };
}

function terminalRenderer(stream: ProgressStream): ToolProgressRenderer {
    const latest = new Map<string, ToolProgress>();
    let drawn = 0;
    const clear = (): void => {
        if (drawn > 0) {
            stream.write(`\u001B[${drawn}F\u001B[J`);
        }
        drawn = 0;
    };
    const draw = (): void => {
        const width = (stream.columns ?? 80) - 1;
        const lines = block([...latest.values()]).map((line) => line.slice(0, width));
        clear();
        // No line wraps, so the block is as many rows high as it has lines.
        stream.write(lines.map((line) => `${line}\n`).join(""));
        drawn = lines.length;
    };
    const timer = setInterval(draw, REDRAW_MS);
    timer.unref();
    return {
        onProgress: (progress) => latest.set(progress.tool, progress),
        print: (text) => {
            clear();
            stream.write(`${text}\n`);
            draw();
        },
        stop: () => {
            clearInterval(timer);
            draw();
        },
    };
}

/** The block of a terminal: what is ready in one line, then a line per build. */
function block(progress: readonly ToolProgress[]): string[] {
    const ready = progress.filter(({ state }) => state === "found" || state === "cached");
    const builds = progress.filter(({ state }) => state !== "found" && state !== "cached");
    const total = progress[0]?.total ?? 0;
    const current = builds.find(({ state }) => state === "building");
    const left = current && Math.max(0, current.expectedSeconds - current.elapsedSeconds) + current.laterSeconds;
    return [
        `Tools: ${ready.length + builds.filter(({ state }) => state === "built").length} of ${total} ready` +
            (left === undefined ? "" : `, about ${duration(left)} of building left`),
        ...(ready.length > 0 ? [`  here: ${ready.map(({ tool, version }) => `${tool} ${version}`).join(", ")}`] : []),
        ...builds.map((build) => `  ${describe(build)}`),
    ];
}

/** One line about one tool. */
function describe({ tool, version, state, elapsedSeconds, expectedSeconds, position, total, detail }: ToolProgress) {
    const time =
        state === "building"
            ? ` ${duration(elapsedSeconds)} of about ${duration(expectedSeconds)}`
            : elapsedSeconds > 0
              ? ` in ${duration(elapsedSeconds)}`
              : "";
    const what = `[${position}/${total}] ${state} ${tool} ${version}${time}`;
    return stripVTControlCharacters(detail === undefined ? what : `${what}: ${detail}`);
}

function duration(seconds: number): string {
    const whole = Math.round(seconds);
    return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
