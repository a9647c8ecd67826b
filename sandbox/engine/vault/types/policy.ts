import { refused } from "../shapes.ts";
import { text } from "../vault-type.ts";
import type { VaultType } from "../vault-type.ts";

/** `vault:index/policy:Policy`. As the official provider's, a create overwrites a policy of the same name. */
export const policy: VaultType = {
    inputs: {
        name: { kind: "string", replace: true },
        namespace: refused,
        policy: { kind: "string", required: true },
    },
    computed: [],
    autoname: "name",
    id: (inputs) => text(inputs, "name"),

    create: (client, inputs, signal) =>
        client.write(`sys/policies/acl/${text(inputs, "name")}`, { policy: text(inputs, "policy") }, signal),
    update: (client, inputs, _old, signal) => policy.create(client, inputs, signal),
    async read(client, id, _inputs, signal) {
        const found = await client.read(`sys/policies/acl/${id}`, signal);
        return found === undefined ? undefined : { name: id, policy: found["policy"] ?? "" };
    },
    imported: (outputs) => outputs,
    delete: (client, id, _inputs, signal) => client.delete(`sys/policies/acl/${id}`, signal),
};
