import type { ProviderDefinition } from "../kit/types.ts";
import { createInstance } from "./instance.ts";
import { checkSettings, toSettings } from "./settings.ts";

/** Stands in for the official kubernetes provider where its plugin cannot be had. */
export const kubernetes: ProviderDefinition = {
    name: "kubernetes",
    version: "4.34.2",
    checkConfig: checkSettings,
    // Not the kubeconfig: a new endpoint or credential of the same cluster must not replace what runs on it.
    replaceOnConfigChange: ["clusterIdentifier"],
    configure: async (config) => createInstance(toSettings(config)),
};
