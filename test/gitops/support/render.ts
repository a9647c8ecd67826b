import { readFile } from "node:fs/promises";
import path from "node:path";
import { execa, ExecaError } from "execa";
import { parse, parseAllDocuments } from "yaml";

import { tool } from "./tools.ts";

/** The repository's folder. */
export const repository = path.resolve(import.meta.dirname, "../../..");

/** The tree Argo CD reads. */
export const gitops = path.join(repository, "gitops");

/** A rendered object. Only what every kind has is typed; the rest is read by {@link at}. */
export interface KubernetesObject {
    apiVersion: string;
    kind: string;
    metadata: {
        name: string;
        namespace?: string;
        labels?: Record<string, string>;
        annotations?: Record<string, string>;
        finalizers?: string[];
    };
    spec?: unknown;
    data?: Record<string, string>;
}

/** How to render a chart. */
export interface ChartOptions {
    release?: string;
    namespace?: string;
    /** Value files, relative to gitops/ or absolute, weakest first. */
    valueFiles?: readonly string[];
    /** Values over those of the files. */
    values?: Readonly<Record<string, unknown>>;
}

/**
 * What the real helm renders of a chart: a folder of gitops/, or an absolute path.
 *
 * @throws Error with helm's message and nothing else
 */
export async function helm(chart: string, options: ChartOptions = {}): Promise<KubernetesObject[]> {
    const { release = "test", namespace = "argocd", valueFiles = [], values = {} } = options;
    const files = valueFiles.flatMap((file) => ["--values", path.resolve(gitops, file)]);
    const args = [
        "template",
        release,
        path.resolve(gitops, chart),
        "--namespace",
        namespace,
        "--kube-version",
        "1.35.0",
    ];
    return objects(await run("helm", [...args, ...files, "--values", "-"], JSON.stringify(values)));
}

/** What the real kustomize builds of a folder of gitops/. */
export async function kustomize(folder: string): Promise<KubernetesObject[]> {
    return objects(await run("kustomize", ["build", path.resolve(gitops, folder)]));
}

/** One YAML file of gitops/. */
export async function yamlFile<Shape>(file: string): Promise<Shape> {
    return parse(await readFile(path.resolve(gitops, file), "utf8")) as Shape;
}

/** All objects of a YAML file of gitops/. */
export async function yamlObjects(file: string): Promise<KubernetesObject[]> {
    return objects(await readFile(path.resolve(gitops, file), "utf8"));
}

/** The value at a path of keys, for example `at(app, "spec.source.helm")`. A missing one is an error. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what Kubernetes keeps there
export function at<Value>(object: unknown, keys: string): Value {
    let value = object;
    for (const key of keys.split(".")) {
        const next: unknown = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
        if (next === undefined) {
            throw new Error(`no ${keys} in ${JSON.stringify(object).slice(0, 200)}`);
        }
        value = next;
    }
    return value as Value;
}

/** The only object of a kind and name. */
export function only(all: readonly KubernetesObject[], kind: string, name?: string): KubernetesObject {
    const found = all.filter((each) => each.kind === kind && (name === undefined || each.metadata.name === name));
    const [first] = found;
    if (first === undefined || found.length > 1) {
        throw new Error(`${found.length} objects ${kind}/${name ?? "*"}, expected 1`);
    }
    return first;
}

function objects(text: string): KubernetesObject[] {
    return parseAllDocuments(text, { version: "1.1" })
        .map((document) => document.toJS() as KubernetesObject | null)
        .filter((object) => object !== null);
}

async function run(name: "helm" | "kustomize", args: readonly string[], input = ""): Promise<string> {
    const { path: binary } = await tool(name);
    try {
        const { stdout } = await execa(binary, args, { input, stripFinalNewline: false });
        return stdout;
    } catch (error) {
        throw error instanceof ExecaError ? new Error(String(error.stderr).trim(), { cause: error }) : error;
    }
}
