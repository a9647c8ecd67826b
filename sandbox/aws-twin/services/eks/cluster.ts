import type { Props } from "../../../engine/kit/types.ts";
import { UNKNOWN } from "../../../engine/kit/types.ts";
import { ec2Identifier, hex, timestamp } from "../../identifiers.ts";
import { arnHere, itemsWith } from "../../references.ts";
import {
    optionalText,
    propsOf,
    textOf,
    type Context,
    type ResourceType,
    type Settled,
} from "../../schema/resource-type.ts";
import type { Item } from "../../state/store.ts";
import { T } from "../../tokens.ts";
import { applyNodePools, autoModeProblems, nodePoolsChange, requireAutoModeRoles } from "./auto-mode.ts";
import { clusterFields } from "./cluster-fields.ts";
import { requireClusterKey, requireClusterRole } from "./cluster-permissions.ts";
import { creatorAccess } from "./implicit-access.ts";
import { requireClusterNetwork, serviceCidr } from "./network.ts";
import { defaultKubernetesVersion, requireSupported, requireUpgradePath } from "./versions.ts";

/** What lives in a cluster and goes with it. */
const CHILDREN = [T.addon, T.accessEntry, T.accessPolicyAssociation, T.podIdentityAssociation];

/** An EKS cluster; behind it runs a real Kubernetes control plane. */
export const cluster: ResourceType = {
    token: T.cluster,
    tagged: true,
    name: { property: "name", auto: (name, random) => `${name}-${random}`, max: 100 },
    inputs: clusterFields,
    computed: [
        "accessConfig",
        "arn",
        "certificateAuthority",
        "createdAt",
        "deletionProtection",
        "endpoint",
        "identities",
        "kubernetesNetworkConfig",
        "platformVersion",
        "status",
        "upgradePolicy",
        "version",
    ],
    volatile: (changed) => (changed.includes("version") ? ["platformVersion"] : []),
    validate: autoModeProblems,
    preview: (inputs) => ({
        vpcConfig: { ...propsOf(inputs["vpcConfig"]), clusterSecurityGroupId: UNKNOWN, vpcId: UNKNOWN },
    }),
    create: (context, inputs) => {
        const name = textOf(inputs, "name");
        requireFreeName(context, name);
        const version = optionalText(inputs, "version") ?? defaultKubernetesVersion;
        requireSupported(version);
        const vpcId = requireClusterNetwork(context, inputs);
        const arn = arnHere(context, "eks", `cluster/${name}`);
        requireClusterRole(context, textOf(inputs, "roleArn"), arn);
        requireAutoModeRoles(context, inputs, arn);
        requireClusterKey(context, inputs);
        const issuer = `https://oidc.eks.${context.place.region}.amazonaws.com/id/${hex(32).toUpperCase()}`;
        const access = accessConfig(inputs);
        const range = serviceCidr(context, inputs, vpcId);
        return {
            id: name,
            computed: {
                ...settled(inputs, vpcId, ec2Identifier("sg")),
                accessConfig: access,
                arn,
                createdAt: timestamp(context.now),
                identities: [{ oidcs: [{ issuer }] }],
                kubernetesNetworkConfig: {
                    ...propsOf(inputs["kubernetesNetworkConfig"]),
                    ipFamily: "ipv4",
                    serviceIpv4Cidr: range,
                },
                status: "CREATING",
                version,
            },
            hidden: { issuer },
        };
    },
    provision: async (context, item) => {
        const { id, outputs, hidden } = item;
        const { clusters, place, signal, store } = context;
        // One that an earlier daemon started and did not get to note down.
        await clusters.delete(keyOf({ accountId: place.accountId, id }));
        const handle = await clusters.create(
            {
                accountId: place.accountId,
                region: place.region,
                name: id,
                kubernetesVersion: textOf(outputs, "version"),
                serviceCidr: textOf(propsOf(outputs["kubernetesNetworkConfig"]), "serviceIpv4Cidr"),
                issuer: textOf(hidden, "issuer"),
            },
            signal,
        );
        if (propsOf(outputs["accessConfig"])["bootstrapClusterCreatorAdminPermissions"] === true) {
            store.transaction(() => creatorAccess(context, id));
        }
        await applyNodePools(context, keyOf(item), undefined, item);
        return {
            certificateAuthority: { data: handle.caData },
            endpoint: handle.endpoint,
            platformVersion: "eks.1",
            status: "ACTIVE",
        };
    },
    update,
    apply: async (context, before, after): Promise<Props> => {
        const computed = await upgraded(context, before, after);
        if (nodePoolsChange(before, after)) await applyNodePools(context, keyOf(after), before, after);
        return computed;
    },
    remove: (context, { id, outputs }) => {
        if (outputs["deletionProtection"] === true) {
            throw new Error(
                `InvalidRequestException: Cluster ${id} has deletion protection enabled. Set deletionProtection to ` +
                    "false and deploy that before deleting the cluster.",
            );
        }
        const groups = itemsWith(context, T.nodeGroup, "clusterName", id);
        if (groups.length > 0) throw new Error("ResourceInUseException: Cluster has nodegroups attached");
    },
    deprovision: async (context, item) => {
        const { clusters, store, signal } = context;
        await clusters.delete(keyOf(item), signal);
        store.transaction(() => {
            for (const type of CHILDREN) {
                for (const child of itemsWith(context, type, "clusterName", item.id)) store.remove(child);
            }
            store.takeInterrupted(
                ({ accountId, outputs }) => accountId === item.accountId && outputs["clusterName"] === item.id,
            );
        });
    },
};

