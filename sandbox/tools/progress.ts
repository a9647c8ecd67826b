import type { ToolName } from "./catalog.ts";

/**
 * `found`: fits, on PATH. `cached`: built by an earlier run. `building`: at work, or waiting for another process that
 * is. `built`, `failed`: how that ended.
 */
export type ToolState = "found" | "cached" | "building" | "built" | "failed";

/** One step of {@link import("./resolve.ts").resolveTools}; a build repeats `building` each second. */
export interface ToolProgress {
    tool: ToolName;
    version: string;
    state: ToolState;
    /** Seconds since work on this tool began; 0 if there was none. */
    elapsedSeconds: number;
    /** Seconds this tool takes on two idle cores; 0 if there is nothing to do. */
    expectedSeconds: number;
    /** Seconds expected for the tools after this one. */
    laterSeconds: number;
    /** This tool's number among the requested ones, from 1, in the order they get ready. */
    position: number;
    total: number;
    /** What is happening, or where the tool is, in a few words. */
    detail?: string;
}

export type OnToolProgress = (progress: ToolProgress) => void;
