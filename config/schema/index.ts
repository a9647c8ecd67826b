import { z } from "zod";

import * as field from "../fields.ts";
import type { KubeconfigTarget } from "../kubeconfig.ts";
import { argocd } from "./argocd.ts";
import { chartRegistry } from "./chart-registry.ts";
import { cluster } from "./cluster.ts";
import { hubConnectivity, spokeConnectivity } from "./connectivity.ts";
import { existingCluster, kubeconfig } from "./existing-cluster.ts";
import { git } from "./git.ts";
import { addonRoles, distributed, iam } from "./identity.ts";
import { network } from "./network.ts";
import { parameters } from "./parameters.ts";
import { registration } from "./registration.ts";
import { vault } from "./vault.ts";

const environments = field.distinct(field.label).min(1);

const account = z.strictObject({
    id: field.accountId.describe("AWS account of the stack; credentials of any other are refused."),
    deployRole: field.word.default("fleet-deployer").describe("Role in it that `pulumi up` assumes; made beforehand."),
});

const hub = z.strictObject({
    stack: field.stackName.describe("Stack of the hub, fully qualified."),
    access: z
        .enum(["role", "capability"])
        .default("role")
        .describe(
            "How the hub's Argo CD comes in: by a role of this account that it assumes, or, when it is an EKS " +
                "capability, by an access entry of the capability's own role.",
        ),
});

/** Keys by which both roles describe themselves; each is one `fleet:` key of the stack's file. */
const common = {
    environment: field.label
        .meta({ examples: ["dev"] })
        .describe("What the cluster serves: one of fleet:environments, or hub."),
    environments: environments.default(["dev", "staging", "prod"]).describe("Environments of the fleet."),
    owner: field.word
        .meta({ examples: ["platform-team"] })
        .describe("Team that answers for the cluster; a tag on every resource."),
    tenant: field.label.describe("Team whose workloads run on the cluster."),
    account: account.describe("The AWS account, and how to act in it."),
    region: field.region.describe("AWS region of the cluster."),
    network,
    cluster,
    git,
    iam,
    addonRoles,
    parameters,
    registration,
    chartMirror: field.chartRepository
        .optional()
        .describe("Helm repository that replaces the upstream ones in the whole fleet: a closed network's mirror."),
    vault: vault.optional(),
};

const role = "What the stack builds: the hub, or a spoke that registers with one.";

/** Configuration of a hub, before defaults that depend on other keys. */
export const hubSchema = z.strictObject({
    ...common,
    role: z.literal("hub").describe(role),
    spokeAccounts: field.distinct(field.accountId).describe("Accounts whose clusters may become spokes."),
    connectivity: hubConnectivity,
    chartRegistry,
    argocd,
});

/** Configuration of a spoke, before defaults that depend on other keys. */
export const spokeSchema = z.strictObject({
    ...common,
    role: z.literal("spoke").describe(role),
    hub: hub.describe("The hub whose outputs this stack reads."),
    sharedAccount: z
        .boolean()
        .default(false)
        .describe("Whether a cluster of environment prod may share its hub's account, and so its administrators."),
    connectivity: spokeConnectivity,
    distributed,
});

/** Configuration of a spoke whose cluster exists already, outside AWS: of a spoke's keys, those that are not AWS's. */
export const existingSpokeSchema = spokeSchema
    .pick({
        role: true,
        environment: true,
        environments: true,
        owner: true,
        tenant: true,
        git: true,
        chartMirror: true,
    })
    .extend({
        hub: hub.pick({ stack: true }).describe("The hub with which the cluster registers."),
        cluster: existingCluster,
        kubeconfig,
        vault: vault
            .pick({ address: true })
            .describe("The Vault in which the cluster registers with its hub, and whose secrets it may read."),
    });

/** Schema of each kind of stack. */
export const schemas = { hub: hubSchema, spoke: spokeSchema, existing: existingSpokeSchema } as const;

/** What a stack builds: a hub, a spoke with its cluster, or the entry of a cluster that exists already. */
export type Kind = keyof typeof schemas;

/** What `fleet:role` says. */
export type Role = "hub" | "spoke";

export function isRole(value: unknown): value is Role {
    return value === "hub" || value === "spoke";
}

/** What follows from other keys unless it is set. */
interface Derived {
    /** Whether Pulumi refuses to delete keys, cluster and registration: in prod. */
    protect: boolean;
}

type WithDefaults<Parsed extends { cluster: object }> = Omit<Parsed, "cluster"> &
    Derived & { cluster: Parsed["cluster"] & { deletionProtection: boolean } };

export type HubConfig = WithDefaults<z.infer<typeof hubSchema>>;
export type SpokeConfig = WithDefaults<z.infer<typeof spokeSchema>>;

/** Of a spoke whose cluster exists already. */
export type ExistingSpokeConfig = z.infer<typeof existingSpokeSchema> &
    Derived & {
        /** Where its API is: what of the kubeconfig is no secret. */
        api: KubeconfigTarget;
    };

/** The configuration of a stack: everything set, checked as a whole. */
export type FleetConfig = HubConfig | SpokeConfig | ExistingSpokeConfig;
