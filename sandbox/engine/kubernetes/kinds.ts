import type { Props } from "../kit/types.ts";
import type { KubernetesClient } from "./client.ts";
import { ApiError } from "./client.ts";
import { asList, nameOf, namespaceOf, textAt } from "./object.ts";

/** How the API server serves a kind. */
export interface ServedKind {
    /** Plural name in URLs. */
    resource: string;
    namespaced: boolean;
}

/** The API server does not serve this kind: no CRD (yet), or a wrong apiVersion. */
export class UnknownKindError extends Error {}

const RELEASE = "kubernetes:helm.sh/v3:Release";

export const isRelease = (type: string): boolean => type === RELEASE;

/**
 * apiVersion and kind of a type token, e.g. `kubernetes:core/v1:Secret` or `kubernetes:argoproj.io/v1alpha1:Application`.
 * Throws on tokens of the package that are not objects of a cluster, naming them.
 */
export function kindOfToken(type: string): { apiVersion: string; kind: string } {
    const [, module = "", kind = ""] = type.split(":");
    const isObject =
        /^([a-z0-9.-]+\/)?v\d+((alpha|beta)\d+)?$/.test(module) && !/^(helm\.sh|yaml|kustomize)\//.test(module);
    if (!isObject || kind === "") {
        throw new Error(
            `${type} is not supported by the sandbox's kubernetes provider; ` +
                `use ${RELEASE} for a chart, and one resource per object for manifests`,
        );
    }
    // Typed SDK classes write the legacy group as core/v1, CustomResource as v1.
    return { apiVersion: module.replace(/^core\//, ""), kind };
}

/** Which kinds an API server serves, asked once per group and version. */
export class Kinds {
    readonly #client: KubernetesClient;
    readonly #cache = new Map<string, Promise<Map<string, ServedKind>>>();

    constructor(client: KubernetesClient) {
        this.#client = client;
    }

    /** Throws {@link UnknownKindError} for a kind that is not served now. A miss is not remembered. */
    async served(apiVersion: string, kind: string): Promise<ServedKind> {
        const cached = this.#cache.get(apiVersion) ?? this.#discover(apiVersion);
        this.#cache.set(apiVersion, cached);
        const found = await cached.then(
            (kinds) => kinds.get(kind),
            (error: unknown) => {
                this.#cache.delete(apiVersion);
                throw error;
            },
        );
        if (found === undefined) {
            this.#cache.delete(apiVersion);
            throw new UnknownKindError(
                `the API server serves no kind ${kind} in ${apiVersion}; was its CustomResourceDefinition applied?`,
            );
        }
        return found;
    }

    /** URL path of one object, or of its collection with `collection`. */
    async path(object: Props, options: { collection?: boolean } = {}): Promise<string> {
        const apiVersion = textAt(object, "apiVersion");
        const { resource, namespaced } = await this.served(apiVersion, textAt(object, "kind"));
        const namespace = namespaced ? `/namespaces/${encodeURIComponent(namespaceOf(object) || "default")}` : "";
        const name = options.collection ? "" : `/${encodeURIComponent(nameOf(object))}`;
        return `${root(apiVersion)}${namespace}/${resource}${name}`;
    }

    async #discover(apiVersion: string): Promise<Map<string, ServedKind>> {
        const list = await this.#client.request({ method: "GET", path: root(apiVersion) }).catch((error: unknown) => {
            if (error instanceof ApiError && error.status === 404) {
                return { resources: [] };
            }
            throw error;
        });
        const entries = asList(list["resources"])
            .filter((entry) => !textAt(entry, "name").includes("/"))
            .map((entry) => {
                const namespaced = (entry as Props)["namespaced"] === true;
                return [textAt(entry, "kind"), { resource: textAt(entry, "name"), namespaced }] as const;
            });
        return new Map(entries);
    }
}

function root(apiVersion: string): string {
    return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
