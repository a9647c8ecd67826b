import { z } from "zod";

import * as field from "../fields.ts";

const nodeGroup = z
    .strictObject({
        instanceTypes: z
            .array(field.word.meta({ examples: ["m7g.large"] }))
            .min(1)
            .describe("EC2 instance types, the preferred one first; spot needs several."),
        amiType: field.word
            .default("AL2023_ARM_64_STANDARD")
            .describe("Kind of machine image EKS picks the latest of."),
        capacityType: z.enum(["ON_DEMAND", "SPOT"]).default("ON_DEMAND").describe("How the instances are paid for."),
        diskSizeGiB: z.int().min(20).default(50).describe("Size of each node's encrypted root disk in GiB."),
        minSize: z.int().min(0).describe("Fewest nodes."),
        desiredSize: z.int().min(0).describe("Nodes at first; an autoscaler changes it afterwards."),
        maxSize: z.int().min(1).describe("Most nodes."),
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

const endpoint = z.strictObject({
    public: z.boolean().describe("Whether the Kubernetes API also answers outside the VPC; inside it always does."),
    publicCidrs: z
        .array(field.allowedCidr)
        .default([])
        .describe("Who may reach the public endpoint; a spoke admits its hub by itself."),
});

const compute = z.strictObject({
    nodeGroups: z.record(field.clusterName, nodeGroup).describe("Managed node groups by name."),
});

/** The EKS cluster. */
export const cluster = z
    .strictObject({
        name: field.clusterName.describe("Name of the cluster, in EKS and in Argo CD; unique in the fleet."),
        kubernetesVersion: field.kubernetesVersion.describe("Kubernetes minor version of the control plane."),
        serviceCidr: field.vpcCidr
            .meta({ examples: ["172.20.0.0/16"] })
            .default("172.20.0.0/16")
            .describe("IPv4 range of Kubernetes Services; disjoint from the VPC's."),
        endpoint: endpoint.describe("Who reaches the Kubernetes API."),
        compute: compute.describe("What pods run on."),
        deletionProtection: z
            .boolean()
            .optional()
            .describe("Whether AWS refuses to delete the cluster; true by default in environment prod."),
    })
    .describe("The EKS cluster.");
