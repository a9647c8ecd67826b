import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { stringify } from "yaml";

import { copyTree } from "./copy-tree.ts";
import { helmText } from "./helm-text.ts";
import { readManifests } from "./manifest.ts";
import { readYaml } from "./read-yaml.ts";

/** Kinds whose definition has a switch of its own in the chart's values: `crds.create<Kind>`. */
const switchable = /^(Cluster.*|PushSecret)$/;

/**
 * Writes External Secrets' own chart, completed as its release does it (hack/helm.generate.sh): with the custom resource
 * definitions, and its version. Its optional dependency, a server for Bitwarden, is left out.
 *
 * @param assets folder with External Secrets' `deploy/charts/external-secrets` and `config/crds/bases`.
 * @param folder made; the chart's folder.
 * @param version of chart and application, without `v`.
 */
export async function writeExternalSecretsChart(assets: string, folder: string, version: string): Promise<void> {
    await copyTree(
        path.join(assets, "deploy/charts/external-secrets"),
        folder,
        new Set(["Chart.lock", "ci", "tests", "README.md.gotmpl"]),
    );
    const file = path.join(folder, "Chart.yaml");
    const { dependencies: _, ...chart } = (await readYaml(file)) as Record<string, unknown>;
    await writeFile(file, stringify({ ...chart, version, appVersion: `v${version}` }, { version: "1.1" }));

    const bases = path.join(assets, "config/crds/bases");
    for (const name of (await readdir(bases)).filter((base) => base !== "kustomization.yaml")) {
        for (const definition of await readManifests(path.join(bases, name))) {
            const { kind } = (definition.spec as unknown as { names: { kind: string } }).names;
            const condition = switchable.test(kind)
                ? `and .Values.installCRDs .Values.crds.create${kind}`
                : ".Values.installCRDs";
            await writeFile(
                path.join(folder, "templates/crds", name),
                `{{- if ${condition} }}\n${helmText(definition)}{{- end }}\n`,
            );
        }
    }
}
