import type { ClusterContext } from "./context.ts";
import { issueToken, writePodIdentityToken } from "./identity.ts";
import { Objects } from "./objects.ts";
import type { Pod, TokenSource } from "./pod.ts";
import { writeVolumes } from "./volumes.ts";

/** As a kubelet does: a token is renewed after 80 % of its life. */
const RENEW_AFTER = 0.8;
const POD_IDENTITY_RENEW_MS = RENEW_AFTER * 86_400_000;

/** The files of one pod that change while it runs: volumes and tokens. */
export class PodFiles {
    readonly #context: ClusterContext;
    readonly #dir: string;
    readonly #tokens = new Map<string, { token: string; renewAt: number }>();
    #renewIdentityAt = 0;

    /** @param dir the pod's folder. */
    constructor(context: ClusterContext, dir: string) {
        this.#context = context;
        this.#dir = dir;
    }

    /** Brings the files up to date and renews the tokens that are due. */
    async write(pod: Pod, associated: boolean): Promise<void> {
        const objects = new Objects(this.#context.client, pod.metadata.namespace);
        await writeVolumes(this.#dir, pod, objects, (source) => this.#token(pod, source));
        if (associated && Date.now() > this.#renewIdentityAt) {
            await writePodIdentityToken(this.#context, pod, this.#dir);
            this.#renewIdentityAt = Date.now() + POD_IDENTITY_RENEW_MS;
        }
    }

    async #token(pod: Pod, source: TokenSource): Promise<string> {
        const key = `${source.path} ${source.audience ?? ""}`;
        let known = this.#tokens.get(key);
        if (known === undefined || Date.now() > known.renewAt) {
            const seconds = source.expirationSeconds ?? 3600;
            const token = await issueToken(this.#context, pod, source);
            known = { token, renewAt: Date.now() + seconds * 1000 * RENEW_AFTER };
            this.#tokens.set(key, known);
        }
        return known.token;
    }
}
