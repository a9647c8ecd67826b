import { z } from "zod";

import * as field from "../fields.ts";

/** A Vault that exists already. */
export const vault = z
    .strictObject({
        address: field.vaultAddress.describe("Where Vault answers."),
        sourceCidrs: z
            .array(field.routedCidr)
            .default([])
            .describe(
                "On a spoke: addresses that Vault calls the cluster's API from, to ask whether a token is good; none when it calls from the hub's VPC.",
            ),
    })
    .describe("A Vault that exists already; without it nothing of Vault is set up.");
