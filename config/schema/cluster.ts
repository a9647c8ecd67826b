import { z } from "zod";

import { addonNames } from "../../contract/kubernetes-releases.ts";
import * as field from "../fields.ts";
import { shown } from "../problems.ts";
import { roleArn } from "../role-arn.ts";
import { nodeGroup } from "./node-group.ts";

/** Days CloudWatch Logs can keep events. */
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
const retentionDays = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** EKS takes 63 characters, and the provider appends a hyphen and 26 of its own to tell a group from its successor. */
const longestGroupName = 36;

const groupName = field
    .text((value) =>
        /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(value) && value.length <= longestGroupName
            ? undefined
            : `E-NOD-005 not the name of a node group (got ${shown(value)}; allowed: up to ${longestGroupName} lower-case ` +
              "letters, digits and inner hyphens). Fix: shorten or rename it.",
    )
    .meta({ pattern: `^[a-z0-9]([a-z0-9-]{0,${longestGroupName - 2}}[a-z0-9])?$`, examples: ["general"] });

const compute = z
    .strictObject({
        nodeGroups: z.record(groupName, nodeGroup).optional().describe("Managed node groups by name."),
        auto: z
            .strictObject({
                nodePools: z
                    .array(z.enum(["general-purpose", "system"]))
                    .default(["general-purpose", "system"])
                    .describe("Built-in node pools; an empty list leaves node classes and pools to Git."),
            })
            .optional()
            .describe("EKS Auto Mode: EKS runs nodes, networking, DNS, block storage and load balancing itself."),
    })
    .superRefine(({ nodeGroups, auto }, context) => {
        if ((nodeGroups === undefined) === (auto === undefined)) {
            const got = auto === undefined ? "neither" : "both";
            context.addIssue({
                code: "custom",
                message: `E-NOD-003 ${got} of nodeGroups and auto. Fix: set exactly one of them.`,
            });
        } else if (nodeGroups !== undefined && Object.keys(nodeGroups).length === 0) {
            context.addIssue({
                code: "custom",
                path: ["nodeGroups"],
                message: "E-NOD-004 no group: nothing could run, not even DNS. Fix: add a node group.",
            });
        }
    });

const access = z.strictObject({
    principalArn: roleArn.describe(
        "ARN of an IAM role of the cluster's account; for people, the one IAM Identity Center made.",
    ),
    access: z
        .enum(["admin", "edit", "view"])
        .describe("What the role may do: admin, edit (no roles or quotas) or view (no Secrets)."),
    namespaces: z
        .array(field.label)
        .min(1)
        .optional()
        .describe("Namespaces it may do that in; the whole cluster by default."),
});

const addons = z.strictObject(
    Object.fromEntries(
        addonNames.map((name) => [
            name,
            field.word.optional().describe(`Version of ${name} instead of the pinned one.`),
        ]),
    ) as Record<(typeof addonNames)[number], z.ZodOptional<typeof field.word>>,
);

/** The EKS cluster. */
export const cluster = z
    .strictObject({
        name: field.clusterName.describe("Name of the cluster, in EKS and in Argo CD; unique in the fleet."),
        kubernetesVersion: field.kubernetesVersion.describe(
            "Minor version of the control plane, quoted; raise it by one minor at a time.",
        ),
        serviceCidr: field.vpcCidr
            .meta({ examples: ["172.20.0.0/16"] })
            .default("172.20.0.0/16")
            .describe("IPv4 range of Kubernetes Services; disjoint from the VPC's."),
        endpoint: z
            .strictObject({
                public: z
                    .boolean()
                    .describe("Whether the API answers from the internet too; the private endpoint is always on."),
                publicCidrs: field
                    .distinct(field.allowedCidr)
                    .default([])
                    .describe("Who may reach the public endpoint; a spoke admits its hub by itself."),
            })
            .describe("Who reaches the Kubernetes API."),
        compute: compute.describe("What pods run on: nodeGroups or auto."),
        access: z
            .array(access)
            .default([])
            .describe("Who gets into the cluster besides the deployer and Argo CD: one IAM role and level each."),
        logRetentionDays: z
            .literal(retentionDays)
            .default(90)
            .describe("Days the control plane's five logs are kept, encrypted with a key of their own."),
        supportType: z
            .enum(["STANDARD", "EXTENDED"])
            .default("STANDARD")
            .describe(
                "At the end of standard support: STANDARD lets AWS upgrade, EXTENDED stays and costs six times as much.",
            ),
        addons: addons
            .default({})
            .describe("Versions of add-ons instead of the pinned ones; each must fit the Kubernetes version."),
        deletionProtection: z
            .boolean()
            .optional()
            .describe("Whether AWS refuses to delete the cluster; by default in prod."),
    })
    .describe("The EKS cluster.");
