import { z } from "zod";

import * as field from "../fields.ts";
import { argocd } from "./argocd.ts";
import { cluster } from "./cluster.ts";
import { git } from "./git.ts";
import { network } from "./network.ts";
import { vault } from "./vault.ts";

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
    network,
    cluster,
    git,
    /** Helm repository that replaces the upstream ones in the whole fleet: a closed network's mirror. */
    chartMirror: field.chartRepository.optional(),
    vault: vault.optional(),
};

/** Configuration of a hub, before defaults that depend on other keys. */
export const hubSchema = z.strictObject({
    ...common,
    role: z.literal("hub"),
    /** Accounts whose clusters may become spokes. */
    spokeAccounts: z.array(field.accountId),
    argocd,
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
