import { asObject } from "../client.ts";
import { refused } from "../shapes.ts";
import { text, trimSlashes, withoutEmpty } from "../vault-type.ts";
import type { VaultType } from "../vault-type.ts";

/** `vault:index/audit:Audit`, an audit device. Nothing of it can be changed. */
export const audit: VaultType = {
    inputs: {
        description: { kind: "string", replace: true },
        local: { kind: "boolean", replace: true },
        namespace: refused,
        options: { kind: "map", required: true, replace: true },
        path: { kind: "string", replace: true },
        type: { kind: "string", required: true, replace: true },
    },
    computed: ["path"],
    id: (inputs) => text(inputs, "path", text(inputs, "type")),

    async create(client, inputs, signal) {
        const { type = null, description = "", local = false, options = {} } = inputs;
        await client.write(`sys/audit/${trimSlashes(audit.id(inputs))}`, { type, description, local, options }, signal);
    },
    async update() {
        throw new Error("an audit device cannot be changed, only replaced");
    },
    async read(client, id, _inputs, signal) {
        const found = asObject((await client.read("sys/audit", signal))?.[`${trimSlashes(id)}/`]);
        if (found === undefined) {
            return undefined;
        }
        const { type = null, description = "", local = false, options = {} } = found;
        return { type, description, local, options, path: id };
    },
    imported: withoutEmpty,
    delete: (client, id, _inputs, signal) => client.delete(`sys/audit/${trimSlashes(id)}`, signal),
};