async function upgraded({ clusters, signal }: Context, before: Item, after: Item): Promise<Props> {
    const version = textOf(after.outputs, "version");
    if (version === before.outputs["version"]) return {};
    const handle = await clusters.upgrade(keyOf(after), version, signal);
    return { endpoint: handle.endpoint, certificateAuthority: { data: handle.caData }, platformVersion: "eks.1" };
}

function update(context: Context, item: Item, inputs: Props, changed: readonly string[]): Settled {
    const before = item.outputs;
    const version = optionalText(inputs, "version") ?? textOf(before, "version");
    requireUpgradePath(textOf(before, "version"), version);
    if (changed.includes("encryptionConfig")) requireClusterKey(context, inputs);
    requireAutoModeRoles(context, inputs, textOf(before, "arn"));
    const access = accessConfig(inputs);
    requireModeChange(textOf(propsOf(before["accessConfig"]), "authenticationMode"), access.authenticationMode);
    const old = propsOf(before["vpcConfig"]);
    const vpcId = requireClusterNetwork(context, inputs);
    if (vpcId !== old["vpcId"]) {
        throw new Error(
            `InvalidParameterException: Provided subnets belong to ${vpcId}, the cluster is in ${textOf(old, "vpcId")}`,
        );
    }
    return {
        computed: {
            ...settled(inputs, vpcId, textOf(old, "clusterSecurityGroupId")),
            accessConfig: access,
            version,
        },
    };
}

/** AWS's answers where the program leaves a choice open. */
function settled(inputs: Props, vpcId: string, clusterSecurityGroupId: string): Props {
    const open = { endpointPrivateAccess: false, endpointPublicAccess: true, publicAccessCidrs: ["0.0.0.0/0"] };
    return {
        deletionProtection: inputs["deletionProtection"] ?? false,
        upgradePolicy: { supportType: "EXTENDED", ...propsOf(inputs["upgradePolicy"]) },
        vpcConfig: { ...open, securityGroupIds: [], ...propsOf(inputs["vpcConfig"]), vpcId, clusterSecurityGroupId },
    };
}

function accessConfig(inputs: Props): { authenticationMode: string; bootstrapClusterCreatorAdminPermissions: boolean } {
    const given = propsOf(inputs["accessConfig"]);
    return {
        authenticationMode: optionalText(given, "authenticationMode") ?? "CONFIG_MAP",
        bootstrapClusterCreatorAdminPermissions: given["bootstrapClusterCreatorAdminPermissions"] !== false,
    };
}

const MODES = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"];

function requireModeChange(before: string, after: string): void {
    if (MODES.indexOf(after) >= MODES.indexOf(before)) return;
    throw new Error(
        `InvalidParameterException: Unsupported authentication mode update from ${before} to ${after}: the modes go ` +
            `${MODES.join(" → ")}, never back`,
    );
}

function requireFreeName({ store, place }: Context, name: string): void {
    // The control planes are known by account and name: one name, one cluster, whatever the region.
    const other = store.all(T.cluster, { accountId: place.accountId }).find(({ id }) => id === name);
    if (other === undefined) return;
    const where =
        other.region === place.region ? "" : ` in ${other.region}; the sandbox runs one of a name per account`;
    throw new Error(`ResourceInUseException: Cluster already exists with name: ${name}${where}`);
}

/** Key of a cluster's control plane. */
export function keyOf({ accountId, id }: Pick<Item, "accountId" | "id">): string {
    return `${accountId}.${id}`;
}
