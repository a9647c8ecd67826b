import { createRequire } from "node:module";
import { resolve } from "node:path";

import type { ProgramInfo, RunRequest } from "@pulumi/pulumi/proto/language_pb.js";

/** `runtime.options` of Pulumi.yaml or PulumiPolicy.yaml. */
export interface RuntimeOptions {
    /** Arguments of `node` itself, e.g. ["--import", "tsx"]. */
    nodeArgs: string[];
    /** Load the program through ts-node. @default true */
    typescript: boolean;
}

/** packagemanager only matters to an install, which this host leaves to the user. */
const OPTIONS = ["nodeargs", "typescript", "packagemanager"];

/** A child process to start. */
export interface Command {
    args: string[];
    cwd: string;
    env: NodeJS.ProcessEnv;
}

/** Reads the runtime options; throws on one that this host does not know. */
export function runtimeOptions(info: ProgramInfo): RuntimeOptions {
    const options = info.getOptions()?.toJavaScript() ?? {};
    const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
    if (unknown !== undefined) {
        throw new Error(
            `runtime option "${unknown}" is not known to this language host; it takes ${OPTIONS.join(", ")}`,
        );
    }
    const { nodeargs, typescript } = options;
    if (nodeargs !== undefined && typeof nodeargs !== "string") {
        throw new Error("runtime option nodeargs must be a string, e.g. '--import tsx'");
    }
    return { nodeArgs: splitArguments(nodeargs ?? ""), typescript: typescript !== false };
}

/** How @pulumi/pulumi's own runner is started for a program (`cmd/run`, as the official host does). */
export function programCommand(request: RunRequest, info: ProgramInfo, engineAddress: string): Command {
    const options = runtimeOptions(info);
    const directory = info.getProgramDirectory();
    const flags = {
        monitor: request.getMonitorAddress(),
        engine: engineAddress,
        organization: request.getOrganization(),
        project: request.getProject(),
        stack: request.getStack(),
        pwd: request.getPwd(),
        "root-directory": info.getRootDirectory(),
        parallel: String(request.getParallel()),
    };
    const args = [
        ...options.nodeArgs,
        resolveFrom(directory, "@pulumi/pulumi/cmd/run"),
        ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]),
        ...(request.getDryrun() ? ["--dry-run"] : []),
        resolve(directory, info.getEntryPoint()),
        ...request.getArgsList(),
    ];
    const env = {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        PULUMI_NODEJS_TYPESCRIPT: String(options.typescript),
    };
    return { args, cwd: request.getPwd(), env };
}

/**
 * How @pulumi/pulumi's own runner is started for a policy pack; `env` holds KEY=value entries. It runs in the pack's
 * folder, because @pulumi/policy reads the pack's version from package.json of the working folder.
 */
export function policyPackCommand(info: ProgramInfo, pluginArgs: string[], env: string[]): Command {
    const directory = info.getProgramDirectory();
    const runner = resolveFrom(directory, "@pulumi/pulumi/cmd/run-policy-pack");
    return {
        args: [...runtimeOptions(info).nodeArgs, runner, ...pluginArgs, directory],
        cwd: directory,
        env: Object.fromEntries(env.map((entry) => splitOnce(entry, "="))),
    };
}

/** Resolves a module as a program in `directory` would; throws with the way out if it is not installed. */
export function resolveFrom(directory: string, module: string): string {
    try {
        return createRequire(resolve(directory, "package.json")).resolve(module);
    } catch {
        throw new Error(`${module} is not installed for the program in ${directory}: run "npm ci" there`);
    }
}

/** Splits as a shell would: on blanks, keeping 'single' and "double" quoted parts together. */
function splitArguments(text: string): string[] {
    const words = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
    return words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}

function splitOnce(text: string, separator: string): [string, string] {
    const at = text.indexOf(separator);
    return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
