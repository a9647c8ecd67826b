import { parse } from "yaml";

import type { Tree } from "../../fixture.ts";
import type { Rule } from "./rule.ts";

/** For a stack whose cluster exists already. */
export const existingClusterRules: readonly Rule[] = [
    function nameIsOneOfDns({ cluster }) {
        return cluster.name.length <= 63;
    },
    function serverIsSafe({ cluster: { existing } }) {
        return existing.server === undefined || isSafeServer(existing.server);
    },
    function contextIsComplete({ cluster: { existing }, kubeconfig }) {
        const { cluster, user } = contextOf(kubeconfig, existing.context);
        return cluster !== undefined && user !== undefined;
    },
    function kubeconfigIsWholeInItself({ cluster: { existing }, kubeconfig }) {
        const { cluster, user } = contextOf(kubeconfig, existing.context);
        const files = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];
        return [...Object.keys(cluster ?? {}), ...Object.keys(user ?? {})].every((key) => !files.includes(key));
    },
    function theServerIsKnown({ cluster: { existing }, kubeconfig }) {
        const { cluster = {} } = contextOf(kubeconfig, existing.context);
        const authority: string = cluster["certificate-authority-data"];
        return (
            isSafeServer(cluster.server) &&
            cluster["insecure-skip-tls-verify"] !== true &&
            authority !== "" &&
            Buffer.from(authority, "base64").toString("base64") === authority
        );
    },
];

function contextOf({ secure }: Tree, wanted: string | undefined): { cluster?: Tree; user?: Tree } {
    const kubeconfig = parse(secure) as Tree;
    const named = (list: Tree[], name: string) => list.find((each) => each.name === name);
    const context = named(kubeconfig.contexts, wanted ?? kubeconfig["current-context"])?.context;
    const cluster: Tree | undefined = named(kubeconfig.clusters, context?.cluster)?.cluster;
    const user: Tree | undefined = named(kubeconfig.users, context?.user)?.user;
    return { ...(cluster !== undefined && { cluster }), ...(user !== undefined && { user }) };
}

function isSafeServer(url: string): boolean {
    const { protocol, username, password } = new URL(url);
    return protocol === "https:" && `${username}${password}` === "" && !/[\s@]/.test(url);
}
