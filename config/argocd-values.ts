import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";

import { configKey, type Problem, shown } from "./problems.ts";

/** Values of the chart argo-cd. */
export type ArgocdValues = Record<string, unknown>;

/** What Git says a hub's Argo CD should be, or why that cannot be said. */
export interface ArgocdValuesResult {
    values: ArgocdValues;
    problems: Problem[];
}

/**
 * The value files of a hub's Argo CD below `fleet:git.path`, weakest first. The Application by which Argo CD manages
 * itself names the same ones in the same order (gitops/bootstrap/templates/argocd.yaml), so the first installation and
 * every later one agree.
 */
export function argocdValueFiles(hub: string): string[] {
    return ["bootstrap/argocd/values.yaml", `bootstrap/argocd/hubs/${hub}.yaml`];
}

/**
 * Reads and merges them.
 *
 * @param path the folder of this repository that Argo CD reads, `fleet:git.path`
 * @param hub name of the hub's cluster
 */
export function readArgocdValues(path: string, hub: string): ArgocdValuesResult {
    const files = argocdValueFiles(hub).map((file) => `${path}/${file}`);
    return mergedValues(
        files.map((file) => {
            const url = new URL(`../${file}`, import.meta.url);
            return { file, text: existsSync(url) ? readFileSync(url, "utf8") : undefined };
        }),
    );
}

/** Merges value files, weakest first, and says what is wrong with each. Pure, so tests need no disk. */
export function mergedValues(files: readonly { file: string; text: string | undefined }[]): ArgocdValuesResult {
    const problems: Problem[] = [];
    let values: ArgocdValues = {};
    for (const { file, text } of files) {
        // Helm reads YAML 1.1, where an unquoted `yes` is a boolean.
        const parsed: unknown = text === undefined ? undefined : parse(text, { version: "1.1" });
        if (parsed === undefined) {
            problems.push({
                code: "E-ARG-004",
                key: file,
                text: "missing. Fix: create it; `{}` when nothing differs.",
            });
        } else if (!isMap(parsed)) {
            problems.push({ code: "E-ARG-004", key: file, text: `Helm values are a map (got ${shown(parsed)}).` });
        } else {
            problems.push(...nulls(parsed).map((key) => nullProblem(file, key)));
            values = merge(values, parsed);
        }
    }
    return { values, problems };
}

/** As Helm merges value files: maps key by key, anything else replaced. */
function merge(below: ArgocdValues, above: ArgocdValues): ArgocdValues {
    const result = { ...below };
    for (const [key, value] of Object.entries(above)) {
        const old = result[key];
        result[key] = isMap(old) && isMap(value) ? merge(old, value) : value;
    }
    return result;
}

/** Helm takes a null for "without the chart's default"; Pulumi's release drops it. The two would install differently. */
function nullProblem(file: string, key: string): Problem {
    return {
        code: "E-ARG-004",
        key: `${file} ${key}`,
        text: "null. Fix: give the value meant: an empty map, list or string, or false.",
    };
}

function nulls(value: unknown, path: readonly PropertyKey[] = []): string[] {
    if (value === null) {
        return [configKey(path).replace(/^fleet:/, "")];
    }
    return typeof value === "object"
        ? Object.entries(value).flatMap(([key, item]) =>
              nulls(item, [...path, Array.isArray(value) ? Number(key) : key]),
          )
        : [];
}

function isMap(value: unknown): value is ArgocdValues {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
