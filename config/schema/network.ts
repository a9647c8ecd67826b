import { z } from "zod";

import * as field from "../fields.ts";

/** The VPC of the cluster. */
export const network = z
    .strictObject({
        cidr: field.vpcCidr.describe("IPv4 range of the VPC; disjoint from every other stack's."),
        availabilityZones: z
            .array(field.word.meta({ examples: ["eu-west-1a"] }))
            .describe("Zones by name, so that one AWS adds later changes nothing; two or more."),
        nat: z
            .enum(["single", "perAz", "none"])
            .default("single")
            .describe("NAT gateways for the private subnets: one, one per zone, or none."),
    })
    .describe("The VPC of the cluster.");
