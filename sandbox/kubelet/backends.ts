import type { KubeClient } from "../cluster/kube-client.ts";
import type { Pod } from "./pod.ts";
import type { PodWorker } from "./pod-worker.ts";
import type { Backends } from "./service-proxy.ts";

interface Service {
    spec: { selector?: Record<string, string>; ports?: { port: number; targetPort?: number | string }[] };
}

const SERVICE_TTL_MS = 5_000;

/** Finds the ready pods behind a Service's port; a Service is read again after five seconds. */
export function podBackends(client: KubeClient, workers: () => PodWorker[]): Backends {
    const known = new Map<string, { service: Service; readAt: number }>();
    const read = async (namespace: string, name: string): Promise<Service | undefined> => {
        const path = `/api/v1/namespaces/${namespace}/services/${name}`;
        const cached = known.get(path);
        if (cached !== undefined && Date.now() - cached.readAt < SERVICE_TTL_MS) {
            return cached.service;
        }
        try {
            const service = await client.find<Service>(path);
            if (service === undefined) {
                known.delete(path);
            } else {
                known.set(path, { service, readAt: Date.now() });
            }
            return service;
        } catch {
            // Connections go on while the API server restarts.
            return cached?.service;
        }
    };
    return async (namespace, name, port) => {
        const service = await read(namespace, name);
        const selector = Object.entries(service?.spec.selector ?? {});
        const target = service?.spec.ports?.find((candidate) => candidate.port === port);
        if (selector.length === 0 || target === undefined) {
            return [];
        }
        return workers()
            .filter(({ ready, pod }) => ready && pod.metadata.namespace === namespace && matches(pod, selector))
            .flatMap((worker) => worker.hostPort(containerPort(worker.pod, target.targetPort ?? port)) ?? []);
    };
}

function matches(pod: Pod, selector: [string, string][]): boolean {
    return selector.every(([key, value]) => pod.metadata.labels?.[key] === value);
}

function containerPort(pod: Pod, targetPort: number | string): number {
    if (typeof targetPort === "number") {
        return targetPort;
    }
    const ports = pod.spec.containers.flatMap((container) => container.ports ?? []);
    return ports.find((port) => port.name === targetPort)?.containerPort ?? 0;
}
