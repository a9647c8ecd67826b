import type { CheckFailure, Props } from "../../../engine/kit/types.ts";
import type { NodeGroup } from "../../../cluster/spec.ts";
import { serviceDenial } from "../../permissions.ts";
import { optionalText, propsOf, textOf, textsOf, type Context } from "../../schema/resource-type.ts";
import type { Item } from "../../state/store.ts";
import { implicitAccess } from "./implicit-access.ts";
import { requireNodeRole } from "./node-group-references.ts";

const POLICIES = [
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
];

/**
 * Nodes of the built-in pools. AWS starts them when pods wait for one, of a size that suits these; here a pool has its
 * nodes from the beginning, always as many and of one size, because nothing here watches for pods that wait.
 */
const POOLS: Readonly<Record<string, Pick<NodeGroup, "count" | "instanceType" | "taints">>> = {
    "general-purpose": { count: 2, instanceType: "m6i.large", taints: [] },
    system: { count: 1, instanceType: "m7g.large", taints: [{ key: "CriticalAddonsOnly", effect: "NoSchedule" }] },
};

/** What the provider and EKS refuse of Auto Mode's inputs. */
export function autoModeProblems(inputs: Props): CheckFailure[] {
    const compute = propsOf(inputs["computeConfig"]);
    const balancing = propsOf(propsOf(inputs["kubernetesNetworkConfig"])["elasticLoadBalancing"]);
    const storage = propsOf(propsOf(inputs["storageConfig"])["blockStorage"]);
    const failures: CheckFailure[] = [];
    const fail = (property: string, reason: string): void => void failures.push({ property, reason });
    const on = [compute, balancing, storage].map(({ enabled }) => enabled);
    if (new Set(on).size > 1) {
        const others = "kubernetesNetworkConfig.elasticLoadBalancing.enabled and storageConfig.blockStorage.enabled";
        fail("computeConfig.enabled", `${others} must all be set to either true or false`);
    }
    if (compute["enabled"] === true && inputs["bootstrapSelfManagedAddons"] !== false) {
        fail("bootstrapSelfManagedAddons", "must be set to false if EKS Auto Mode is enabled");
    }
    const pools = textsOf(compute, "nodePools").length;
    if (pools > 0 && compute["nodeRoleArn"] === undefined) {
        fail("computeConfig.nodeRoleArn", "must be provided for built-in node pools");
    }
    if (pools === 0 && compute["nodeRoleArn"] !== undefined) {
        fail("computeConfig.nodePools", "must be provided when nodeRoleArn is not null or empty");
    }
    return failures;
}

/** Auto Mode works through the cluster's role, whose sessions it tags, and through the role of its nodes. */
export function requireAutoModeRoles(context: Context, inputs: Props, clusterArn: string): void {
    const { enabled, nodeRoleArn } = propsOf(inputs["computeConfig"]);
    if (enabled !== true) return;
    const { view, now, place } = context;
    const roleArn = textOf(inputs, "roleArn");
    const source = { accountId: place.accountId, arn: clusterArn };
    const denial = serviceDenial(view, now, "eks.amazonaws.com", roleArn, source, "sts:TagSession");
    if (denial !== undefined) {
        throw new Error(
            `InvalidParameterException: Role with arn: ${roleArn} could not be assumed because the trust policy of an ` +
                `EKS Auto Mode cluster must allow sts:TagSession: ${denial}`,
        );
    }
    const attached = view.role(roleArn)?.identityPolicies.map(({ name }) => name) ?? [];
    const missing = POLICIES.filter((policy) => !attached.includes(policy));
    if (missing.length > 0) {
        throw new Error(
            "InvalidRequestException: The provided role doesn't have the Amazon EKS Managed Policies associated with " +
                `it. Please ensure the following policies [${missing.join(", ")}] are attached to ${roleArn}`,
        );
    }
    if (typeof nodeRoleArn === "string") requireNodeRole(context, nodeRoleArn);
}

/** Brings nodes of built-in pools to what the cluster is to have, and lets their role in. */
export async function applyNodePools(
    context: Context,
    key: string,
    before: Item | undefined,
    after: Item,
): Promise<void> {
    const [old, wanted] = [poolsOf(before), poolsOf(after)];
    const nodeRoleArn = optionalText(propsOf(after.outputs["computeConfig"]), "nodeRoleArn");
    if (wanted.length > 0 && nodeRoleArn !== undefined) {
        const access = { principalArn: nodeRoleArn, type: "EC2", policy: "AmazonEKSAutoNodePolicy" };
        context.store.transaction(() => implicitAccess(context, after.id, access));
    }
    for (const pool of old.filter((name) => !wanted.includes(name))) {
        await context.clusters.removeNodes(key, pool, "nodePool");
    }
    for (const name of wanted) {
        const pool = POOLS[name];
        if (pool === undefined) throw new Error(`the sandbox does not know the built-in node pool ${name}`);
        const labels = { "eks.amazonaws.com/compute-type": "auto", "karpenter.sh/capacity-type": "on-demand" };
        const kubernetesVersion = textOf(after.outputs, "version");
        await context.clusters.scaleNodes(key, { ...pool, name, kind: "nodePool", kubernetesVersion, labels });
    }
}

/** Whether an update concerns Auto Mode's nodes: EKS replaces them after an upgrade of the control plane. */
export function nodePoolsChange(before: Item, after: Item): boolean {
    const state = (item: Item) => JSON.stringify([poolsOf(item), item.outputs["version"]]);
    return poolsOf(before).length + poolsOf(after).length > 0 && state(before) !== state(after);
}

function poolsOf(item: Item | undefined): string[] {
    const compute = propsOf(item?.outputs["computeConfig"]);
    return compute["enabled"] === true ? textsOf(compute, "nodePools") : [];
}
