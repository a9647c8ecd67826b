import { z } from "zod";

import * as field from "../fields.ts";

/** Where the stack's roles are in IAM, and what bounds them. */
export const iam = z
    .strictObject({
        path: field.iamPath.default("/fleet/").describe("IAM path of the roles; the same for a hub and its spokes."),
        permissionsBoundary: field.permissionsBoundary
            .optional()
            .describe("Managed policy of the account that limits what any role of the stack may do."),
    })
    .prefault({})
    .describe("What all IAM roles of the stack have in common.");

const zones = z
    .strictObject({
        hostedZoneIds: z.array(field.hostedZoneId).min(1).describe("Route 53 zones, by id; no other is touched."),
    })
    .optional();

/** Add-ons that get a role of their own. */
export const addonRoles = z
    .strictObject({
        loadBalancerController: z
            .boolean()
            .default(false)
            .describe("Role for AWS Load Balancer Controller: load balancers tagged with the cluster's name."),
        karpenter: z
            .boolean()
            .default(false)
            .describe("Roles of Karpenter and its nodes, and its queue; for clusters with node groups."),
        externalDns: zones.describe("Role for external-dns: addresses in some zones."),
        certManager: zones.describe("Role for cert-manager: DNS-01 challenges in some zones."),
        imageUpdater: z
            .strictObject({
                repositories: z.array(field.ecrRepository).min(1).describe("ECR repositories of the stack's account."),
            })
            .optional()
            .describe("Role for Argo CD Image Updater: reads tags and manifests of some repositories."),
        externalSecrets: z
            .strictObject({
                prefixes: z
                    .array(field.secretPrefix)
                    .min(1)
                    .describe("Beginnings of the names of secrets in the stack's account, with a slash at the end."),
            })
            .optional()
            .describe("Role for External Secrets: reads secrets of AWS Secrets Manager."),
    })
    .prefault({})
    .describe("Roles of add-ons that call AWS; each is a capability of the cluster that Git may then rely on.");

/** Whether a spoke runs its own Argo CD. */
export const distributed = z
    .boolean()
    .default(false)
    .describe("Whether AWS is ready for the spoke's own Argo CD; needs fleet:addonRoles.externalSecrets.");
