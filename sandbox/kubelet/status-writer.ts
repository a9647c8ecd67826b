import type { ClusterContext } from "./context.ts";
import { podStatus, type PodReport } from "./pod-status.ts";
import type { Pod } from "./pod.ts";

/** Writes one pod's status to the API, when it changed. */
export class StatusWriter {
    readonly #context: ClusterContext;
    readonly #since = new Map<string, { status: string; time: string }>();
    #written = "";

    constructor(context: ClusterContext) {
        this.#context = context;
    }

    /** An API server that cannot be reached is no error: the next call writes again. */
    async write(pod: Pod, report: PodReport): Promise<void> {
        const status = podStatus(pod, report, (type, value) => this.#transition(type, value));
        const content = JSON.stringify(status);
        if (content === this.#written) {
            return;
        }
        const { namespace, name, uid } = pod.metadata;
        const resource = `/api/v1/namespaces/${namespace}/pods/${name}/status`;
        try {
            // The uid makes the API server refuse the status of a namesake.
            await this.#context.client.patch(resource, "strategic-merge", { metadata: { uid }, status });
            this.#written = content;
        } catch {
            this.#written = "";
        }
    }

    #transition(type: string, status: string): string {
        let known = this.#since.get(type);
        if (known === undefined || known.status !== status) {
            known = { status, time: new Date().toISOString() };
            this.#since.set(type, known);
        }
        return known.time;
    }
}
