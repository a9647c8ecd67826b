import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { stringify } from "yaml";

import { argocdTemplate } from "./argocd-objects.ts";
import { copyTree } from "./copy-tree.ts";
import { type Manifest, readManifests } from "./manifest.ts";
import { readYaml } from "./read-yaml.ts";

/** Folders of Argo CD's manifests that the upstream chart also installs under this repository's values. */
const folders = [
    "base/application-controller",
    "base/application-controller-roles",
    "base/applicationset-controller",
    "base/config",
    "base/dex",
    "base/notification",
    "base/redis",
    "base/repo-server",
    "base/server",
    "cluster-rbac/application-controller",
    "cluster-rbac/server",
    "crds",
];

/** Objects the chart makes from values. */
const omitted = new Set([
    "ConfigMap/argocd-cm",
    "ConfigMap/argocd-cmd-params-cm",
    "ConfigMap/argocd-notifications-cm",
    "ConfigMap/argocd-rbac-cm",
    "Secret/argocd-secret",
    "Service/argocd-metrics",
    "Service/argocd-notifications-controller-metrics",
    "Service/argocd-server",
    "Service/argocd-server-metrics",
]);

const chart = path.join(import.meta.dirname, "argo-cd");

/**
 * Writes a chart `argo-cd` that installs Argo CD's own manifests under the upstream chart's names, labels and values
 * keys: the ones this repository sets. Any other key is refused by its schema.
 *
 * Differs from upstream in one place: the Redis password comes from an init container, as in the manifests, instead of
 * a Job in a Helm hook.
 *
 * @param assets folder with Argo CD's `manifests/`.
 * @param folder made; the chart's folder.
 */
export async function writeArgocdChart(assets: string, folder: string): Promise<void> {
    await copyTree(chart, folder);
    const manifests = await Promise.all(folders.map((name) => manifestsIn(path.join(assets, "manifests", name))));
    const objects = manifests.flat();
    await mkdir(path.join(folder, "templates"), { recursive: true });
    for (const object of objects) {
        const name = `${object.kind}/${object.metadata.name}`;
        if (!omitted.has(name)) {
            const file = path.join(folder, "templates", `${name.toLowerCase().replace("/", "-")}.yaml`);
            await writeFile(file, argocdTemplate(object));
        }
    }
    await addDefaults(objects, path.join(folder, "values.yaml"));
}

async function manifestsIn(folder: string): Promise<Manifest[]> {
    const files = (await readdir(folder)).filter((file) => file.endsWith(".yaml") && file !== "kustomization.yaml");
    return (await Promise.all(files.map((file) => readManifests(path.join(folder, file))))).flat();
}

/** The manifests' own argocd-cm is what the upstream chart has as defaults of `configs.cm`. */
async function addDefaults(objects: readonly Manifest[], file: string): Promise<void> {
    const settings = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "argocd-cm")?.data;
    if (settings === undefined) {
        throw new Error("Argo CD's manifests hold no ConfigMap argocd-cm with data");
    }
    const values = (await readYaml(file)) as { configs: { cm: Record<string, unknown> } };
    values.configs.cm = { ...settings, ...values.configs.cm };
    await writeFile(file, stringify(values, { version: "1.1" }));
}
