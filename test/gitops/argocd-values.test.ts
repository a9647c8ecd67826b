import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { argocdValueFiles, mergedValues, readArgocdValues } from "../../config/argocd-values.ts";
import { rootValues } from "./support/facts.ts";
import { at, helm, only, repository } from "./support/render.ts";
import { needsTools } from "./support/tools.ts";

/** Values that helm makes of value files: those of a chart that only shows them. */
async function asHelmMerges(valueFiles: readonly string[]): Promise<unknown> {
    const chart = await mkdtemp(path.join(tmpdir(), "fleet-values-test-"));
    try {
        await mkdir(path.join(chart, "templates"));
        await writeFile(path.join(chart, "Chart.yaml"), "apiVersion: v2\nname: values\nversion: 0.0.0\n");
        const shown = "kind: Shown\nmetadata: {name: values}\ndata:\n  values: {{ .Values | toJson | quote }}\n";
        await writeFile(path.join(chart, "templates/values.yaml"), shown);
        const values = JSON.parse(at<string>(only(await helm(chart, { valueFiles }), "Shown"), "data.values"));
        return values;
    } finally {
        await rm(chart, { recursive: true, force: true });
    }
}

describe("gitops/bootstrap/argocd", () => {
    needsTools();

    it("is read by Argo CD's own Application from the very files that Pulumi reads, in the same order", async () => {
        const objects = await helm("bootstrap", { valueFiles: ["bootstrap/hubs/hub-01.yaml"], values: rootValues });
        const [chart] = at<{ helm: { valueFiles: string[] } }[]>(
            only(objects, "Application", "argocd"),
            "spec.sources",
        );
        assert.deepEqual(
            chart?.helm.valueFiles,
            argocdValueFiles("hub-01").map((file) => `$values/gitops/${file}`),
        );
    });

    it("gives both the same values", async () => {
        const files = argocdValueFiles("hub-01").map((file) => path.join(repository, "gitops", file));
        assert.deepEqual(await asHelmMerges(files), readArgocdValues("gitops", "hub-01").values);
    });

    it("gives both the same values where one file changes what the other says", async () => {
        const folder = await mkdtemp(path.join(tmpdir(), "fleet-values-test-"));
        try {
            const texts = [
                "a: {kept: 1, deep: {x: yes, s: '010'}}\nlist: [1, 2]\nmap: {a: 1}\ntext: |\n  two\n  lines\n",
                "a: {deep: {x: off, y: 0.5, big: 12345678}}\nlist: [{z: on}]\nmap: text\nempty: {}\nb.c: ''\n",
            ];
            const files = texts.map((_, index) => path.join(folder, `${index}.yaml`));
            await Promise.all(files.map((file, index) => writeFile(file, texts[index] ?? "")));
            const { values } = mergedValues(files.map((file, index) => ({ file, text: texts[index] })));
            assert.deepEqual(await asHelmMerges(files), values);
        } finally {
            await rm(folder, { recursive: true, force: true });
        }
    });

    it("is not managed from Git where somebody else runs Argo CD", async () => {
        for (const argocdInstall of ["existing", "capability"]) {
            const objects = await helm("bootstrap", {
                valueFiles: ["bootstrap/hubs/hub-01.yaml"],
                values: { ...rootValues, argocdInstall },
            });
            const names = objects.map(({ metadata }) => metadata.name).toSorted();
            assert.deepEqual(names, ["apps", "external-secrets", "fleet", "projects"]);
        }
    });
});
