import { parse } from "yaml";
import { z } from "zod";

/** What of a kubeconfig is no secret: which API server it is for. */
export interface KubeconfigTarget {
    /** URL of the Kubernetes API. */
    server: string;
    /** PEM of its certificate authority, base64-encoded. */
    caData: string;
}

const named = <Key extends string, Schema extends z.ZodType>(key: Key, schema: Schema) =>
    z.array(z.looseObject({ name: z.string(), [key]: schema } as { name: z.ZodString } & Record<Key, Schema>));

const schema = z.looseObject({
    "current-context": z.string().optional(),
    clusters: named("cluster", z.looseObject({ server: z.string() })),
    contexts: named("context", z.looseObject({ cluster: z.string(), user: z.string() })),
    users: named("user", z.record(z.string(), z.unknown())),
});

/** Entries that name a file of whoever wrote the kubeconfig. */
const files = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

/** What turns somebody's kubeconfig into one that is good elsewhere. */
export const flatten = "Fix: store the output of `kubectl config view --raw --flatten --minify`.";

/** Whether a text has what a kubeconfig has. */
export function isKubeconfig(text: string): boolean {
    return schema.safeParse(parsed(text)).success;
}

/**
 * The API server of a kubeconfig's context, or the problem with it, starting with its code. A kubeconfig is a
 * credential: no problem repeats anything of it but names of contexts.
 *
 * @param text a kubeconfig ({@link isKubeconfig})
 * @param context the kubeconfig's current-context unless given
 */
export function readKubeconfig(text: string, context?: string): KubeconfigTarget | string {
    const kubeconfig = schema.parse(parsed(text));
    const wanted = context ?? kubeconfig["current-context"] ?? "";
    const found = kubeconfig.contexts.find(({ name }) => name === wanted)?.context;
    const cluster = kubeconfig.clusters.find(({ name }) => name === found?.cluster)?.cluster;
    const user = kubeconfig.users.find(({ name }) => name === found?.user)?.user;
    if (cluster === undefined || user === undefined) {
        const names = kubeconfig.contexts.map(({ name }) => name).join(", ") || "none";
        return (
            `E-KCF-002 no complete context (got ${wanted === "" ? "no current-context" : wanted}; contexts: ${names}). ` +
            `Fix: set fleet:cluster.existing.context to one with a cluster and a user.`
        );
    }
    return problem(cluster, user) ?? { server: cluster.server, caData: String(cluster["certificate-authority-data"]) };
}

function problem(cluster: Record<string, unknown>, user: Record<string, unknown>): string | undefined {
    const file = files.find((key) => key in cluster || key in user);
    if (file !== undefined) {
        return `E-KCF-003 names a file of one machine (${file}). ${flatten}`;
    }
    if (cluster["insecure-skip-tls-verify"] === true) {
        return (
            "E-KCF-004 trusts any server (insecure-skip-tls-verify). Fix: replace it by certificate-authority-data; " +
            "anybody on the way could take the credential."
        );
    }
    if (!/^https:\/\/[^\s@]+$/.test(String(cluster.server))) {
        return "E-KCF-005 its server is not https://. Fix: use the API server's TLS address.";
    }
    if (!z.base64().min(1).safeParse(cluster["certificate-authority-data"]).success) {
        return `E-KCF-006 no certificate-authority-data, by which the hub would know the server. ${flatten}`;
    }
    return undefined;
}

function parsed(text: string): unknown {
    try {
        return parse(text);
    } catch {
        return undefined;
    }
}
