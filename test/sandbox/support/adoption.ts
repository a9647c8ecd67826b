import assert from "node:assert/strict";
import { eventually } from "./eventually.ts";
import type { Fleet } from "./fleet.ts";

interface ExternalSecret {
    status?: { conditions?: { type: string; status: string; reason: string; message: string }[] };
}

interface Pod {
    metadata: { uid: string; deletionTimestamp?: string };
    status: { conditions?: { type: string; status: string }[] };
}

const CONTROLLER = "/api/v1/namespaces/argocd/pods/argocd-application-controller-0";

/** How the hub comes to know one spoke: External Secrets reads its registration, Argo CD signs in to its cluster. */
export class Adoption {
    readonly #fleet: Fleet;
    readonly #cluster: string;
    readonly #secret: string;
    readonly #externalSecret: string;

    constructor(fleet: Fleet, cluster: string) {
        this.#fleet = fleet;
        this.#cluster = cluster;
        this.#secret = `/api/v1/namespaces/argocd/secrets/${cluster}`;
        this.#externalSecret = `/apis/external-secrets.io/v1/namespaces/argocd/externalsecrets/${cluster}`;
    }

    /** Takes from the hub what it knows: the cluster secret, and the token that Argo CD has in memory. */
    async forget(): Promise<void> {
        const hub = this.#fleet.kube("hub-01");
        await hub.delete(this.#secret);
        const { metadata } = await hub.get<Pod>(CONTROLLER);
        await hub.delete(CONTROLLER);
        await this.sync();
        await eventually("Argo CD's controller runs again", async () => {
            const pod = await hub.find<Pod>(CONTROLLER);
            assert.notEqual(pod?.metadata.uid, metadata.uid);
            assert.ok(pod?.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True"));
        });
    }

    /** Has External Secrets read the registration now. */
    async sync(): Promise<void> {
        const annotations = { "force-sync": new Date().toISOString() };
        await this.#fleet.kube("hub-01").patch(this.#externalSecret, "merge", { metadata: { annotations } });
    }

    async secretExists(): Promise<boolean> {
        return (await this.#fleet.kube("hub-01").find(this.#secret)) !== undefined;
    }

    /** The registration cannot be read: the ExternalSecret says so, there is no cluster secret, and no Application runs. */
    async registrationFails(): Promise<void> {
        await eventually(`ExternalSecret ${this.#cluster} is not Ready`, async () => {
            const { status } = await this.#fleet.kube("hub-01").get<ExternalSecret>(this.#externalSecret);
            const ready = status?.conditions?.find(({ type }) => type === "Ready");
            assert.deepEqual([ready?.status, ready?.reason], ["False", "SecretSyncedError"]);
        });
        assert.equal(await this.secretExists(), false);
        await this.#unknown(/there are no clusters with this name/);
    }

    /** The registration is read, but Argo CD cannot look into the cluster. */
    async clusterOutOfReach(): Promise<void> {
        await eventually("the cluster secret is back", async () => assert.ok(await this.secretExists()));
        await this.#unknown(
            /AccessDenied|Unauthorized|asked for the client to provide credentials|forbidden|exit code/,
        );
    }

    /** After the cause is gone: the cluster secret is there and the Applications compare again. */
    async again(): Promise<void> {
        await this.sync();
        await eventually("the cluster secret is there", async () => assert.ok(await this.secretExists()));
        for (const name of await this.#applications()) await this.#fleet.refresh(name);
    }

    async #applications(): Promise<string[]> {
        const { clusters } = await this.#fleet.status();
        const mine = clusters.find(({ name }) => name === this.#cluster);
        return mine?.applications.map(({ name }) => name) ?? [];
    }

    async #unknown(message: RegExp): Promise<void> {
        const [first] = await this.#applications();
        assert.ok(first);
        await this.#fleet.refresh(first);
        await eventually(`${first} cannot be compared`, async () => {
            const app = await this.#fleet.application(first);
            assert.equal(app.sync, "Unknown", JSON.stringify(app));
            assert.match(app.message, message);
        });
    }
}
