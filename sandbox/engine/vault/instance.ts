import { createHash, randomBytes } from "node:crypto";
import { UNKNOWN } from "../kit/types.ts";
import type { CheckRequest, CheckResult, Props, ProviderInstance } from "../kit/types.ts";
import { containsUnknown, sameValue } from "../kit/values.ts";
import { VaultClient } from "./client.ts";
import type { VaultAddress } from "./client.ts";
import { changedInputs, checkInputs } from "./shapes.ts";
import { audit } from "./types/audit.ts";
import { authBackend } from "./types/auth-backend.ts";
import { kubernetesConfig } from "./types/kubernetes-config.ts";
import { kubernetesRole } from "./types/kubernetes-role.ts";
import { mount } from "./types/mount.ts";
import { policy } from "./types/policy.ts";
import { secretV2 } from "./types/secret-v2.ts";
import type { VaultType } from "./vault-type.ts";

const TYPES: Readonly<Record<string, VaultType>> = {
    "vault:index/audit:Audit": audit,
    "vault:index/authBackend:AuthBackend": authBackend,
    "vault:index/mount:Mount": mount,
    "vault:index/policy:Policy": policy,
    "vault:kubernetes/authBackendConfig:AuthBackendConfig": kubernetesConfig,
    "vault:kubernetes/authBackendRole:AuthBackendRole": kubernetesRole,
    "vault:kv/secretV2:SecretV2": secretV2,
};

/** The provider for one Vault server and token. */
export function createInstance(address: VaultAddress): ProviderInstance {
    const client = new VaultClient(address);
    return {
        check: async (request) => check(request, vaultType(request.type)),

        async diff({ type, oldInputs, newInputs, ignoreChanges }) {
            const vault = vaultType(type);
            const { inputs } = vault;
            const changed = changedInputs(oldInputs, newInputs, inputs).filter((key) => !ignoreChanges.includes(key));
            const replace = changed.filter((key) => inputs[key]?.replace);
            // Vault refuses a second mount at a path, and a policy or secret of the same name would be overwritten.
            const collides =
                replace.length > 0 && !containsUnknown(newInputs) && vault.id(oldInputs) === vault.id(newInputs);
            return { changed, replace, deleteBeforeReplace: collides };
        },

        async create({ type, inputs, preview, signal }) {
            const vault = vaultType(type);
            if (preview) {
                return { id: "", outputs: { ...unknowns(vault), ...inputs } };
            }
            await vault.create(client, inputs, signal);
            const id = vault.id(inputs);
            return { id, outputs: await live(vault, id, inputs, signal) };
        },

        async update({ type, id, inputs, oldInputs, oldOutputs, preview, signal }) {
            const vault = vaultType(type);
            if (preview) {
                return { outputs: { ...oldOutputs, ...inputs } };
            }
            await vault.update(client, inputs, oldInputs, signal);
            return { outputs: await live(vault, id, inputs, signal) };
        },

        async read({ type, id, oldInputs, oldOutputs, signal }) {
            const vault = vaultType(type);
            const outputs = await vault.read(client, id, oldInputs, signal);
            if (outputs === undefined) {
                return null;
            }
            const isImport = Object.keys(oldInputs).length === 0;
            const inputs = isImport ? vault.imported(outputs) : drifted(oldInputs, oldOutputs, outputs);
            return { id, inputs, outputs };
        },

        delete: async ({ type, id, oldInputs, signal }) => vaultType(type).delete(client, id, oldInputs, signal),

        invoke: async (token) => {
            throw new Error(`function ${token} is not supported by the sandbox's vault provider`);
        },
    };

    async function live(vault: VaultType, id: string, inputs: Props, signal: AbortSignal): Promise<Props> {
        const outputs = await vault.read(client, id, inputs, signal);
        if (outputs === undefined) {
            throw new Error(`Vault took ${id} and then did not have it; does something else delete it?`);
        }
        return outputs;
    }
}

function vaultType(type: string): VaultType {
    const found = TYPES[type];
    if (found === undefined) {
        const known = Object.keys(TYPES).join(", ");
        throw new Error(`${type} is not supported by the sandbox's vault provider; supported: ${known}`);
    }
    return found;
}

function check({ type, urn, newInputs, oldInputs, randomSeed }: CheckRequest, vault: VaultType): CheckResult {
    const inputs = Object.fromEntries(Object.entries(newInputs).filter(([, value]) => value !== null));
    const { autoname } = vault;
    if (autoname !== undefined && inputs[autoname] === undefined) {
        inputs[autoname] = oldInputs[autoname] ?? generatedName(urn, randomSeed);
    }
    const failures = checkInputs(type, inputs, vault.inputs);
    const more = failures.length > 0 || containsUnknown(inputs) ? [] : (vault.check?.(inputs) ?? []);
    return { inputs, failures: [...failures, ...more] };
}

/** `<logical name>-<7 hex digits>`, as every bridged provider. */
function generatedName(urn: string, randomSeed: Uint8Array): string {
    const random = randomSeed.length > 0 ? createHash("sha256").update(randomSeed).digest() : randomBytes(16);
    return `${urn.slice(urn.lastIndexOf("::") + 2)}-${random.toString("hex").slice(0, 7)}`;
}

function unknowns(vault: VaultType): Props {
    return Object.fromEntries(vault.computed.map((output) => [output, UNKNOWN]));
}

/** What differs between two answers of Vault replaces the program's input, so that the next diff shows it. */
function drifted(oldInputs: Props, oldOutputs: Props, outputs: Props): Props {
    const inputs = Object.entries(oldInputs).map(([key, value]) => {
        const now = outputs[key];
        return [key, now === undefined || sameValue(oldOutputs[key], now) ? value : now] as const;
    });
    return Object.fromEntries(inputs);
}
