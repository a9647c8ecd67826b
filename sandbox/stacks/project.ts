import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { parse, stringify } from "yaml";
import type { Layout } from "./layout.ts";

/** What `${…}` in sandbox/overlay.yaml stands for. */
export interface OverlayValues {
    pulumiBackend: string;
    gitUrl: string;
    chartMirror: string;
    vaultAddress: string;
}

type Tree = { [key: string]: unknown };

/** The stacks that are committed, hub first: spokes read the hub's outputs. */
export async function committedStacks(repo: string): Promise<string[]> {
    const names: string[] = [];
    for (const file of await readdir(repo)) {
        const name = /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1];
        if (name !== undefined) names.push(name);
    }
    const order = ["hub", "dev", "staging", "prod"];
    const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
    return names.toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** Every stack that the sandbox has: the committed ones, then those that were added to the private project. */
export async function sandboxStacks(layout: Layout): Promise<string[]> {
    const committed = await committedStacks(layout.repo);
    const own = await committedStacks(path.join(layout.pulumiProject, "cfg")).catch(() => []);
    return [...committed, ...own.filter((name) => !committed.includes(name))];
}

/** A stack as its committed file says it. */
export interface StackFile {
    stack: string;
    role: unknown;
    /** Name of its EKS cluster. */
    cluster: string;
}

/** The committed stacks with their clusters, in the order of {@link committedStacks}. */
export async function stackFiles(repo: string): Promise<StackFile[]> {
    const stacks = await committedStacks(repo);
    return await Promise.all(
        stacks.map(async (stack) => {
            const file = `Pulumi.${stack}.yaml`;
            const config = (await readYaml(path.join(repo, file)))["config"];
            const cluster = isTree(config) ? config["fleet:cluster"] : undefined;
            if (!isTree(config) || !isTree(cluster) || typeof cluster["name"] !== "string") {
                throw new Error(`${file} has no config fleet:cluster with a name`);
            }
            return { stack, role: config["fleet:role"], cluster: cluster["name"] };
        }),
    );
}

/** Cluster name of the stack whose `fleet:role` is hub. */
export async function hubCluster(repo: string): Promise<string> {
    const hub = (await stackFiles(repo)).find(({ role }) => role === "hub");
    if (hub === undefined) throw new Error(`no Pulumi.<stack>.yaml in ${repo} has fleet:role hub`);
    return hub.cluster;
}

/**
 * Writes the private project: a Pulumi.yaml that runs the committed program, and a copy of each
 * stack file with the overlay merged in. `encryptionsalt`, which the engine adds to the private
 * copy, survives a second run. Returns the stacks.
 */
export async function writeProject(layout: Layout, values: OverlayValues): Promise<string[]> {
    const overlay = await readOverlay(layout, values);
    const config = path.join(layout.pulumiProject, "cfg");
    await mkdir(config, { recursive: true });
    await mkdir(layout.pulumiBackend, { recursive: true });

    const project = await readYaml(path.join(layout.repo, "Pulumi.yaml"));
    const main = typeof project["main"] === "string" ? project["main"] : ".";
    await writeYaml(path.join(layout.pulumiProject, "Pulumi.yaml"), {
        ...project,
        main: path.relative(layout.pulumiProject, path.join(layout.repo, main)),
        stackConfigDir: "cfg",
        backend: { url: overlay["backend"] },
    });

    const stacks = await committedStacks(layout.repo);
    for (const stack of stacks) {
        const file = path.join(config, `Pulumi.${stack}.yaml`);
        const committed = await readYaml(path.join(layout.repo, `Pulumi.${stack}.yaml`));
        const before: Tree = await readYaml(file).catch(() => ({}));
        await writeYaml(file, {
            ...committed,
            ...(before["encryptionsalt"] === undefined ? {} : { encryptionsalt: before["encryptionsalt"] }),
            config: merge(committed["config"], overlay["config"]),
        });
    }
    return stacks;
}

/** `fleet:environment` of a stack of the private project; "" when its file does not say. */
export async function environmentOf(layout: Layout, stack: string): Promise<string> {
    const file = await readYaml(path.join(layout.pulumiProject, "cfg", `Pulumi.${stack}.yaml`));
    const config = file["config"];
    return isTree(config) && typeof config["fleet:environment"] === "string" ? config["fleet:environment"] : "";
}

/** `sandbox/overlay.yaml` for a daemon that runs. */
export async function overlayFor(layout: Layout, daemon: { port: number; vaultAddress: string }): Promise<Tree> {
    return await readOverlay(layout, overlayValues(layout, daemon));
}

/** What `${…}` stands for with a daemon on this port. */
export function overlayValues(
    layout: Layout,
    { port, vaultAddress }: { port: number; vaultAddress: string },
): OverlayValues {
    const url = `http://127.0.0.1:${port}`;
    return {
        pulumiBackend: layout.pulumiBackend,
        gitUrl: `${url}/git/${path.basename(layout.gitRepository)}`,
        chartMirror: `${url}/charts`,
        vaultAddress,
    };
}

async function readOverlay(layout: Layout, values: OverlayValues): Promise<Tree> {
    return fill(await readYaml(path.join(layout.repo, "sandbox", "overlay.yaml")), values) as Tree;
}

/** Maps merge key by key; anything else is replaced. */
export function merge(base: unknown, over: unknown): unknown {
    if (!isTree(base) || !isTree(over)) return over === undefined ? base : over;
    const result: Tree = { ...base };
    for (const [key, value] of Object.entries(over)) result[key] = merge(base[key], value);
    return result;
}

/** Replaces `${name}`; a name that is not one of `values` is an error that says which there are. */
export function fill(node: unknown, values: OverlayValues): unknown {
    if (typeof node === "string") {
        return node.replace(/\$\{(\w+)\}/g, (_, name: string) => {
            const value = (values as unknown as Record<string, string | undefined>)[name];
            if (value === undefined) {
                throw new Error(
                    `sandbox/overlay.yaml uses \${${name}}, which does not exist (there are: ${Object.keys(values).join(", ")})`,
                );
            }
            return value;
        });
    }
    if (Array.isArray(node)) return node.map((item) => fill(item, values));
    if (isTree(node)) return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, fill(value, values)]));
    return node;
}

function isTree(value: unknown): value is Tree {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function readYaml(file: string): Promise<Tree> {
    return (parse(await readFile(file, "utf8")) as Tree | null) ?? {};
}

async function writeYaml(file: string, value: unknown): Promise<void> {
    await writeFile(file, stringify(value));
}
