import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { ResolvedTool, ToolName } from "../tools/index.ts";
import type { Layout } from "./layout.ts";

/** Every tool of the sandbox, where it is and where it came from. */
export type ResolvedTools = Record<ToolName, ResolvedTool>;

const file = (layout: Layout) => path.join(layout.state, "tools.json");

/** Leaves the resolved tools for the daemon and for later commands. */
export async function writeTools(layout: Layout, tools: ResolvedTools): Promise<void> {
    await writeFile(file(layout), JSON.stringify(tools, null, 2));
}

export async function readTools(layout: Layout): Promise<ResolvedTools> {
    return JSON.parse(await readFile(file(layout), "utf8")) as ResolvedTools;
}

/** Folders for PATH. */
export async function readToolDirs(layout: Layout): Promise<string[]> {
    return toolDirs(await readTools(layout));
}

export function toolDirs(tools: ResolvedTools): string[] {
    return [...new Set(Object.values(tools).map((tool) => path.dirname(tool.path)))];
}
