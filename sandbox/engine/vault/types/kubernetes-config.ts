import type { Props } from "../../kit/types.ts";
import { refused } from "../shapes.ts";
import { text, trimSlashes, withoutEmpty } from "../vault-type.ts";
import type { VaultType } from "../vault-type.ts";

const FIELDS: Readonly<Record<string, string>> = {
    disableIssValidation: "disable_iss_validation",
    disableLocalCaJwt: "disable_local_ca_jwt",
    issuer: "issuer",
    kubernetesCaCert: "kubernetes_ca_cert",
    kubernetesHost: "kubernetes_host",
    pemKeys: "pem_keys",
    useAnnotationsAsAliasMetadata: "use_annotations_as_alias_metadata",
};

/** `vault:kubernetes/authBackendConfig:AuthBackendConfig`: how Vault asks a cluster whose token it was given. */
export const kubernetesConfig: VaultType = {
    inputs: {
        backend: { kind: "string", replace: true },
        disableIssValidation: { kind: "boolean" },
        disableLocalCaJwt: { kind: "boolean" },
        issuer: { kind: "string" },
        kubernetesCaCert: { kind: "string" },
        kubernetesHost: { kind: "string", required: true },
        namespace: refused,
        pemKeys: { kind: "list" },
        tokenReviewerJwt: { kind: "string" },
        tokenReviewerJwtWo: refused,
        tokenReviewerJwtWoVersion: refused,
        useAnnotationsAsAliasMetadata: { kind: "boolean" },
    },
    computed: ["disableIssValidation", "disableLocalCaJwt", "kubernetesCaCert", "useAnnotationsAsAliasMetadata"],
    id: (inputs) => `auth/${trimSlashes(text(inputs, "backend", "kubernetes"))}/config`,

    create: (client, inputs, signal) => client.write(kubernetesConfig.id(inputs), toVault(inputs), signal),
    // Every write sets the whole configuration: what is left out is cleared.
    update: (client, inputs, _old, signal) => kubernetesConfig.create(client, inputs, signal),
    async read(client, id, inputs, signal) {
        const found = await client.read(id, signal);
        if (found === undefined) {
            return undefined;
        }
        const values = Object.entries(FIELDS).map(([input, name]) => [input, found[name] ?? null] as const);
        // Vault never answers the reviewer's token.
        const { tokenReviewerJwt } = inputs;
        return {
            ...Object.fromEntries(values),
            ...(tokenReviewerJwt !== undefined && { tokenReviewerJwt }),
            backend: id.replace(/^auth\/(.+)\/config$/, "$1"),
        };
    },
    imported: withoutEmpty,
    // As the official provider: the configuration ends with its auth backend.
    delete: async () => {},
};

function toVault(inputs: Props): Props {
    const { tokenReviewerJwt, pemKeys } = inputs;
    const given = Object.entries(FIELDS)
        .filter(([input]) => inputs[input] !== undefined)
        .map(([input, name]) => [name, inputs[input] ?? null] as const);
    return {
        ...Object.fromEntries(given),
        ...(Array.isArray(pemKeys) && { pem_keys: pemKeys.filter((key) => typeof key === "string").join(",") }),
        ...(tokenReviewerJwt !== undefined && { token_reviewer_jwt: tokenReviewerJwt }),
    };
}
