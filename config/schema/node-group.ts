import { z } from "zod";

import { nodeKubernetesVersions } from "../../contract/kubernetes-releases.ts";
import * as field from "../fields.ts";
import { amiTypes, architectureOfImage, architectureOfInstance } from "../node-images.ts";
import { shown } from "../problems.ts";

/** Keys of labels and taints: an optional DNS prefix, which must not be Kubernetes' or EKS' own. */
const nodeKey = field
    .text((value) => {
        if (!/^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(value)) {
            return `E-LBL-001 not a key of a label or taint (got ${shown(value)}; allowed: [prefix/]name of up to 63 characters). Fix: rename it.`;
        }
        return /^([^/]*\.)?(kubernetes\.io|k8s\.io|eks\.amazonaws\.com)\//.test(value) || value.startsWith("fleet/")
            ? `E-LBL-002 a reserved prefix (got ${shown(value)}). Fix: use a prefix of your own, for example example.com/.`
            : undefined;
    })
    .meta({ allowed: "[prefix/]name, the prefix not Kubernetes' or EKS' own", examples: ["example.com/gpu"] });

const nodeValue = field
    .text((value) =>
        /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/.test(value)
            ? undefined
            : `E-LBL-001 not a value of a label or taint (got ${shown(value)}; allowed: up to 63 letters, digits, - _ .). Fix: shorten or rename it.`,
    )
    .meta({ allowed: "up to 63 letters, digits, - _ .", examples: ["true"] });

const instanceType = field
    .text((value) =>
        architectureOfInstance(value) === undefined
            ? `E-NOD-001 not an instance type (got ${shown(value)}). Fix: write it like m7g.large.`
            : undefined,
    )
    .meta({ allowed: "an EC2 instance type", examples: ["m7g.large"] });

const nodeVersion = field
    .text(
        (value) =>
            nodeKubernetesVersions.includes(value)
                ? undefined
                : `E-K8S-001 not supported (got ${shown(value)}; supported for nodes: ${nodeKubernetesVersions.join(", ")}). ` +
                  `Fix: use a supported minor version.`,
        (value) => (typeof value === "number" ? field.quotedVersionProblem(value) : undefined),
    )
    .meta({
        allowed: nodeKubernetesVersions.map(shown).join(", "),
        enum: [...nodeKubernetesVersions],
        examples: ["1.34"],
    });

const taint = z.strictObject({
    key: nodeKey.describe("Key of the taint, for example example.com/gpu."),
    value: nodeValue.optional().describe("Value of the taint."),
    effect: z
        .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
        .describe("What happens to pods that do not tolerate it, as Kubernetes spells it."),
});

/** A managed node group. */
export const nodeGroup = z
    .strictObject({
        instanceTypes: z
            .array(instanceType)
            .min(1)
            .describe("EC2 instance types, one architecture throughout; more types find more spot capacity."),
        amiType: z
            .enum(amiTypes)
            .default("AL2023_ARM_64_STANDARD")
            .describe("Image of the nodes: Amazon Linux 2023 or Bottlerocket, arm64 or x86_64."),
        capacityType: z
            .enum(["ON_DEMAND", "SPOT"])
            .default("ON_DEMAND")
            .describe("How the instances are bought; SPOT may be taken back at two minutes' notice."),
        diskSizeGiB: z.int().min(20).default(50).describe("Size of the encrypted root volume in GiB."),
        minSize: z.int().min(0).describe("Fewest nodes."),
        desiredSize: z.int().min(0).describe("Nodes to start with."),
        maxSize: z.int().min(1).describe("Most nodes."),
        kubernetesVersion: nodeVersion
            .optional()
            .describe(
                "Minor version of the nodes while they stay behind the control plane; the control plane's by default.",
            ),
        labels: z.record(nodeKey, nodeValue).default({}).describe("Labels of the nodes, besides fleet/node-group."),
        taints: z.array(taint).max(50).default([]).describe("Taints that keep other pods off the nodes."),
    })
    .superRefine(({ minSize, desiredSize, maxSize, instanceTypes, amiType }, context) => {
        if (minSize > desiredSize || desiredSize > maxSize) {
            context.addIssue({
                code: "custom",
                message:
                    `E-NOD-002 sizes out of order (got minSize ${minSize}, desiredSize ${desiredSize}, ` +
                    `maxSize ${maxSize}). Fix: minSize ≤ desiredSize ≤ maxSize.`,
            });
        }
        const wanted = architectureOfImage(amiType);
        const strangers = instanceTypes.filter((type) => architectureOfInstance(type) !== wanted);
        if (strangers.length > 0) {
            context.addIssue({
                code: "custom",
                path: ["instanceTypes"],
                message:
                    `E-NOD-001 the image ${amiType} is ${wanted} (got ${strangers.join(", ")}, which ` +
                    `${strangers.length === 1 ? "is" : "are"} not). Fix: use instance types of one architecture and an ` +
                    `amiType of the same.`,
            });
        }
    });
