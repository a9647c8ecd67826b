import type { KubeClient } from "../cluster/kube-client.ts";

/** ConfigMaps and Secrets of one namespace, each read once. */
export class Objects {
    readonly #client: KubeClient;
    readonly #namespace: string;
    readonly #read = new Map<string, Promise<Record<string, Buffer> | undefined>>();

    constructor(client: KubeClient, namespace: string) {
        this.#client = client;
        this.#namespace = namespace;
    }

    /** Its data by key. Missing: undefined when `optional`, else an error as kubelet words it. */
    async data(
        kind: "configmap" | "secret",
        name: string,
        optional = false,
    ): Promise<Record<string, Buffer> | undefined> {
        const id = `${kind}s/${name}`;
        const reading = this.#read.get(id) ?? this.#load(kind, name);
        this.#read.set(id, reading);
        const data = await reading;
        if (data === undefined && !optional) {
            throw new Error(`${kind} "${name}" not found`);
        }
        return data;
    }

    /** One value of it; undefined only when `optional` and missing. */
    async value(
        kind: "configmap" | "secret",
        selector: { name: string; key: string; optional?: boolean },
    ): Promise<string | undefined> {
        const value = (await this.data(kind, selector.name, selector.optional))?.[selector.key];
        if (value === undefined && selector.optional !== true) {
            throw new Error(`couldn't find key ${selector.key} in ${kind} ${this.#namespace}/${selector.name}`);
        }
        return value?.toString("utf8");
    }

    async #load(kind: "configmap" | "secret", name: string): Promise<Record<string, Buffer> | undefined> {
        const object = await this.#client.find<{
            data?: Record<string, string>;
            binaryData?: Record<string, string>;
        }>(`/api/v1/namespaces/${this.#namespace}/${kind}s/${name}`);
        if (object === undefined) {
            return undefined;
        }
        const encoding = kind === "secret" ? "base64" : "utf8";
        const plain = Object.entries(object.data ?? {}).map(([k, v]) => [k, Buffer.from(v, encoding)] as const);
        const binary = Object.entries(object.binaryData ?? {}).map(([k, v]) => [k, Buffer.from(v, "base64")] as const);
        return Object.fromEntries([...plain, ...binary]);
    }
}
