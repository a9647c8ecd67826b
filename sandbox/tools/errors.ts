import type { ToolName } from "./catalog.ts";

/** A tool that can neither be found nor built here. */
export interface MissingTool {
    name: ToolName;
    version: string;
    /** Range accepted on PATH; undefined if only a build serves. */
    range?: { min: string; below: string };
    /** Why what was found does not serve. */
    reasons: string[];
}

/** Tools are neither on PATH nor in the cache, and this machine cannot build them. Lists all of them at once. */
export class MissingToolsError extends Error {
    readonly tools: readonly MissingTool[];

    /** @param goVersion the installed Go, too old; undefined if there is none */
    constructor(tools: readonly MissingTool[], requiredGo: string, goVersion: string | undefined) {
        const why = goVersion === undefined ? "Go is not installed" : `Go ${goVersion} is too old`;
        const installable = tools.filter((tool) => tool.range !== undefined);
        const install =
            installable.length === tools.length
                ? "install the tools above in a fitting version, on PATH."
                : `install ${installable.map((tool) => tool.name).join(", ") || "nothing"} on PATH: the others are only ` +
                  "ever built from source.";
        super(
            [
                `${tools.length} of the tools are missing, and they cannot be built because ${why}:`,
                ...tools.map((tool) => `  ${describe(tool)}`),
                `Either install Go ${requiredGo} or newer (https://go.dev/dl/), and the next run builds them,`,
                `or ${install}`,
            ].join("\n"),
        );
        this.name = "MissingToolsError";
        this.tools = tools;
    }
}

function describe({ name, version, range, reasons }: MissingTool): string {
    const accepted = range ? `at least ${range.min}, below ${range.below}` : `${version}, built from source only`;
    return [`${name} (${accepted})`, ...reasons].join("; ");
}

/** A Go command failed. */
export class ToolBuildError extends Error {
    readonly tool: ToolName;
    /** Everything the command printed. */
    readonly logFile: string;
    /** What to type to see it fail. */
    readonly command: string;

    constructor(tool: ToolName, problem: string, logFile: string, command: string) {
        super(`${tool} could not be built: ${problem}\nThe log is ${logFile}\nTo see why, run:\n  ${command}`);
        this.name = "ToolBuildError";
        this.tool = tool;
        this.logFile = logFile;
        this.command = command;
    }
}
