import { parseArgs } from "node:util";

import {
    MissingToolsError,
    parseToolNames,
    renderToolProgress,
    resolveTools,
    ToolBuildError,
    toolNames,
} from "./index.ts";

/** `main.ts [TOOL…] [--json]`: makes sure that the tools (by default all) are here, and says where. */
async function main(args: string[]): Promise<number> {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { json: { type: "boolean" } } });
    const names = positionals.length > 0 ? parseToolNames(positionals) : toolNames;
    const interrupt = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.once(signal, () => interrupt.abort());
    }
    const display = renderToolProgress();
    try {
        const tools = await resolveTools(names, { onProgress: display.onProgress, signal: interrupt.signal });
        display.stop();
        console.log(values.json ? JSON.stringify(tools, undefined, 2) : table(tools));
        return 0;
    } catch (error) {
        display.stop();
        if (interrupt.signal.aborted) {
            console.error("Stopped. The tools that were finished stay; the next run goes on from there.");
            return 130;
        }
        throw error;
    }
}

function table(tools: Awaited<ReturnType<typeof resolveTools>>): string {
    const rows = Object.entries(tools).map(([name, tool]) => [name, tool.version, tool.origin, tool.path]);
    const all = [["NAME", "VERSION", "ORIGIN", "PATH"], ...rows];
    const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
    return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")).join("\n");
}

try {
    process.exitCode = await main(process.argv.slice(2));
} catch (error) {
    const expected =
        error instanceof MissingToolsError ||
        error instanceof ToolBuildError ||
        (error instanceof Error && (error.message.startsWith("Unknown tool") || "code" in error));
    console.error(expected ? error.message : error);
    process.exitCode = 1;
}
