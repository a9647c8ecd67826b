import assert from "node:assert/strict";
import { eventually } from "./eventually.ts";
import type { Fleet } from "./fleet.ts";

interface ExternalSecret {
    status?: { conditions?: { type: string; status: string; reason: string; message: string }[] };
}

interface Pod {
    metadata: { uid: string };
    status: { conditions?: { type: string; status: string }[] };
}

const APPLICATIONS = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";
const CONTROLLER = "/api/v1/namespaces/argocd/pods/argocd-application-controller-0";

/** argocd-k8s-auth tries a refused AssumeRole again for a minute, and Argo CD calls it twice before it gives up. */
const OUT_OF_REACH_SECONDS = 240;

/** Between two requests to compare again. */
const REFRESH_MS = 3000;

/** How the hub comes to know one spoke: External Secrets reads its registration, Argo CD signs in to its cluster. */
export class Adoption {
    readonly #fleet: Fleet;
    readonly #cluster: string;
    readonly #secret: string;
    readonly #externalSecret: string;
    readonly #application: string;

    constructor(fleet: Fleet, cluster: string) {
        this.#fleet = fleet;
        this.#cluster = cluster;
        this.#secret = `/api/v1/namespaces/argocd/secrets/${cluster}`;
        this.#externalSecret = `/apis/external-secrets.io/v1/namespaces/argocd/externalsecrets/${cluster}`;
        this.#application = `${cluster}-podinfo`;
    }

    /** Takes the cluster secret from the hub, and has External Secrets make it anew. */
    async forget(): Promise<void> {
        await this.#fleet.kube("hub-01").delete(this.#secret);
        await this.sync();
    }

    /** Has External Secrets read the registration now. */
    async sync(): Promise<void> {
        const annotations = { "force-sync": new Date().toISOString() };
        await eventually(`ExternalSecret ${this.#cluster} takes an annotation`, () =>
            this.#fleet.kube("hub-01").patch(this.#externalSecret, "merge", { metadata: { annotations } }),
        );
    }

    async secretExists(): Promise<boolean> {
        return (await this.#fleet.kube("hub-01").find(this.#secret)) !== undefined;
    }

    /** The ExternalSecret says that it failed, there is no cluster secret, and Argo CD does not know the cluster. */
    async registrationFails(): Promise<void> {
        await eventually(`ExternalSecret ${this.#cluster} is not Ready`, async () => {
            const { status } = await this.#fleet.kube("hub-01").get<ExternalSecret>(this.#externalSecret);
            const ready = status?.conditions?.find(({ type }) => type === "Ready");
            assert.deepEqual([ready?.status, ready?.reason], ["False", "SecretSyncedError"]);
        });
        assert.equal(await this.secretExists(), false);
        await this.#notCompared(/there are no clusters with this name/);
    }

    /** The cluster secret is there, but Argo CD cannot look into the cluster. */
    async clusterOutOfReach(): Promise<void> {
        await eventually("the cluster secret is back", async () => assert.ok(await this.secretExists()));
        await this.#notCompared(/argocd-k8s-auth failed|asked for the client to provide credentials|forbidden/);
    }

    /** The cluster secret is there, and Argo CD has not been able to compare since, Synced though the status may still say. */
    async pendingSince(time: string): Promise<void> {
        await eventually("the cluster secret is back", async () => assert.ok(await this.secretExists()));
        const { status } = await this.#fleet
            .kube("hub-01")
            .get<{ status: { reconciledAt: string } }>(`${APPLICATIONS}/${this.#application}`);
        // Argo CD's time has no fraction of a second, so the two are not compared as texts.
        assert.ok(
            Date.parse(status.reconciledAt) <= Date.parse(time),
            `compared at ${status.reconciledAt}, after ${time}`,
        );
    }

    /** After the cause is gone: the cluster secret is there and the Application is Synced and Healthy. */
    async again(): Promise<void> {
        await this.sync();
        await eventually(`cluster secret ${this.#cluster} is there`, async () => assert.ok(await this.secretExists()));
        await this.#compared(`${this.#application} is Synced and Healthy`, ({ sync, health }) =>
            assert.deepEqual([sync, health], ["Synced", "Healthy"]),
        );
    }

    async #notCompared(message: RegExp): Promise<void> {
        await this.#compared(`${this.#application} cannot be compared`, (app) => {
            assert.equal(app.sync, "Unknown", JSON.stringify(app));
            assert.match(app.message, message);
        });
    }

    /** Has Argo CD compare again and again until the Application looks as it should. */
    async #compared(what: string, look: (app: { sync: string; health: string; message: string }) => void) {
        await eventually(
            what,
            async () => {
                await this.#fleet.refresh(this.#application);
                look(await this.#fleet.application(this.#application));
            },
            OUT_OF_REACH_SECONDS,
            REFRESH_MS,
        );
    }
}

/** Replaces the pod of Argo CD's application controller, and with it the tokens that it has in memory. */
export async function restartController(fleet: Fleet): Promise<void> {
    const hub = fleet.kube("hub-01");
    const { metadata } = await hub.get<Pod>(CONTROLLER);
    await hub.delete(CONTROLLER);
    await eventually("Argo CD's controller runs again", async () => {
        const pod = await hub.find<Pod>(CONTROLLER);
        assert.notEqual(pod?.metadata.uid, metadata.uid);
        assert.ok(pod?.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True"));
    });
}
