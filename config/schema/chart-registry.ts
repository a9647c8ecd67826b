import { z } from "zod";

import * as field from "../fields.ts";

/** The hub's registry of the fleet's own charts. */
export const chartRegistry = z
    .strictObject({
        charts: field
            .distinct(field.label)
            .min(1)
            .describe("Names of the charts, such as those in gitops/charts; each gets a repository."),
    })
    .optional()
    .describe("ECR repositories for the fleet's own charts, which the hub's and distributed spokes' Argo CD may pull.");
