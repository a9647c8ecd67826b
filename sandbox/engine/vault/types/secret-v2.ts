import type { Props } from "../../kit/types.ts";
import { asObject } from "../client.ts";
import type { VaultClient } from "../client.ts";
import { refused } from "../shapes.ts";
import { durationSeconds, text } from "../vault-type.ts";
import type { VaultType } from "../vault-type.ts";

const METADATA: Readonly<Record<string, string>> = {
    casRequired: "cas_required",
    data: "custom_metadata",
    deleteVersionAfter: "delete_version_after",
    maxVersions: "max_versions",
};

/**
 * `vault:kv/secretV2:SecretV2`. Like the official provider it never reads the secret's data back into the state:
 * drift shows in `metadata` only.
 */
export const secretV2: VaultType = {
    inputs: {
        cas: { kind: "number" },
        customMetadata: { kind: "map" },
        dataJson: { kind: "json", required: true },
        dataJsonWo: refused,
        dataJsonWoVersion: refused,
        deleteAllVersions: { kind: "boolean" },
        disableRead: { kind: "boolean" },
        mount: { kind: "string", required: true, replace: true },
        name: { kind: "string", replace: true },
        namespace: refused,
        options: { kind: "map" },
    },
    computed: ["data", "metadata", "path"],
    autoname: "name",
    id: (inputs) => location(inputs, "data"),

    check(inputs) {
        const unknown = Object.keys(asObject(inputs["customMetadata"]) ?? {}).find(
            (key) => METADATA[key] === undefined,
        );
        return unknown === undefined
            ? []
            : [
                  {
                      property: `customMetadata.${unknown}`,
                      reason: `"${unknown}" is no part of customMetadata; supported: ${Object.keys(METADATA).join(", ")}`,
                  },
              ];
    },
    async create(client, inputs, signal) {
        const { cas } = inputs;
        const options: Props = { ...asObject(inputs["options"]), ...(cas !== undefined && { cas }) };
        const data = JSON.parse(text(inputs, "dataJson")) as Props;
        await client.write(location(inputs, "data"), { data, options }, signal);
        const metadata = asObject(inputs["customMetadata"]);
        if (metadata !== undefined) {
            const body = Object.entries(metadata).map(([key, value]) => [METADATA[key] ?? key, value]);
            await client.write(location(inputs, "metadata"), Object.fromEntries(body) as Props, signal);
        }
    },
    update: (client, inputs, _old, signal) => secretV2.create(client, inputs, signal),
    async read(client, id, inputs, signal) {
        const [, mount = "", name = ""] = /^(.+?)\/data\/(.+)$/.exec(id) ?? [];
        const identity = { mount, name, path: id, data: {} };
        if (inputs["disableRead"] === true) {
            return { ...inputs, ...identity, metadata: {} };
        }
        const found = await client.read(id, signal);
        if (found === undefined) {
            return undefined;
        }
        const metadata = strings(asObject(found["metadata"]) ?? {});
        const custom = asObject(inputs["customMetadata"]);
        const live = custom && { customMetadata: await liveMetadata(client, { mount, name }, custom, signal) };
        return { ...inputs, ...identity, metadata, ...live };
    },
    // The data is not read: a program that imports it says what it is.
    imported: ({ mount = "", name = "" }) => ({ mount, name }),
    delete: (client, id, inputs, signal) => {
        const all = inputs["deleteAllVersions"] === true;
        return client.delete(all ? id.replace(/^(.+?)\/data\//, "$1/metadata/") : id, signal);
    },
};

function location(inputs: Props, part: "data" | "metadata"): string {
    return `${text(inputs, "mount")}/${part}/${text(inputs, "name")}`;
}

function strings(metadata: Props): Props {
    const entries = Object.entries(metadata).filter(([, value]) => value !== null);
    return Object.fromEntries(
        entries.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    );
}

async function liveMetadata(client: VaultClient, at: Props, given: Props, signal: AbortSignal): Promise<Props> {
    const found = (await client.read(location(at, "metadata"), signal)) ?? {};
    const entries = Object.keys(given).map((key) => {
        const value = found[METADATA[key] ?? key] ?? null;
        return [key, typeof value === "string" ? durationSeconds(value) : value] as const;
    });
    return Object.fromEntries(entries);
}
