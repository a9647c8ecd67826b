import { z } from "zod";

import * as field from "../fields.ts";

const tenant = z.strictObject({
    name: field.label.describe("The team."),
    namespace: field.label.optional().describe("Namespace of its service account; by default called after the team."),
    serviceAccount: field.label.default("secret-reader").describe("Service account that reads the team's secrets."),
});

/** A Vault that exists already. */
export const vault = z
    .strictObject({
        address: field.vaultAddress.describe("Where Vault answers."),
        mountPath: field.vaultMountPath
            .default("fleet")
            .describe("On a hub: path of the key-value store it makes; another one for each hub of a Vault."),
        auditFile: field.word
            .default("stdout")
            .meta({ examples: ["/var/log/vault/fleet-audit.log"] })
            .describe("On a hub: where Vault's audit device writes, on Vault's machine."),
        tenants: z
            .array(tenant)
            .default([])
            .describe("Teams besides fleet:tenant: on a hub each gets policies, on a spoke a role of its own."),
        sourceCidrs: z
            .array(field.routedCidr)
            .default([])
            .describe(
                "On a spoke: addresses that Vault calls the cluster's API from, to ask whether a token is good; none when it calls from the hub's VPC.",
            ),
    })
    .describe("A Vault that exists already; without it nothing of Vault is set up.");
