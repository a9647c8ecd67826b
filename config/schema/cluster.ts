import { z } from "zod";

import * as field from "../fields.ts";

const nodeGroup = z
    .strictObject({
        instanceTypes: z.array(field.word).min(1),
        amiType: field.word.default("AL2023_ARM_64_STANDARD"),
        capacityType: z.enum(["ON_DEMAND", "SPOT"]).default("ON_DEMAND"),
        diskSizeGiB: z.int().min(20).default(50),
        minSize: z.int().min(0),
        desiredSize: z.int().min(0),
        maxSize: z.int().min(1),
    })
    .superRefine(({ minSize, desiredSize, maxSize }, context) => {
        if (minSize > desiredSize || desiredSize > maxSize) {
            context.addIssue({
                code: "custom",
                message:
                    `E-NOD-002 sizes out of order (got minSize ${minSize}, desiredSize ${desiredSize}, ` +
                    `maxSize ${maxSize}). Fix: minSize ≤ desiredSize ≤ maxSize.`,
            });
        }
    });

/** The EKS cluster. */
export const cluster = z.strictObject({
    name: field.clusterName,
    kubernetesVersion: field.kubernetesVersion,
    serviceCidr: field.vpcCidr.default("172.20.0.0/16"),
    /** The private endpoint is always on. */
    endpoint: z.strictObject({
        public: z.boolean(),
        /** Who may reach the public endpoint. A spoke admits its hub by itself. */
        publicCidrs: z.array(field.allowedCidr).default([]),
    }),
    compute: z.strictObject({ nodeGroups: z.record(field.clusterName, nodeGroup) }),
    /** Whether AWS refuses to delete the cluster. By default in prod. */
    deletionProtection: z.boolean().optional(),
});
