import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";

import type { ToolName } from "./catalog.ts";
import { ToolBuildError } from "./errors.ts";
import { goEnvironment, goSettings } from "./go.ts";

/** Time between asking the compilers to stop and making them. */
const KILL_AFTER_MS = 3_000;

export interface GoCommand {
    tool: ToolName;
    args: readonly string[];
    cwd: string;
    cacheRoot: string;
    env: NodeJS.ProcessEnv;
    /** Folder for Go's scratch files; must exist. */
    scratch: string;
    logFile: string;
    signal?: AbortSignal;
    onLine?: (line: string) => void;
    /** The arguments to show when it fails, where they differ (a temporary output file). */
    shownArgs?: readonly string[];
}

/**
 * Runs `go`, with all it prints in the log file and, as lines of its error stream, to `onLine`.
 *
 * @returns its standard output
 * @throws ToolBuildError if it fails; the signal's reason if that fires, after every process it started has ended
 */
export async function runGo(command: GoCommand): Promise<string> {
    command.signal?.throwIfAborted();
    const shown = commandLine(command);
    await mkdir(path.dirname(command.logFile), { recursive: true });
    const log = createWriteStream(command.logFile);
    log.write(`$ ${shown}\n`);
    // A group of its own: `go` leaves its compilers running when it alone is ended.
    const child = spawn("go", [...command.args], {
        cwd: command.cwd,
        env: goEnvironment(command.env, command.cacheRoot, command.scratch),
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
    });
    const end = (signal: NodeJS.Signals): void => {
        try {
            process.kill(-(child.pid ?? Number.NaN), signal);
        } catch {
            // Already gone, or never started.
        }
    };
    const kill = (): void => end("SIGKILL");
    process.once("exit", kill);
    let timer: NodeJS.Timeout | undefined;
    const abort = (): void => {
        end("SIGTERM");
        timer = setTimeout(kill, KILL_AFTER_MS);
    };
    command.signal?.addEventListener("abort", abort, { once: true });
    let stdout = "";
    child.stdout.on("data", (chunk: Buffer) => {
        stdout += chunk.toString();
        log.write(chunk);
    });
    child.stderr.pipe(log, { end: false });
    createInterface({ input: child.stderr }).on("line", (line) => command.onLine?.(line));
    try {
        const outcome = await new Promise<string | undefined>((resolve) => {
            child.once("error", (error) => resolve(`go did not start: ${error.message}`));
            child.once("close", (code, signal) => {
                resolve(code === 0 ? undefined : `go ended with ${signal ?? `code ${code ?? "none"}`}`);
            });
        });
        log.end();
        await finished(log);
        command.signal?.throwIfAborted();
        if (outcome !== undefined) {
            throw new ToolBuildError(
                command.tool,
                `${outcome}.${await lastWords(command.logFile)}`,
                command.logFile,
                shown,
            );
        }
        return stdout;
    } finally {
        clearTimeout(timer);
        process.removeListener("exit", kill);
        command.signal?.removeEventListener("abort", abort);
    }
}

/** The command as a line for a shell. */
export function commandLine({ cwd, cacheRoot, args, shownArgs }: GoCommand): string {
    const settings = Object.entries(goSettings(cacheRoot)).map(([name, value]) => `${name}=${quote(value)}`);
    return [`cd ${quote(cwd)} && env`, ...settings, "go", ...(shownArgs ?? args).map(quote)].join(" ");
}

function quote(word: string): string {
    return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** The end of the log, which is where Go says what is wrong, without the names of packages that went well. */
async function lastWords(logFile: string): Promise<string> {
    const lines = (await readFile(logFile, "utf8")).split("\n").slice(1);
    const telling = lines.filter((line) => /\s/.test(line.trim()) && !line.startsWith("go: downloading "));
    return telling
        .slice(-5)
        .map((line) => `\n  ${line.trimEnd()}`)
        .join("");
}
