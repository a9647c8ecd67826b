import type { Props, Value } from "../../kit/types.ts";
import { asObject } from "../client.ts";
import { refused } from "../shapes.ts";
import { durationSeconds, text, withoutEmpty } from "../vault-type.ts";
import type { VaultType } from "../vault-type.ts";

const TUNE: Readonly<Record<string, string>> = {
    allowedResponseHeaders: "allowed_response_headers",
    auditNonHmacRequestKeys: "audit_non_hmac_request_keys",
    auditNonHmacResponseKeys: "audit_non_hmac_response_keys",
    defaultLeaseTtl: "default_lease_ttl",
    listingVisibility: "listing_visibility",
    maxLeaseTtl: "max_lease_ttl",
    passthroughRequestHeaders: "passthrough_request_headers",
    tokenType: "token_type",
};

/** `vault:index/authBackend:AuthBackend`, an auth method. */
export const authBackend: VaultType = {
    inputs: {
        description: { kind: "string" },
        // Only matters for a change of path, which is a replacement here.
        disableRemount: { kind: "boolean" },
        identityTokenKey: refused,
        local: { kind: "boolean", replace: true },
        namespace: refused,
        path: { kind: "string", replace: true },
        tune: { kind: "map" },
        type: { kind: "string", required: true, replace: true },
    },
    computed: ["accessor"],
    id: (inputs) => text(inputs, "path", text(inputs, "type")),

    check(inputs) {
        const unknown = Object.keys(asObject(inputs["tune"]) ?? {}).find((key) => TUNE[key] === undefined);
        const path = text(inputs, "path");
        return [
            ...(unknown === undefined
                ? []
                : [
                      {
                          property: `tune.${unknown}`,
                          reason: `"${unknown}" is no setting of tune; supported: ${Object.keys(TUNE).join(", ")}`,
                      },
                  ]),
            ...(path.startsWith("/") || path.endsWith("/")
                ? [{ property: "path", reason: `path "${path}" must not begin or end with a slash` }]
                : []),
        ];
    },
    async create(client, inputs, signal) {
        const { type = null, description = "", local = false } = inputs;
        await client.write(`sys/auth/${authBackend.id(inputs)}`, { type, description, local }, signal);
        const tune = asObject(inputs["tune"]);
        if (tune !== undefined) {
            await client.write(`sys/auth/${authBackend.id(inputs)}/tune`, toVault(tune), signal);
        }
    },
    async update(client, inputs, oldInputs, signal) {
        const before = Object.keys(asObject(oldInputs["tune"]) ?? {});
        const reset: Props = Object.fromEntries(before.map((key) => [key, emptyOf(key)]));
        const tune = toVault({ ...reset, ...asObject(inputs["tune"]) });
        const body = { ...tune, description: text(inputs, "description") };
        await client.write(`sys/auth/${authBackend.id(inputs)}/tune`, body, signal);
    },
    async read(client, id, inputs, signal) {
        const found = asObject((await client.read("sys/auth", signal))?.[`${id}/`]);
        if (found === undefined) {
            return undefined;
        }
        const { type = null, description = "", local = false, accessor = null } = found;
        const tune = asObject(inputs["tune"]);
        const config = asObject(found["config"]) ?? {};
        return {
            type,
            description,
            local,
            accessor,
            path: id,
            ...(tune && { tune: liveTune(tune, config) }),
        };
    },
    imported: (outputs) => {
        const { accessor: _, ...inputs } = withoutEmpty(outputs);
        return inputs;
    },
    delete: (client, id, _inputs, signal) => client.delete(`sys/auth/${id}`, signal),
};

function toVault(tune: Props): Props {
    return Object.fromEntries(Object.entries(tune).map(([key, value]) => [TUNE[key] ?? key, value]));
}

function emptyOf(key: string): Value {
    if (key.endsWith("Ttl")) {
        return "0s";
    }
    return key === "tokenType" ? "default-service" : key === "listingVisibility" ? "" : [];
}

/** Only what the program sets; Vault answers times in seconds, programs write "1h". */
function liveTune(tune: Props, config: Props): Props {
    const entries = Object.entries(tune).map(([key, given]) => {
        const value = config[TUNE[key] ?? key] ?? emptyOf(key);
        if (!key.endsWith("Ttl")) {
            return [key, value] as const;
        }
        const same = typeof given === "string" && durationSeconds(given) === value;
        return [key, same ? given : `${Number(value)}s`] as const;
    });
    return Object.fromEntries(entries);
}
