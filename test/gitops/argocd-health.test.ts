import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";

import { at, yamlFile } from "./support/render.ts";
import { needsTools, tool } from "./support/tools.ts";

const key = "resource.customizations.health.argoproj.io_Application";

describe("Argo CD's health check of Applications", () => {
    needsTools();

    let folder: string;
    before(async () => {
        folder = await mkdtemp(path.join(tmpdir(), "fleet-health-test-"));
        const values = await yamlFile("bootstrap/argocd/values.yaml");
        const cm = at<Record<string, string>>(values, "configs.cm");
        await writeFile(
            path.join(folder, "cm.yaml"),
            stringify({
                apiVersion: "v1",
                kind: "ConfigMap",
                metadata: { name: "argocd-cm", labels: { "app.kubernetes.io/part-of": "argocd" } },
                data: { [key]: cm[key] },
            }),
        );
    });
    after(() => rm(folder, { recursive: true, force: true }));

    async function health(spec: object, status?: object): Promise<string> {
        const file = path.join(folder, "application.yaml");
        const metadata = { name: "podinfo", namespace: "argocd" };
        const application = { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata, spec, status };
        await writeFile(file, stringify(application));
        const { stdout } = await execa(
            (await tool("argocd")).path,
            [
                "admin",
                "settings",
                "resource-overrides",
                "health",
                file,
                "--argocd-cm-path",
                path.join(folder, "cm.yaml"),
            ],
            { env: { ARGOCD_BINARY_NAME: "argocd", HOME: folder } },
        );
        return /STATUS: (\w+)/.exec(stdout)?.[1] ?? stdout;
    }

    const spec = { source: { targetRevision: "main" } };
    const synced = { status: "Synced", comparedTo: spec };

    const cases: [string, object, object | undefined, string][] = [
        ["has never been looked at", spec, undefined, "Progressing"],
        ["is healthy and synced", spec, { health: { status: "Healthy" }, sync: synced }, "Healthy"],
        [
            "is healthy because nothing of it exists yet",
            spec,
            { health: { status: "Healthy" }, sync: { ...synced, status: "OutOfSync" } },
            "Progressing",
        ],
        [
            "was healthy at the revision it had before",
            { source: { targetRevision: "v2" } },
            { health: { status: "Healthy" }, sync: synced },
            "Progressing",
        ],
        [
            "was healthy at the chart version it had before",
            { sources: [{ targetRevision: "10.9.1" }, { targetRevision: "main" }] },
            {
                health: { status: "Healthy" },
                sync: {
                    status: "Synced",
                    comparedTo: { sources: [{ targetRevision: "10.9.0" }, { targetRevision: "main" }] },
                },
            },
            "Progressing",
        ],
        ["is degraded", spec, { health: { status: "Degraded" }, sync: synced }, "Degraded"],
    ];
    for (const [title, application, status, expected] of cases) {
        it(`says ${expected} of one that ${title}`, async () => {
            assert.equal(await health(application, status), expected);
        });
    }
});
