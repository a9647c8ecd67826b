import type { ProviderInstance } from "../kit/types.ts";
import { KubernetesClient } from "./client.ts";
import { Releases } from "./helm/releases.ts";
import { isRelease } from "./kinds.ts";
import { Objects } from "./objects.ts";
import type { Settings } from "./settings.ts";

/** The provider for one cluster: chart releases by helm, everything else by the API server. */
export function createInstance(settings: Settings): ProviderInstance {
    const warn = (message: string): void => {
        if (!settings.suppressDeprecationWarnings) {
            console.error(`warning of the API server: ${message}`);
        }
    };
    const client = new KubernetesClient(settings.kubeconfig, warn);
    const objects = new Objects(client, settings);
    const releases = new Releases(client, settings);
    const of = (type: string): Objects | Releases => (isRelease(type) ? releases : objects);
    return {
        check: async (request) => of(request.type).check(request),
        diff: async (request) => of(request.type).diff(request),
        create: async (request) => of(request.type).create(request),
        read: async (request) => of(request.type).read(request),
        update: async (request) => of(request.type).update(request),
        delete: async (request) => of(request.type).delete(request),
        invoke: async (token) => {
            throw new Error(`function ${token} is not supported by the sandbox's kubernetes provider`);
        },
    };
}
