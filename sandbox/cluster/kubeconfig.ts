import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { writeFileAtomic } from "../process/atomic-file.ts";

/** The part of a kubeconfig that the sandbox writes and reads. */
export interface Kubeconfig {
    /** Name of cluster, user and context. */
    name: string;
    server: string;
    /** Base64 of the PEM certificate; absent for plain HTTP. */
    caData?: string;
    /** A token, or the path of the file that holds it (client-go reads it again every minute). */
    user: { token: string } | { tokenFile: string } | Record<string, never>;
    /** Of the context. @default "default" */
    namespace?: string;
}

const schema = z.object({
    clusters: z.tuple([
        z.object({ cluster: z.object({ server: z.string(), "certificate-authority-data": z.string() }) }),
    ]),
    users: z.tuple([z.object({ user: z.object({ token: z.string() }) })]),
});

/** Writes a kubeconfig with one context, readable by its owner only. */
export function writeKubeconfig(file: string, config: Kubeconfig): void {
    const ca = config.caData === undefined ? {} : { "certificate-authority-data": config.caData };
    const { name, server, user } = config;
    const content = {
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name, cluster: { server, ...ca } }],
        users: [{ name, user }],
        contexts: [{ name, context: { cluster: name, user: name, namespace: config.namespace ?? "default" } }],
        "current-context": name,
    };
    writeFileAtomic(file, stringify(content));
}

/** Server, CA (PEM) and token of a kubeconfig with one cluster and one user with a token. */
export function readKubeconfig(file: string): { server: string; ca: string; token: string } {
    const { clusters, users } = schema.parse(parse(readFileSync(file, "utf8")));
    const { cluster } = clusters[0];
    const ca = Buffer.from(cluster["certificate-authority-data"], "base64").toString("utf8");
    return { server: cluster.server, ca, token: users[0].user.token };
}
