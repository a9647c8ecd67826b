import type { Tree } from "../fixture.ts";

/** A configuration as the program gets it: encrypted values are plain, and Pulumi says which keys held any. */
export interface Opened {
    config: Tree;
    /** Keys of the stack that held something encrypted. */
    secretKeys: ReadonlySet<string>;
}

/** What Pulumi makes of a stack's file, in which an encrypted value is `{secure: …}`. */
export function opened(file: Tree): Opened {
    const secretKeys = new Set(Object.keys(file).filter((key) => holdsEncrypted(file[key])));
    return { config: Object.fromEntries(Object.entries(file).map(([key, value]) => [key, open(value)])), secretKeys };
}

/**
 * The file that an opened configuration may have come from. Pulumi marks a key as a whole, so plain text beside
 * something encrypted passes for encrypted.
 */
export function sealed({ config, secretKeys }: Opened): Tree {
    const copy = structuredClone(config);
    const seal = (node: unknown, key: string) => {
        if (typeof node === "object" && node !== null && typeof (node as Tree)[key] === "string") {
            (node as Tree)[key] = { secure: (node as Tree)[key] };
        }
    };
    if (secretKeys.has("kubeconfig")) {
        seal(copy, "kubeconfig");
    }
    if (secretKeys.has("argocd")) {
        seal(copy.argocd, "ssoClientSecret");
        const repositories: unknown = copy.argocd?.repositories;
        for (const each of Array.isArray(repositories) ? repositories : []) {
            seal(each?.githubApp, "privateKey");
            seal(each?.ssh, "privateKey");
            seal(each?.token, "password");
        }
    }
    return copy;
}

function open(node: unknown): unknown {
    if (isEncrypted(node)) {
        return node.secure;
    }
    if (Array.isArray(node)) {
        return node.map(open);
    }
    return typeof node === "object" && node !== null
        ? Object.fromEntries(Object.entries(node).map(([key, value]) => [key, open(value)]))
        : node;
}

function holdsEncrypted(node: unknown): boolean {
    return isEncrypted(node) || (typeof node === "object" && node !== null && Object.values(node).some(holdsEncrypted));
}

function isEncrypted(node: unknown): node is { secure: string } {
    return (
        typeof node === "object" &&
        node !== null &&
        Object.keys(node).join() === "secure" &&
        typeof (node as Tree)["secure"] === "string"
    );
}
