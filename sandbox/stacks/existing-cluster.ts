import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";

/** Where the repository shows how a cluster that exists already joins: its stack file and its member file. */
const EXAMPLE = "examples/existing-cluster";

/** Stack of that example. */
export const EXISTING_STACK = "onprem";

/** The example of a cluster that exists already, as far as the sandbox plays it. */
export interface ExistingCluster {
    /** Content of its stack file, before the overlay. */
    stackFile: { config: Record<string, unknown> };
    cluster: string;
    kubernetesVersion: string;
    /** Its member file: path in the repository, and content. */
    member: { path: string; content: string };
}

export async function readExistingCluster(repo: string, hub: string): Promise<ExistingCluster> {
    const read = (file: string) => readFile(path.join(repo, EXAMPLE, file), "utf8");
    const stackFile = parse(await read(`Pulumi.${EXISTING_STACK}.yaml`)) as ExistingCluster["stackFile"];
    const { name, kubernetesVersion } = stackFile.config["fleet:cluster"] as {
        name: string;
        kubernetesVersion: string;
    };
    const member = { path: `gitops/fleet/members/${hub}/${name}.yaml`, content: await read(`${name}.yaml`) };
    return { stackFile, cluster: name, kubernetesVersion, member };
}
