import { z } from "zod";

/** `cluster.json`: what a new daemon needs to take a cluster over. */
export const recordSchema = z.object({
    spec: z.object({
        eks: z.boolean().optional(),
        accountId: z.string(),
        region: z.string(),
        name: z.string(),
        kubernetesVersion: z.string(),
        serviceCidr: z.string(),
        issuer: z.string(),
    }),
    state: z.enum(["creating", "active", "deleting"]),
});

export type ClusterRecord = z.infer<typeof recordSchema>;
