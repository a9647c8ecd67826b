import { z } from "zod";

import * as field from "../fields.ts";

/** Argo CD on a hub. */
export const argocd = z.strictObject({
    chart: z.strictObject({
        repository: field.chartRepository.default("https://argoproj.github.io/argo-helm"),
        version: field.chartVersion,
    }),
});
