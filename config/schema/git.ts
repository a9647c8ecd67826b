import { z } from "zod";

import * as field from "../fields.ts";

/** Where Git drives the cluster from. */
export const git = z
    .strictObject({
        url: field.gitUrl.describe("Repository that drives the cluster."),
        revision: field.word.meta({ examples: ["main"] }).describe("Branch, tag or commit of it; not HEAD in prod."),
        path: field.repositoryPath.default("gitops").describe("Folder of it that Argo CD reads."),
    })
    .describe("Where Git drives the cluster from.");
