import type { ControlPlanes } from "../cluster/control-planes.ts";
import { notifyPush } from "../git/webhook.ts";
import type { Kubelet } from "../kubelet/kubelet.ts";

const NAMESPACE = "argocd";

/** Services of Argo CD that take a Git host's webhook: Applications, and ApplicationSets' Git generators. */
const LISTENERS = [
    { service: "argocd-server", port: 80 },
    { service: "argocd-applicationset-controller", port: 7000 },
];

/** Tells every Argo CD that runs in the sandbox of a push, as the Git host of a real fleet does. */
export class Announcer {
    readonly #planes: ControlPlanes;
    readonly #kubelet: Kubelet;
    readonly #repositoryUrl: string;

    constructor(planes: ControlPlanes, kubelet: Kubelet, repositoryUrl: string) {
        this.#planes = planes;
        this.#kubelet = kubelet;
        this.#repositoryUrl = repositoryUrl;
    }

    async announce(push: { branch: string; before: string; after: string; files: string[] }): Promise<void> {
        for (const { key } of this.#planes.handles()) {
            // The stack of a hub makes this Secret; a cluster without it has no Argo CD.
            const secret = await this.#planes
                .client(key)
                .find<{ data?: Record<string, string> }>(`/api/v1/namespaces/${NAMESPACE}/secrets/argocd-webhook`);
            const value = secret?.data?.["github"];
            if (value === undefined) continue;
            const urls = await Promise.all(
                LISTENERS.map(async ({ service, port }) => {
                    const address = await this.#kubelet.serviceAddress(key, NAMESPACE, service, port);
                    return `http://${address}/api/webhook`;
                }),
            );
            const targets = { urls, secret: Buffer.from(value, "base64").toString() };
            await notifyPush(targets, this.#repositoryUrl, push);
        }
    }
}
