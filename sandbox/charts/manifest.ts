import { readFile } from "node:fs/promises";
import { parseAllDocuments } from "yaml";

/** A Kubernetes object as far as the charts touch it. */
export interface Manifest {
    apiVersion: string;
    kind: string;
    metadata: Metadata;
    spec?: Spec;
    data?: Record<string, string>;
    subjects?: { namespace?: string }[];
}

export interface Metadata {
    name: string;
    namespace?: string;
    labels?: Record<string, string> | string;
    annotations?: Record<string, string> | string;
}

/** Fields of workloads, Services and NetworkPolicies side by side; which of them exist depends on the kind. */
export interface Spec {
    replicas?: number | string;
    revisionHistoryLimit?: number;
    selector?: { matchLabels?: Labels } & Record<string, unknown>;
    template?: { metadata: Omit<Metadata, "name">; spec: PodSpec };
    podSelector?: { matchLabels?: Labels };
    ingress?: { from?: { podSelector?: { matchLabels?: Labels } }[] }[];
}

export type Labels = Record<string, string>;

interface PodSpec {
    containers: Container[];
    initContainers?: Container[];
}

interface Container {
    image: string;
    imagePullPolicy?: string;
    resources?: unknown;
    env?: { name: string; value?: string }[];
}

/** The objects of one file. A document that is not an object is an error that names the file. */
export async function readManifests(file: string): Promise<Manifest[]> {
    return parseAllDocuments(await readFile(file, "utf8"), { version: "1.1" }).map((document) => {
        const manifest = document.toJS() as Manifest | null;
        if (manifest === null || typeof manifest.kind !== "string" || typeof manifest.metadata?.name !== "string") {
            throw new Error(`${file} holds a document that is not a Kubernetes object`);
        }
        return manifest;
    });
}
