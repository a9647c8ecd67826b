import type { Props } from "../../kit/types.ts";
import type { KubernetesClient } from "../client.ts";
import { asList, asProps, at, describe, nameOf, namespaceOf, textAt } from "../object.ts";
import { condition, conditions, isWorkload, podProblem } from "./state.ts";

const MAX_LINES = 3;

/** Reasons why an object is not ready: its conditions, its pods, the newest warnings about it. Never throws. */
export async function blame(client: KubernetesClient, object: Props): Promise<string[]> {
    const pods = isWorkload(object) ? await podsOf(client, object).catch(() => []) : [];
    const bad = pods.filter((pod) => condition(pod, "Ready")?.["status"] !== "True");
    const events = await warnings(client, [object, ...bad]).catch(() => []);
    return [
        ...telling(object).slice(0, MAX_LINES),
        ...bad.slice(0, MAX_LINES).map((pod) => `${describe(pod)} is not ready: ${podProblem(pod)}`),
        ...(isWorkload(object) && pods.length === 0 ? ["it has no pods"] : []),
        ...events.slice(-MAX_LINES),
    ];
}

/** Conditions that say what is wrong: False ones, and for a namespace that does not go the True ones. */
export function telling(object: Props): string[] {
    const bad = textAt(object, "kind") === "Namespace" ? "True" : "False";
    return conditions(object)
        .filter((candidate) => candidate["status"] === bad)
        .map((candidate) => `condition ${textAt(candidate, "type")} is ${bad}: ${explanation(candidate)}`);
}

function explanation(entry: Props): string {
    return [textAt(entry, "reason"), textAt(entry, "message")].filter(Boolean).join(": ");
}

async function podsOf(client: KubernetesClient, workload: Props): Promise<Props[]> {
    const labels = asProps(at(workload, "spec", "selector", "matchLabels")) ?? {};
    const labelSelector = Object.keys(labels)
        .map((key) => `${key}=${textAt(labels, key)}`)
        .join(",");
    const path = `/api/v1/namespaces/${namespaceOf(workload)}/pods`;
    const list = await client.request({ method: "GET", path, query: { labelSelector } });
    // Items of a list carry no kind of their own.
    return asList(list["items"]).map((pod) => ({ ...asProps(pod), kind: "Pod", apiVersion: "v1" }));
}

async function warnings(client: KubernetesClient, objects: Props[]): Promise<string[]> {
    const names = new Set(objects.map(nameOf));
    const namespace = namespaceOf(objects[0] ?? {}) || "default";
    const path = `/api/v1/namespaces/${namespace}/events`;
    const list = await client.request({ method: "GET", path, query: { fieldSelector: "type=Warning" } });
    return asList(list["items"])
        .filter((event) => names.has(textAt(event, "involvedObject", "name")))
        .map((event) => {
            const about = `${textAt(event, "involvedObject", "kind")} ${textAt(event, "involvedObject", "name")}`;
            return `event ${textAt(event, "reason")} on ${about}: ${textAt(event, "message")}`;
        });
}
