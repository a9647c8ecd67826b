import { z } from "zod";

import * as field from "../fields.ts";

/** Where Git drives the cluster from. */
export const git = z.strictObject({
    url: field.gitUrl,
    revision: field.word,
    path: field.repositoryPath.default("gitops"),
});
