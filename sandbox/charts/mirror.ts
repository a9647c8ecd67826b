import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";

import { writeArgocdChart } from "./argocd-chart.ts";
import { writeExternalSecretsChart } from "./external-secrets-chart.ts";

/** Version of External Secrets in the mirror, which is that of the Go module its chart comes from. */
const externalSecretsVersion = "0.20.4";

/** Inputs of {@link buildMirror}. */
export interface MirrorOptions {
    /** Folder that becomes the Helm repository: `index.yaml` and the packed charts. What it held is removed. */
    outDir: string;
    /** Folder with Argo CD's `manifests/`. */
    argocdAssets: string | undefined;
    /** Folder with External Secrets' `deploy/charts/external-secrets` and `config/crds/bases`. */
    externalSecretsAssets: string | undefined;
    /** Path of the helm binary. */
    helm: string;
}

/**
 * Makes a Helm HTTP repository, to be served as static files, of the two charts the fleet installs, from what Argo CD
 * and External Secrets ship in their Go modules: a network without the charts' own repositories still gets the real
 * programs by the real helm.
 *
 * @throws when a tool came without its assets, or when helm refuses a chart, with helm's message.
 */
export async function buildMirror(options: MirrorOptions): Promise<void> {
    const scratch = await mkdtemp(path.join(tmpdir(), "fleet-charts-"));
    try {
        const argocd = path.join(scratch, "argo-cd");
        const externalSecrets = path.join(scratch, "external-secrets");
        await Promise.all([
            writeArgocdChart(existing("argocd", options.argocdAssets), argocd),
            writeExternalSecretsChart(
                existing("external-secrets", options.externalSecretsAssets),
                externalSecrets,
                externalSecretsVersion,
            ),
        ]);
        await rm(options.outDir, { recursive: true, force: true });
        await mkdir(options.outDir, { recursive: true });
        await execa(options.helm, ["package", argocd, externalSecrets, "--destination", options.outDir]);
        await execa(options.helm, ["repo", "index", options.outDir]);
    } finally {
        await rm(scratch, { recursive: true, force: true });
    }
}

function existing(tool: string, assets: string | undefined): string {
    if (assets === undefined) {
        throw new Error(`The tool ${tool} came without its assets, which its chart is made of: resolve it again`);
    }
    return assets;
}
