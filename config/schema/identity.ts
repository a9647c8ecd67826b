import { z } from "zod";

import * as field from "../fields.ts";

/** Where the stack's roles are in IAM, and what bounds them. */
export const iam = z
    .strictObject({
        path: field.iamPath.default("/fleet/").describe("IAM path of the roles; the same for a hub and its spokes."),
        permissionsBoundary: field.permissionsBoundary
            .optional()
            .describe("Managed policy of the account that limits what any role of the stack may do."),
    })
    .prefault({})
    .describe("What all IAM roles of the stack have in common.");
