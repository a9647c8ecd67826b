import { z } from "zod";

import * as field from "../fields.ts";

/** A Vault that exists already. */
export const vault = z
    .strictObject({ address: field.vaultAddress.describe("Where Vault answers.") })
    .describe("A Vault that exists already; without it nothing of Vault is set up.");
