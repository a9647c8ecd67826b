import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Props } from "../../kit/types.ts";

/** After an abort helm gets this long to mark the release as failed before it is killed. */
const KILL_AFTER_MS = 2500;

/** helm ended with an error. The message is helm's last line. */
export class HelmError extends Error {}

/** How one helm command runs. */
export interface HelmRun {
    args: string[];
    /** Kubeconfig document. */
    kubeconfig: string;
    /** Chart values, given to helm as a file. */
    values?: Props;
    signal?: AbortSignal;
}

/**
 * Runs the helm of PATH in a private folder under the sandbox's state folder and answers its stdout.
 * Kubeconfig and values are files that only this user can read, gone when helm ends; nothing of either is
 * on a command line. Throws {@link HelmError}.
 */
export async function helm({ args, kubeconfig, values, signal }: HelmRun): Promise<string> {
    const state = process.env["FLEET_SANDBOX_DIR"];
    if (state === undefined || state === "") {
        throw new Error("FLEET_SANDBOX_DIR is not set; run pulumi inside `npm run sandbox -- shell`");
    }
    await mkdir(join(state, "helm"), { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(state, "helm", "run-"));
    try {
        const kubeconfigFile = join(folder, "kubeconfig");
        await writeFile(kubeconfigFile, kubeconfig, { mode: 0o600 });
        const valuesArgs = [];
        if (values !== undefined) {
            const valuesFile = join(folder, "values.json");
            await writeFile(valuesFile, JSON.stringify(values), { mode: 0o600 });
            valuesArgs.push("--values", valuesFile);
        }
        return await run([...args, ...valuesArgs], environment(folder, kubeconfigFile), signal);
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

/** Nothing of the user's own helm: no repositories, plugins, caches or defaults. */
function environment(folder: string, kubeconfigFile: string): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith("HELM_"));
    return {
        ...Object.fromEntries(inherited),
        KUBECONFIG: kubeconfigFile,
        HELM_CACHE_HOME: join(folder, "cache"),
        HELM_CONFIG_HOME: join(folder, "config"),
        HELM_DATA_HOME: join(folder, "data"),
    };
}

async function run(args: string[], env: NodeJS.ProcessEnv, signal: AbortSignal | undefined): Promise<string> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
        const child = spawn("helm", args, { env, stdio: ["ignore", "pipe", "pipe"] });
        const [out, err]: [Buffer[], Buffer[]] = [[], []];
        child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
        child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
        let killTimer: NodeJS.Timeout | undefined;
        const abort = (): void => {
            // helm records an interrupted release as failed, so the next run can go on; SIGKILL leaves it pending.
            child.kill("SIGINT");
            killTimer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
        };
        signal?.addEventListener("abort", abort, { once: true });
        const end = (): void => {
            clearTimeout(killTimer);
            signal?.removeEventListener("abort", abort);
        };
        child.on("error", (error: NodeJS.ErrnoException) => {
            end();
            reject(error.code === "ENOENT" ? new HelmError("helm is not on PATH; it installs the Release") : error);
        });
        child.on("close", (code) => {
            end();
            if (code === 0) {
                resolve(Buffer.concat(out).toString());
            } else {
                reject(new HelmError(lastError(Buffer.concat(err).toString(), args[0] ?? "")));
            }
        });
    });
}

/** helm prints warnings before its error; with --debug, a reason before and the stack after it. */
function lastError(stderr: string, command: string): string {
    const start = stderr.lastIndexOf("Error: ");
    const [text = ""] = (start === -1 ? stderr : stderr.slice(start + "Error: ".length)).split(/\nhelm\.go:\d+: /);
    const reason = /uninstall: Failed to delete release: (.*)/.exec(stderr)?.[1];
    return [text.trim() || `helm ${command} failed without a message`, reason].filter(Boolean).join(": ");
}
