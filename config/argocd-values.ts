import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

/**
 * What Git says Argo CD should be: `<path>/bootstrap/argocd/values.yaml`, values of the upstream chart argo-cd. Argo CD
 * reads the same file once it manages itself, so the first installation and every later one agree.
 *
 * @param path the folder of this repository that Argo CD reads, `fleet:git.path`
 */
export function readArgocdValues(path: string): Record<string, unknown> {
    const file = new URL(`../${path}/bootstrap/argocd/values.yaml`, import.meta.url);
    const values: unknown = parse(readFileSync(file, "utf8"));
    if (typeof values !== "object" || values === null || Array.isArray(values)) {
        throw new Error(`${fileURLToPath(file)}: Helm values are a map (got ${JSON.stringify(values)})`);
    }
    return { ...values };
}
