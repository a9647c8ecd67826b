import https from "node:https";
import { parse } from "yaml";

/** The few read calls that a status needs, over one kept-alive connection. */
export interface KubernetesApi {
    /** Null: there is no such object. */
    get<T>(path: string): Promise<T | null>;
    /** Items of a list; none when the kind itself does not exist (yet) or the server does not answer. */
    list<T>(path: string): Promise<T[]>;
    answers(): Promise<boolean>;
    request(method: string, path: string, body?: unknown, contentType?: string): Promise<{ status: number; body: string }>;
}

interface Kubeconfig {
    clusters: { cluster: { server: string; "certificate-authority-data"?: string } }[];
    users: { user: { token?: string } }[];
}

/** A client for a kubeconfig with an inline CA and a token, the form of the sandbox's own admin kubeconfigs. */
export function kubernetesApi(kubeconfig: string, timeoutMs = 5000): KubernetesApi {
    const config = parse(kubeconfig) as Kubeconfig;
    const cluster = config.clusters[0]?.cluster;
    const token = config.users[0]?.user.token;
    if (cluster?.["certificate-authority-data"] === undefined || token === undefined) {
        throw new Error("the kubeconfig needs certificate-authority-data and a token");
    }
    const agent = new https.Agent({
        keepAlive: true,
        ca: Buffer.from(cluster["certificate-authority-data"], "base64"),
    });

    const request: KubernetesApi["request"] = (method, path, body, contentType = "application/json") =>
        new Promise((resolve, reject) => {
            const call = https.request(new URL(path, cluster.server), {
                method,
                agent,
                timeout: timeoutMs,
                headers: { authorization: `Bearer ${token}`, accept: "application/json", "content-type": contentType },
            });
            call.on("response", (response) => {
                const chunks: Buffer[] = [];
                response.on("data", (chunk: Buffer) => chunks.push(chunk));
                response.on("end", () =>
                    resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
                );
                response.on("error", reject);
            });
            call.on("timeout", () => call.destroy(new Error(`${cluster.server} did not answer in ${timeoutMs} ms`)));
            call.on("error", reject);
            call.end(body === undefined ? undefined : JSON.stringify(body));
        });

    return {
        request,
        async get<T>(path: string) {
            const { status, body } = await request("GET", path);
            if (status === 404) return null;
            if (status !== 200) throw new Error(`GET ${path}: ${status} ${body.slice(0, 200)}`);
            return JSON.parse(body) as T;
        },
        async list<T>(path: string) {
            const { status, body } = await request("GET", path).catch(() => ({ status: 0, body: "" }));
            return status === 200 ? (JSON.parse(body) as { items: T[] }).items : [];
        },
        async answers() {
            return await request("GET", "/readyz").then(
                ({ status }) => status === 200,
                () => false,
            );
        },
    };
}
