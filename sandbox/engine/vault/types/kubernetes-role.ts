import type { Props, Value } from "../../kit/types.ts";
import { refused } from "../shapes.ts";
import { text, trimSlashes, withoutEmpty } from "../vault-type.ts";
import type { VaultType } from "../vault-type.ts";

/** Name in Vault's API and the value that means "not set". */
const FIELDS: Readonly<Record<string, readonly [string, Value]>> = {
    aliasNameSource: ["alias_name_source", "serviceaccount_uid"],
    audience: ["audience", ""],
    boundServiceAccountNames: ["bound_service_account_names", []],
    boundServiceAccountNamespaceSelector: ["bound_service_account_namespace_selector", ""],
    boundServiceAccountNamespaces: ["bound_service_account_namespaces", []],
    tokenBoundCidrs: ["token_bound_cidrs", []],
    tokenExplicitMaxTtl: ["token_explicit_max_ttl", 0],
    tokenMaxTtl: ["token_max_ttl", 0],
    tokenNoDefaultPolicy: ["token_no_default_policy", false],
    tokenNumUses: ["token_num_uses", 0],
    tokenPeriod: ["token_period", 0],
    tokenPolicies: ["token_policies", []],
    tokenTtl: ["token_ttl", 0],
    tokenType: ["token_type", "default"],
};

/** `vault:kubernetes/authBackendRole:AuthBackendRole`: which service accounts get which policies. */
export const kubernetesRole: VaultType = {
    inputs: {
        aliasMetadata: refused,
        aliasNameSource: { kind: "string" },
        audience: { kind: "string" },
        backend: { kind: "string", replace: true },
        boundServiceAccountNames: { kind: "set", required: true },
        boundServiceAccountNamespaceSelector: { kind: "string" },
        boundServiceAccountNamespaces: { kind: "set" },
        namespace: refused,
        roleName: { kind: "string", required: true, replace: true },
        tokenBoundCidrs: { kind: "set" },
        tokenExplicitMaxTtl: { kind: "number" },
        tokenMaxTtl: { kind: "number" },
        tokenNoDefaultPolicy: { kind: "boolean" },
        tokenNumUses: { kind: "number" },
        tokenPeriod: { kind: "number" },
        tokenPolicies: { kind: "set" },
        tokenTtl: { kind: "number" },
        tokenType: { kind: "string" },
    },
    computed: ["aliasNameSource"],
    id: (inputs) => {
        const backend = trimSlashes(text(inputs, "backend", "kubernetes"));
        return `auth/${backend}/role/${trimSlashes(text(inputs, "roleName"))}`;
    },

    create: (client, inputs, signal) => client.write(kubernetesRole.id(inputs), toVault(inputs), signal),
    update: (client, inputs, oldInputs, signal) => {
        const dropped = Object.keys(oldInputs).filter((input) => inputs[input] === undefined);
        const reset = dropped.flatMap((input) => (FIELDS[input] === undefined ? [] : [FIELDS[input]]));
        const body = { ...Object.fromEntries(reset), ...toVault(inputs) };
        return client.write(kubernetesRole.id(inputs), body, signal);
    },
    async read(client, id, _inputs, signal) {
        const found = await client.read(id, signal);
        if (found === undefined) {
            return undefined;
        }
        const [, backend = "", roleName = ""] = /^auth\/(.+)\/role\/(.+)$/.exec(id) ?? [];
        const values = Object.entries(FIELDS).map(([input, [name, empty]]) => [input, found[name] ?? empty] as const);
        return { ...Object.fromEntries(values), backend, roleName };
    },
    imported: withoutEmpty,
    delete: (client, id, _inputs, signal) => client.delete(id, signal),
};

function toVault(inputs: Props): Props {
    const given = Object.entries(FIELDS).filter(([input]) => inputs[input] !== undefined);
    return Object.fromEntries(given.map(([input, [name]]) => [name, inputs[input] ?? null]));
}
