import { z } from "zod";

import * as field from "../fields.ts";

/** Argo CD on a hub. */
export const argocd = z
    .strictObject({
        chart: z
            .strictObject({
                repository: field.chartRepository
                    .default("https://argoproj.github.io/argo-helm")
                    .describe("Helm repository of the chart argo-cd; fleet:chartMirror replaces it."),
                version: field.chartVersion.describe("Version of the chart argo-cd for the first installation."),
            })
            .describe("The chart of the first installation; later versions come from Git."),
    })
    .describe("Argo CD on the hub.");
