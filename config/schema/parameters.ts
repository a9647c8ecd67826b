import { z } from "zod";

import * as field from "../fields.ts";

/** The stack's outputs in SSM. */
export const parameters = z
    .strictObject({
        readerAccounts: z
            .array(field.accountId)
            .default([])
            .describe("Other accounts of the organization that may read them; makes the parameters advanced ones."),
    })
    .prefault({})
    .describe("The stack's outputs in SSM Parameter Store, under /fleet/<cluster>/.");
