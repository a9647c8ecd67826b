import type { Twin } from "../aws-twin/twin.ts";
import type { ClusterHandle } from "../cluster/spec.ts";
import type { DecisionLog } from "../aws-twin/iam/decision-log.ts";
import type { Kubelet } from "../kubelet/kubelet.ts";
import type { Supervisor } from "../process/supervisor.ts";
import type { ClusterEntry } from "../status/collect.ts";
import type { FleetClusters } from "./fleet-clusters.ts";
import { json, type Request } from "./http.ts";
import type { Route } from "./router.ts";

export interface ControlParts {
    twin: Twin;
    clusters: FleetClusters;
    kubelet: Kubelet;
    supervisor: Supervisor;
    decisions: DecisionLog;
    /** Tells Argo CD to look at Git now. */
    announce(): Promise<void>;
    /** Stops everything and ends the daemon, after the answer has been sent. */
    shutdown(): Promise<{ stopped: number }>;
}

/** `/control/<command>`: what the sandbox's own commands ask of the daemon. JSON in, JSON out. */
export function controlRoutes(parts: ControlParts): Route[] {
    const { twin, clusters, kubelet, supervisor, decisions } = parts;
    const entry = (handle: ClusterHandle): ClusterEntry => ({
        name: handle.name,
        endpoint: handle.endpoint,
        kubeconfig: clusters.kubeconfig(handle),
    });
    const commands: Record<string, (body: unknown) => unknown> = {
        clusters: (): ClusterEntry[] => clusters.handles().map(entry),
        "add-cluster": async (body) => {
            const { name, kubernetesVersion } = body as { name: string; kubernetesVersion: string };
            return entry(await clusters.addOutside(name, kubernetesVersion));
        },
        "remove-clusters": async () => {
            await clusters.removeOutside();
            return {};
        },
        inventory: () => twin.inventory(),
        hash: () => ({ hash: twin.hash() }),
        decisions: () => decisions.list(),
        pods: () => kubelet.pods(),
        processes: () => supervisor.list(),
        advance: (body) => ({ gone: twin.advance((body as { days: number }).days) }),
        announce: async () => {
            await parts.announce();
            return {};
        },
        down: () => parts.shutdown(),
    };
    const handler = async (request: Request) => {
        const name = request.url.pathname.slice("/control/".length);
        const command = commands[name];
        if (command === undefined) {
            return json(404, { error: `no control command "${name}"; there are: ${Object.keys(commands).join(", ")}` });
        }
        const body: unknown = request.body.length === 0 ? undefined : JSON.parse(request.body.toString());
        return json(200, await command(body));
    };
    return [{ prefix: "/control/", private: true, handler }];
}
