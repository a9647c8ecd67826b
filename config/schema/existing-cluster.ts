import { z } from "zod";

import * as field from "../fields.ts";
import { flatten, isKubeconfig } from "../kubeconfig.ts";
import { shown } from "../problems.ts";
import { secret } from "../secrets.ts";

/** Any minor version: whoever runs the cluster decides, not EKS. */
const minorVersion = field
    .text(
        (value) =>
            /^1\.\d{2}$/.test(value)
                ? undefined
                : `E-K8S-001 not a minor version (got ${shown(value)}; allowed: 1.nn). Fix: write it like "1.35".`,
        (value) =>
            typeof value === "number"
                ? `E-K8S-002 a number (got ${value}; YAML reads 1.30 as 1.3). Fix: quote it, for example "1.35".`
                : undefined,
    )
    .meta({ allowed: "a minor version, quoted", pattern: "^1\\.[0-9]{2}$", examples: ["1.35"] });

/** Without a user name or password in it, which would be in every message and output. */
const apiServer = field
    .text((value) =>
        /^https:\/\/[^\s@]+$/.test(value)
            ? undefined
            : "E-KCF-005 not the https:// address of an API server. Fix: write it like https://k8s.example.com:6443.",
    )
    .meta({ allowed: "https://", examples: ["https://k8s.example.com:6443"] });

/** A cluster that exists already, made by somebody else, outside AWS or at least without its help. */
export const existingCluster = z
    .strictObject({
        name: field.clusterName.describe("Name of the cluster in the fleet, in Argo CD and in Vault."),
        kubernetesVersion: minorVersion.describe("Minor version the cluster runs; stated as a fact, not changed."),
        existing: z
            .strictObject({
                context: field.word.optional().describe("Context of the kubeconfig. Its current-context by default."),
                server: apiServer
                    .optional()
                    .describe("URL by which the hub and Vault reach the API. The kubeconfig's by default."),
                tokenSerial: z
                    .int()
                    .min(1)
                    .default(1)
                    .describe("Number of the hub's token. Raising it makes a new token and ends the one before."),
            })
            .describe(
                "Says that the cluster exists already and how the hub gets in; an empty map takes every default.",
            ),
    })
    .describe("A cluster that somebody else made: only named and reached, never changed.");

/** The administrator's way in, for `pulumi up` alone; the hub gets a token of its own. */
export const kubeconfig = secret(
    "Kubeconfig of the existing cluster. Used by `pulumi up` only; nothing else sees it.",
    (value) =>
        isKubeconfig(value)
            ? undefined
            : `E-KCF-001 not a kubeconfig (allowed: YAML or JSON with clusters, contexts and users). ${flatten}`,
);
