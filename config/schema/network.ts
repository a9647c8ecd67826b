import { z } from "zod";

import * as field from "../fields.ts";

/** The VPC of the cluster. */
export const network = z.strictObject({
    cidr: field.vpcCidr,
    /** By name, so that a zone AWS adds later changes nothing. */
    availabilityZones: z.array(field.word),
    nat: z.enum(["single", "perAz", "none"]).default("single"),
});
