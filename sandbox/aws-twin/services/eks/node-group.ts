import { randomUUID } from "node:crypto";
import type { Props, Value } from "../../../engine/kit/types.ts";
import type { NodeGroup, Taint } from "../../../cluster/spec.ts";
import { arnHere, findItem } from "../../references.ts";
import { prefixedName } from "../../identifiers.ts";
import { optionalText, propsOf, textOf, textsOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import type { Item } from "../../state/store.ts";
import { T } from "../../tokens.ts";
import { keyOf } from "./cluster.ts";
import { requireCluster } from "./find-cluster.ts";
import { requireSubnets } from "./network.ts";
import { nodeGroupFields, nodeGroupProblems } from "./node-group-fields.ts";
import { requireInstanceTypes, requireNodeRole, requireTemplate } from "./node-group-references.ts";
import { requireNodeVersion, requireUpgradePath } from "./versions.ts";

const EFFECTS: Readonly<Record<string, Taint["effect"]>> = {
    NO_EXECUTE: "NoExecute",
    NO_SCHEDULE: "NoSchedule",
    PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

/** A managed node group; its nodes join the cluster's control plane. */
export const nodeGroup: ResourceType = {
    token: T.nodeGroup,
    tagged: true,
    name: {
        property: "nodeGroupName",
        prefix: "nodeGroupNamePrefix",
        auto: (name, random) => `${name}-${random}`,
        max: 63,
    },
    inputs: nodeGroupFields,
    computed: [
        "amiType",
        "arn",
        "capacityType",
        "diskSize",
        "instanceTypes",
        "nodeGroupName",
        "releaseVersion",
        "resources",
        "status",
        "updateConfig",
        "version",
    ],
    volatile: (changed) => (changed.includes("version") ? ["releaseVersion"] : []),
    validate: nodeGroupProblems,
    create: (context, inputs) => {
        const clusterName = textOf(inputs, "clusterName");
        const cluster = requireCluster(context, clusterName);
        const name =
            optionalText(inputs, "nodeGroupName") ?? prefixedName(textOf(inputs, "nodeGroupNamePrefix"), context.now);
        const id = `${clusterName}:${name}`;
        if (findItem(context, T.nodeGroup, id) !== undefined) {
            throw new Error(
                `ResourceInUseException: NodeGroup already exists with name ${name} and cluster name ${clusterName}`,
            );
        }
        requireNodeRole(context, textOf(inputs, "nodeRoleArn"));
        const { vpcId } = requireSubnets(context, textsOf(inputs, "subnetIds"));
        const clusterVpc = textOf(propsOf(cluster.outputs["vpcConfig"]), "vpcId");
        if (vpcId !== clusterVpc) {
            throw new Error(
                `InvalidParameterException: Subnets of ${vpcId} are not in the cluster's VPC, ${clusterVpc}`,
            );
        }
        const computed = settled(context, inputs, textOf(cluster.outputs, "version"));
        return {
            id,
            computed: {
                ...computed,
                arn: arnHere(context, "eks", `nodegroup/${clusterName}/${name}/${randomUUID()}`),
                nodeGroupName: name,
                resources: [
                    { autoscalingGroups: [{ name: `eks-${name}-${randomUUID()}` }], remoteAccessSecurityGroupId: "" },
                ],
                status: "CREATING",
            },
        };
    },
    provision: async (context, item) => {
        const key = keyOf({ accountId: item.accountId, id: textOf(item.outputs, "clusterName") });
        await clearInterrupted(context, item, key);
        await context.clusters.scaleNodes(key, nodesOf(item));
        return { status: "ACTIVE" };
    },
    update: (context, item, inputs) => {
        const cluster = requireCluster(context, textOf(inputs, "clusterName"));
        const computed = settled(context, inputs, textOf(item.outputs, "version"));
        requireUpgradePath(textOf(item.outputs, "version"), computed.version);
        requireNodeVersion(computed.version, textOf(cluster.outputs, "version"));
        return { computed };
    },
    apply: async ({ clusters }, before, after) => {
        const [old, wanted] = [nodesOf(before), nodesOf(after)];
        if (JSON.stringify(old) !== JSON.stringify(wanted)) {
            await clusters.scaleNodes(
                keyOf({ accountId: after.accountId, id: textOf(after.outputs, "clusterName") }),
                wanted,
            );
        }
        return {};
    },
    deprovision: async ({ clusters }, { accountId, outputs }) => {
        const key = keyOf({ accountId, id: textOf(outputs, "clusterName") });
        await clusters.removeNodes(key, textOf(outputs, "nodeGroupName"));
    },
};

/** EKS's answers where the program leaves a choice open. */
function settled(context: Context, inputs: Props, otherwise: string): Props & { version: string } {
    const cluster = requireCluster(context, textOf(inputs, "clusterName"));
    const version = optionalText(inputs, "version") ?? otherwise;
    requireNodeVersion(version, textOf(cluster.outputs, "version"));
    const template = requireTemplate(context, inputs);
    const amiType = optionalText(inputs, "amiType") ?? "AL2023_x86_64_STANDARD";
    const instanceTypes = textsOf(inputs, "instanceTypes");
    const chosen = instanceTypes.length > 0 ? instanceTypes : ["t3.medium"];
    requireInstanceTypes(chosen, amiType);
    return {
        amiType,
        capacityType: inputs["capacityType"] ?? "ON_DEMAND",
        diskSize: inputs["diskSize"] ?? (template === undefined ? 20 : 0),
        instanceTypes: chosen,
        ...(template === undefined ? {} : { launchTemplate: template }),
        releaseVersion: `${version}.0-20261101`,
        updateConfig: inputs["updateConfig"] ?? { maxUnavailable: 1 },
        version,
    };
}

/** What the control plane is asked for. */
function nodesOf({ outputs }: Item): NodeGroup {
    const taints: Value[] = Array.isArray(outputs["taints"]) ? outputs["taints"] : [];
    return {
        name: textOf(outputs, "nodeGroupName"),
        count: Number(propsOf(outputs["scalingConfig"])["desiredSize"]),
        kubernetesVersion: textOf(outputs, "version"),
        labels: {
            ...(propsOf(outputs["labels"]) as Record<string, string>),
            "eks.amazonaws.com/capacityType": textOf(outputs, "capacityType"),
        },
        taints: taints.map((taint) => taintOf(propsOf(taint))),
        instanceType: textsOf(outputs, "instanceTypes")[0] ?? "",
    };
}

function taintOf(taint: Props): Taint {
    const value = optionalText(taint, "value");
    const effect = EFFECTS[textOf(taint, "effect")];
    if (effect === undefined) throw new Error(`taint effect ${textOf(taint, "effect")} is not known`);
    return { key: textOf(taint, "key"), ...(value === undefined ? {} : { value }), effect };
}

/** Nodes of groups whose creation an earlier daemon did not finish go before others come. */
async function clearInterrupted({ store, clusters }: Context, item: Item, key: string): Promise<void> {
    const ofCluster = ({ type, accountId, outputs }: Item) =>
        type === T.nodeGroup && accountId === item.accountId && outputs["clusterName"] === item.outputs["clusterName"];
    const left = store.transaction(() => store.takeInterrupted(ofCluster));
    for (const { outputs } of left) await clusters.removeNodes(key, textOf(outputs, "nodeGroupName"));
}
