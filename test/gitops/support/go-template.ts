import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { at, helm, only } from "./render.ts";

/**
 * Executes every Go template in a value, deeply, and returns the value with their results. Helm is the engine: like
 * Argo CD's ApplicationSets and External Secrets it is Go's text/template with the Sprig functions. One difference: a
 * missing key is empty here and an error there.
 *
 * @throws Error with the message of a template that calls `fail`
 */
export async function execute<Value>(value: Value, data: unknown): Promise<Value> {
    const templates = [...new Set(strings(value))].filter((text) => text.includes("{{"));
    const results = await run(templates, data);
    return replace(value, new Map(templates.map((text, index) => [text, results[index] ?? ""])));
}

async function run(templates: readonly string[], data: unknown): Promise<string[]> {
    const chart = await mkdtemp(path.join(tmpdir(), "fleet-template-test-"));
    try {
        await mkdir(path.join(chart, "templates"));
        await writeFile(path.join(chart, "Chart.yaml"), "apiVersion: v2\nname: templates\nversion: 0.0.0\n");
        const definitions = templates.map((text, index) => `{{ define "t${index}" }}${text}{{ end }}`);
        const calls = templates.map((_, index) => `  t${index}: {{ include "t${index}" .Values.data | toJson }}`);
        const results = ["kind: Results", "metadata: {name: results}", "data:", ...calls].join("\n");
        await writeFile(path.join(chart, "templates/results.yaml"), `${definitions.join("\n")}\n---\n${results}\n`);
        const rendered = only(await helm(chart, { values: { data } }), "Results");
        return templates.map((_, index) => at<string>(rendered, `data.t${index}`));
    } finally {
        await rm(chart, { recursive: true, force: true });
    }
}

function strings(value: unknown): string[] {
    if (typeof value === "string") {
        return [value];
    }
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
}

function replace<Value>(value: Value, results: ReadonlyMap<string, string>): Value {
    if (typeof value === "string") {
        return (results.get(value) ?? value) as Value;
    }
    if (Array.isArray(value)) {
        return value.map((each: unknown) => replace(each, results)) as Value;
    }
    if (typeof value === "object" && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replace(each, results)])) as Value;
    }
    return value;
}
