import { chmod, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

import { downloadPlugin, pluginServerAnswers } from "./plugin-download.ts";
import { pluginVersion } from "./plugin-version.ts";
import { STAND_IN_MARK, findLanguageHost, findPlugin, isOfficial } from "./official-parts.ts";

/** One part of the Pulumi engine and what was installed for it. */
export interface EnginePart {
    /** "language host", "policy analyzer" or "<package> provider". */
    name: string;
    origin: "official" | "stand-in";
    /** The executable that the engine starts. */
    path: string;
    /** In a few words, for people. */
    why: string;
}

export interface EnginePartsOptions {
    /** Where the run keeps its PULUMI_HOME. */
    layout: { pulumiHome: string };
    /** The CLI that will run; "path" means an official one, found on PATH. */
    tools: { pulumi: { path: string; version: string; origin: "path" | "built" } };
}

const SANDBOX = path.resolve(import.meta.dirname, "..");

/** The entry files of our own providers. Those with `twin` are never replaced by the official provider. */
const PROVIDERS: readonly { name: string; entry: string; twin?: true }[] = [
    { name: "aws", entry: "aws-twin/provider.ts", twin: true },
    { name: "kubernetes", entry: "engine/kubernetes/main.ts" },
    { name: "vault", entry: "engine/vault/main.ts" },
    { name: "random", entry: "engine/random/main.ts" },
];

/**
 * Fills the private PULUMI_HOME with the language host and the providers: the official ones where they can be had
 * (beside the CLI, on PATH, in the user's own plugin cache, or by download), ours otherwise. Plugins of that folder
 * need no entry on PATH, and the engine shows no warning about them. Safe to call again; needs
 * PULUMI_IGNORE_AMBIENT_PLUGINS=true in the environment of `pulumi`, so that nothing on PATH comes first.
 */
export async function installEngineParts(options: EnginePartsOptions): Promise<EnginePart[]> {
    const plugins = path.join(options.layout.pulumiHome, "plugins");
    await mkdir(plugins, { recursive: true });
    const host = await installLanguageHost(plugins, options.tools.pulumi);
    // The engine runs policy packs through the language host, which starts @pulumi/pulumi's analyzer.
    const analyzer = { ...host, name: "policy analyzer", why: "run by the language host" };
    const providers = await Promise.all(PROVIDERS.map((provider) => installProvider(plugins, provider, options)));
    return [host, analyzer, ...providers];
}

/** Puts a provider of our own into `pulumiHome`: `entry` is the absolute path of the file that calls `serve`. */
export async function installProviderLauncher(
    pulumiHome: string,
    name: string,
    version: string,
    entry: string,
): Promise<string> {
    const folder = await pluginFolder(path.join(pulumiHome, "plugins"), `resource-${name}`, version);
    const executable = path.join(folder, `pulumi-resource-${name}`);
    await writeLauncher(executable, entry);
    return executable;
}

async function installLanguageHost(plugins: string, cli: EnginePartsOptions["tools"]["pulumi"]): Promise<EnginePart> {
    const folder = await pluginFolder(plugins, "language-nodejs", cli.version);
    const executable = path.join(folder, "pulumi-language-nodejs");
    const name = "language host";
    const official = await findLanguageHost(cli.path);
    if (official !== undefined) {
        await link(official.path, executable);
        return { name, origin: "official", ...official };
    }
    await writeLauncher(executable, path.join(SANDBOX, "engine/language-host.ts"));
    const why = "pulumi-language-nodejs is neither beside the pulumi CLI nor on PATH";
    return { name, origin: "stand-in", path: executable, why };
}

async function installProvider(
    plugins: string,
    provider: (typeof PROVIDERS)[number],
    { layout, tools }: EnginePartsOptions,
): Promise<EnginePart> {
    const version = pluginVersion(provider.name);
    const name = `${provider.name} provider`;
    const folder = await pluginFolder(plugins, `resource-${provider.name}`, version);
    const executable = path.join(folder, `pulumi-resource-${provider.name}`);
    const standIn = async (why: string): Promise<EnginePart> => {
        await writeLauncher(executable, path.join(SANDBOX, provider.entry));
        return { name, origin: "stand-in", path: executable, why };
    };
    if (provider.twin) {
        return standIn("the AWS twin replaces it: no account is needed or touched");
    }
    if (await isOfficial(executable)) {
        return { name, origin: "official", path: executable, why: "installed by an earlier run" };
    }
    const official = await findPlugin(provider.name, version);
    if (official !== undefined) {
        await link(official.path, executable);
        return { name, origin: "official", ...official };
    }
    if (tools.pulumi.origin === "built") {
        return standIn(`version ${version} is not in a plugin cache, and the CLI was built from source`);
    }
    if (!(await pluginServerAnswers())) {
        return standIn(`version ${version} is not in a plugin cache, and get.pulumi.com cannot be reached`);
    }
    const failure = await downloadPlugin(tools.pulumi.path, layout.pulumiHome, provider.name, version);
    return failure === undefined
        ? { name, origin: "official", path: executable, why: "downloaded by the pulumi CLI" }
        : standIn(`the pulumi CLI could not install version ${version}: ${failure}`);
}

/** The folder of one plugin; those of its other versions are removed, since the engine takes any that is newer. */
async function pluginFolder(plugins: string, kindAndName: string, version: string): Promise<string> {
    const wanted = `${kindAndName}-v${version}`;
    for (const entry of await readdir(plugins)) {
        if (entry.startsWith(`${kindAndName}-v`) && !entry.startsWith(wanted)) {
            await rm(path.join(plugins, entry), { recursive: true });
        }
    }
    const folder = path.join(plugins, wanted);
    await mkdir(folder, { recursive: true });
    return folder;
}

/** A sh script that runs one of our entry files with this Node and the checkout's tsx, from any folder. */
async function writeLauncher(file: string, entry: string): Promise<void> {
    const command = [process.execPath, "--import", import.meta.resolve("tsx"), entry].map(shellQuoted).join(" ");
    await replaceFile(file, async (temporary) => {
        await writeFile(temporary, `#!/bin/sh\n${STAND_IN_MARK}\nexec ${command} "$@"\n`);
        await chmod(temporary, 0o755);
    });
}

async function link(target: string, file: string): Promise<void> {
    await replaceFile(file, (temporary) => symlink(target, temporary));
}

/** Two runs may install at the same time: each sees the old file or the new one, never half of it. */
async function replaceFile(file: string, make: (temporary: string) => Promise<void>): Promise<void> {
    const temporary = `${file}.${process.pid}`;
    await rm(temporary, { force: true });
    await make(temporary);
    await rename(temporary, file);
}

function shellQuoted(text: string): string {
    return `'${text.replaceAll("'", `'\\''`)}'`;
}
