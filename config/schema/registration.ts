import { z } from "zod";

import * as field from "../fields.ts";

const recoveryWindow = z.int().superRefine((days, context) => {
    if (days !== 0 && (days < 7 || days > 30)) {
        context.addIssue({
            code: "custom",
            input: days,
            message:
                `E-SEC-002 AWS takes no such window (got ${days}; allowed: 7 to 30, or 0 to delete at once). ` +
                `Fix: use 30; 0 only for clusters that come and go.`,
        });
    }
});

/** How the registration secret is kept. */
export const registration = z
    .strictObject({
        recoveryWindowInDays: recoveryWindow
            .default(30)
            .describe("Days in which the deleted secret can be had back: 7 to 30, or 0 for none."),
        replicaRegions: z
            .array(field.region)
            .default([])
            .describe("Further regions that keep a copy; the hub's always does."),
    })
    .prefault({})
    .describe("How the secret is kept by which the cluster registers with its hub.");
