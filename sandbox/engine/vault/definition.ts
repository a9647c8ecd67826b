import type { ProviderDefinition } from "../kit/types.ts";
import { createInstance } from "./instance.ts";
import { checkSettings, toAddress } from "./settings.ts";

/** Stands in for the official vault provider where its plugin cannot be had. */
export const vault: ProviderDefinition = {
    name: "vault",
    version: "7.8.0",
    checkConfig: checkSettings,
    // As the official provider: another address may be the same Vault.
    replaceOnConfigChange: [],
    configure: async (config) => createInstance(toAddress(config)),
};
