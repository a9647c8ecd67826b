import type { ControlPlanes } from "../cluster/control-planes.ts";
import { notifyPush, type WebhookTargets } from "../git/webhook.ts";
import type { Kubelet } from "../kubelet/kubelet.ts";

/** The Secret that the hub's stack makes for Argo CD's webhooks; contract: components/argocd. */
const WEBHOOK_SECRET = "/api/v1/namespaces/argocd/secrets/argocd-webhook";

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
            const urls = this.#kubelet
                .endpoints(key)
                .filter(({ service }) => service === "argocd-server" || service === "argocd-applicationset-controller")
                .map(({ url }) => `${url}/api/webhook`);
            if (urls.length === 0) continue;
            const targets: WebhookTargets = { urls, secret: await this.#secret(key) };
            await notifyPush(targets, this.#repositoryUrl, push);
        }
    }

    async #secret(key: string): Promise<string | undefined> {
        const secret = await this.#planes.client(key).find<{ data?: Record<string, string> }>(WEBHOOK_SECRET);
        const value = secret?.data?.["github"];
        return value === undefined ? undefined : Buffer.from(value, "base64").toString();
    }
}
