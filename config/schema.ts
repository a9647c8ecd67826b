import { z } from "zod";

import * as field from "./fields.ts";

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

/** Keys by which both roles describe themselves; each is one `fleet:` key of the stack's file. */
const common = {
    /** What the cluster serves. One of `environments`, or `hub`. */
    environment: field.label,
    /** Environments of the fleet. */
    environments: z.array(field.label).min(1).default(["dev", "staging", "prod"]),
    /** Team that answers for the cluster; a tag on every resource. */
    owner: field.word,
    /** Team whose workloads run on it. */
    tenant: field.label,
    /** AWS account, and the role in it that runs `pulumi up`. The role exists before the fleet does. */
    account: z.strictObject({ id: field.accountId, deployRole: field.word.default("fleet-deployer") }),
    region: field.region,
    network: z.strictObject({
        cidr: field.vpcCidr,
        /** By name, so that a zone AWS adds later changes nothing. */
        availabilityZones: z.array(field.word),
        nat: z.enum(["single", "perAz", "none"]).default("single"),
    }),
    cluster: z.strictObject({
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
    }),
    /** Where Git drives the cluster from. */
    git: z.strictObject({ url: field.gitUrl, revision: field.word, path: field.repositoryPath.default("gitops") }),
    /** Helm repository that replaces the upstream ones in the whole fleet: a closed network's mirror. */
    chartMirror: field.chartRepository.optional(),
    /** A Vault that exists already. */
    vault: z.strictObject({ address: field.vaultAddress }).optional(),
};

/** Configuration of a hub, before defaults that depend on other keys. */
export const hubSchema = z.strictObject({
    ...common,
    role: z.literal("hub"),
    /** Accounts whose clusters may become spokes. */
    spokeAccounts: z.array(field.accountId),
    argocd: z.strictObject({
        chart: z.strictObject({
            repository: field.chartRepository.default("https://argoproj.github.io/argo-helm"),
            version: field.chartVersion,
        }),
    }),
});

/** Configuration of a spoke, before defaults that depend on other keys. */
export const spokeSchema = z.strictObject({
    ...common,
    role: z.literal("spoke"),
    /** The hub whose outputs this stack reads. */
    hub: z.strictObject({ stack: field.stackName }),
});

/** Schema of each role. */
export const schemas = { hub: hubSchema, spoke: spokeSchema } as const;

export type Role = keyof typeof schemas;

/** What follows from other keys unless it is set. */
interface Derived {
    /** Whether Pulumi refuses to delete keys, cluster and registration: in prod. */
    protect: boolean;
}

type WithDefaults<Parsed extends { cluster: object }> = Omit<Parsed, "cluster"> &
    Derived & { cluster: Parsed["cluster"] & { deletionProtection: boolean } };

export type HubConfig = WithDefaults<z.infer<typeof hubSchema>>;
export type SpokeConfig = WithDefaults<z.infer<typeof spokeSchema>>;

/** The configuration of a stack: everything set, checked as a whole. */
export type FleetConfig = HubConfig | SpokeConfig;
