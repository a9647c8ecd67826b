import type { Props } from "../../kit/types.ts";
import { asObject } from "../client.ts";
import { refused } from "../shapes.ts";
import { text, trimSlashes, withoutEmpty } from "../vault-type.ts";
import type { VaultType } from "../vault-type.ts";

/** `vault:index/mount:Mount`, a secrets engine. */
export const mount: VaultType = {
    inputs: {
        allowedManagedKeys: refused,
        allowedResponseHeaders: { kind: "list" },
        auditNonHmacRequestKeys: { kind: "list" },
        auditNonHmacResponseKeys: { kind: "list" },
        defaultLeaseTtlSeconds: { kind: "number" },
        delegatedAuthAccessors: refused,
        description: { kind: "string" },
        externalEntropyAccess: refused,
        // Vault cannot tune it, so the official provider's update silently does nothing.
        forceNoCache: { kind: "boolean", replace: true },
        identityTokenKey: refused,
        listingVisibility: { kind: "string" },
        local: { kind: "boolean", replace: true },
        maxLeaseTtlSeconds: { kind: "number" },
        namespace: refused,
        options: { kind: "map" },
        passthroughRequestHeaders: { kind: "list" },
        path: { kind: "string", required: true, replace: true },
        pluginVersion: refused,
        sealWrap: { kind: "boolean", replace: true },
        type: { kind: "string", required: true, replace: true },
    },
    computed: ["accessor"],
    id: (inputs) => text(inputs, "path"),

    async create(client, inputs, signal) {
        const body: Props = {
            type: text(inputs, "type"),
            description: text(inputs, "description"),
            config: { ...tuning(inputs), force_no_cache: inputs["forceNoCache"] ?? false },
            local: inputs["local"] ?? false,
            options: inputs["options"] ?? {},
            seal_wrap: inputs["sealWrap"] ?? false,
        };
        await client.write(`sys/mounts/${path(text(inputs, "path"))}`, body, signal);
    },
    async update(client, inputs, oldInputs, signal) {
        const body: Props = {
            ...cleared(oldInputs),
            ...tuning(inputs),
            description: text(inputs, "description"),
            options: inputs["options"] ?? {},
        };
        await client.write(`sys/mounts/${path(text(inputs, "path"))}/tune`, body, signal);
    },
    async read(client, id, inputs, signal) {
        const found = asObject((await client.read("sys/mounts", signal))?.[`${path(id)}/`]);
        return found === undefined ? undefined : live(id, found, inputs);
    },
    imported: (outputs) => {
        const { accessor: _, ...inputs } = withoutEmpty(outputs);
        return inputs;
    },
    delete: (client, id, _inputs, signal) => client.delete(`sys/mounts/${path(id)}`, signal),
};

const path = trimSlashes;

const TUNED_LISTS = {
    allowedResponseHeaders: "allowed_response_headers",
    auditNonHmacRequestKeys: "audit_non_hmac_request_keys",
    auditNonHmacResponseKeys: "audit_non_hmac_response_keys",
    passthroughRequestHeaders: "passthrough_request_headers",
    listingVisibility: "listing_visibility",
} as const;

function tuning(inputs: Props): Props {
    const given = Object.entries(TUNED_LISTS)
        .filter(([input]) => inputs[input] !== undefined)
        .map(([input, name]) => [name, inputs[input] ?? null] as const);
    return {
        default_lease_ttl: `${Number(inputs["defaultLeaseTtlSeconds"] ?? 0)}s`,
        max_lease_ttl: `${Number(inputs["maxLeaseTtlSeconds"] ?? 0)}s`,
        ...Object.fromEntries(given),
    };
}

/** What was tuned before and may have left the program. */
function cleared(oldInputs: Props): Props {
    const before = Object.entries(TUNED_LISTS).filter(([input]) => oldInputs[input] !== undefined);
    return Object.fromEntries(before.map(([input, name]) => [name, input === "listingVisibility" ? "" : []]));
}

function live(id: string, found: Props, inputs: Props): Props {
    const config = asObject(found["config"]) ?? {};
    const options = { ...asObject(found["options"]) };
    // kv-v2 is a name for kv with the option version=2, which Vault answers instead.
    const alias = inputs["type"] === "kv-v2" && found["type"] === "kv" && options["version"] === "2";
    if (alias && asObject(inputs["options"])?.["version"] === undefined) {
        delete options["version"];
    }
    const lists = Object.entries(TUNED_LISTS).map(([input, name]) => {
        const empty = input === "listingVisibility" ? "" : [];
        return [input, config[name] ?? empty] as const;
    });
    return {
        ...Object.fromEntries(lists),
        accessor: found["accessor"] ?? null,
        defaultLeaseTtlSeconds: config["default_lease_ttl"] ?? 0,
        description: found["description"] ?? "",
        forceNoCache: config["force_no_cache"] ?? false,
        local: found["local"] ?? false,
        maxLeaseTtlSeconds: config["max_lease_ttl"] ?? 0,
        options,
        path: id,
        sealWrap: found["seal_wrap"] ?? false,
        type: alias ? "kv-v2" : (found["type"] ?? null),
    };
}
