import type { Props } from "../engine/kit/types.ts";
import type { ClusterHandle, ClusterSpec, NodeGroup } from "../cluster/spec.ts";
import { echoed, free, hex, key, list, object, refer, role, text, unused, usersOf } from "./lookups.ts";
import { AwsError, type Context, type ResourceType } from "./resource-type.ts";

export interface Clusters {
    create(spec: ClusterSpec, signal: AbortSignal): Promise<ClusterHandle>;
    delete(key: string): Promise<void>;
    scaleNodes(key: string, group: NodeGroup): Promise<void>;
    removeNodes(key: string, group: string): Promise<void>;
}
export const CLUSTER = "aws:eks/cluster:Cluster";
export const ENTRY = "aws:eks/accessEntry:AccessEntry";
export const POLICY = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
export const POD = "aws:eks/podIdentityAssociation:PodIdentityAssociation";
const NODES = "aws:eks/nodeGroup:NodeGroup";
const ADDON = "aws:eks/addon:Addon";
const tags = { shape: "object" } as const;
const name = { shape: "string", required: true, replace: true } as const;
const place = (c: Context) => `${c.caller.region}:${c.caller.account}`;
const cluster = (c: Context, i: Props) => refer(c, CLUSTER, text(i, "clusterName"), "ResourceNotFoundException", "cluster");

export function eksTypes(clusters: Clusters): ResourceType[] {
    return [
        {
            type: CLUSTER,
            named: true,
            inputs: {
                name,
                roleArn: { shape: "string", required: true, replace: true },
                version: { shape: "string", required: true },
                vpcConfig: { shape: "object", required: true },
                accessConfig: { shape: "object" },
                bootstrapSelfManagedAddons: { shape: "boolean", replace: true, default: true },
                deletionProtection: { shape: "boolean", default: false },
                enabledClusterLogTypes: { shape: "list" },
                encryptionConfig: { shape: "object", replace: true },
                kubernetesNetworkConfig: { shape: "object" },
                upgradePolicy: { shape: "object" },
                tags,
            },
            stable: ["arn", "endpoint", "certificateAuthority", "identities", "createdAt"],
            computed: ["arn", "endpoint", "certificateAuthority", "identities", "createdAt", "status", "platformVersion"],
            async create(c, i) {
                const id = text(i, "name");
                free(c, CLUSTER, id, "ResourceInUseException", `Cluster already exists with name: ${id}`);
                role(c, text(i, "roleArn"));
                const subnets = list(object(i["vpcConfig"])["subnetIds"]).map((s) => refer(c, "aws:ec2/subnet:Subnet", s, "InvalidParameterException", "subnet"));
                if (new Set(subnets.map((s) => s.inputs["availabilityZone"])).size < 2) throw new AwsError("InvalidParameterException", "Subnets specified must be in at least two different AZs");
                const enc = object(object(i["encryptionConfig"])["provider"])["keyArn"];
                if (typeof enc === "string") key(c, enc);
                const issuer = `https://oidc.eks.${c.caller.region}.amazonaws.com/id/${hex(32).toUpperCase()}`;
                c.log("starting a control plane");
                const handle = await clusters.create(
                    { accountId: c.caller.account, region: c.caller.region, name: id, kubernetesVersion: text(i, "version"), serviceCidr: String(object(i["kubernetesNetworkConfig"])["serviceIpv4Cidr"] ?? "172.20.0.0/16"), issuer },
                    c.signal,
                );
                return {
                    id,
                    outputs: echoed(c, i, {
                        vpcConfig: { ...object(i["vpcConfig"]), vpcId: subnets[0]?.inputs["vpcId"] ?? "", clusterSecurityGroupId: `sg-0${hex(16)}` },
                        arn: `arn:aws:eks:${place(c)}:cluster/${id}`,
                        endpoint: handle.endpoint,
                        certificateAuthority: { data: handle.caData },
                        certificateAuthorities: [{ data: handle.caData }],
                        identities: [{ oidcs: [{ issuer }] }],
                        issuer,
                        createdAt: c.clock().toISOString(),
                        status: "ACTIVE",
                        platformVersion: "eks.1",
                    }),
                };
            },
            async update(c, s, i) {
                return { ...s.outputs, ...echoed(c, i, { vpcConfig: { ...object(s.outputs["vpcConfig"]), ...object(i["vpcConfig"]) } }) };
            },
            async remove(c, s) {
                if (s.inputs["deletionProtection"] === true) throw new AwsError("InvalidRequestException", `Cluster ${s.id} has deletion protection`);
                unused(c, usersOf(c, NODES, "clusterName", s.id), "ResourceInUseException", "Cluster has nodegroups attached");
                await clusters.delete(`${s.account}.${s.id}`);
            },
        },
        {
            type: NODES,
            inputs: {
                clusterName: name, nodeGroupNamePrefix: { shape: "string", replace: true }, nodeRoleArn: { shape: "string", required: true, replace: true },
                subnetIds: { shape: "list", required: true, replace: true }, scalingConfig: { shape: "object", required: true }, amiType: { shape: "string", replace: true },
                capacityType: { shape: "string", replace: true }, instanceTypes: { shape: "list", replace: true }, labels: { shape: "object" }, taints: { shape: "list" },
                launchTemplate: { shape: "object" }, updateConfig: { shape: "object" }, version: { shape: "string" }, tags,
            },
            stable: ["arn", "nodeGroupName"],
            computed: ["arn", "nodeGroupName", "status"],
            async create(c, i) {
                const owner = cluster(c, i);
                role(c, text(i, "nodeRoleArn"));
                const nodeGroupName = `${text(i, "nodeGroupNamePrefix")}${hex(12)}`;
                await scale(c, owner.id, nodeGroupName, i);
                return { id: `${owner.id}:${nodeGroupName}`, outputs: echoed(c, i, { nodeGroupName, arn: `arn:aws:eks:${place(c)}:nodegroup/${owner.id}/${nodeGroupName}/${hex(8)}`, status: "ACTIVE" }) };
            },
            async update(c, s, i) {
                await scale(c, text(i, "clusterName"), text(s.outputs, "nodeGroupName"), i);
                return { ...s.outputs, ...echoed(c, i, {}) };
            },
            async remove(c, s) {
                await clusters.removeNodes(`${c.caller.account}.${text(s.inputs, "clusterName")}`, text(s.outputs, "nodeGroupName"));
            },
        },
        simple(ADDON, { clusterName: name, addonName: name, addonVersion: { shape: "string" }, resolveConflictsOnCreate: { shape: "string" }, resolveConflictsOnUpdate: { shape: "string" }, configurationValues: { shape: "string" }, podIdentityAssociations: { shape: "list" }, tags }, (c, i) => `${cluster(c, i).id}:${text(i, "addonName")}`, "addon"),
        simple(ENTRY, { clusterName: name, principalArn: name, type: { shape: "string", replace: true, default: "STANDARD" }, kubernetesGroups: { shape: "list" }, userName: { shape: "string" }, tags }, (c, i) => `${cluster(c, i).id}:${role(c, text(i, "principalArn")).outputs["arn"] as string}`, "access-entry", (c, i) => ({ principalId: role(c, text(i, "principalArn")).outputs["uniqueId"] ?? "" })),
        simple(POLICY, { clusterName: name, principalArn: name, policyArn: name, accessScope: { shape: "object", required: true, replace: true } }, (c, i) => {
            const id = `${cluster(c, i).id}:${text(i, "principalArn")}`;
            refer(c, ENTRY, id, "ResourceNotFoundException", "access entry");
            return `${id}#${text(i, "policyArn")}`;
        }, "x"),
        simple(POD, { clusterName: name, namespace: name, serviceAccount: name, roleArn: { shape: "string", required: true }, disableSessionTags: { shape: "boolean" }, targetRoleArn: { shape: "string" }, tags }, (c, i) => { cluster(c, i); role(c, text(i, "roleArn")); return `a-${hex(17)}`; }, "podidentityassociation"),
    ];

    async function scale(c: Context, clusterId: string, group: string, i: Props): Promise<void> {
        const owner = refer(c, CLUSTER, clusterId, "ResourceNotFoundException", "cluster");
        await clusters.scaleNodes(`${c.caller.account}.${clusterId}`, {
            name: group,
            count: Number(object(i["scalingConfig"])["desiredSize"]),
            kubernetesVersion: text(i, "version") || text(owner.inputs, "version"),
            labels: object(i["labels"]) as Record<string, string>,
            taints: [],
            instanceType: list(i["instanceTypes"])[0] ?? "t3.medium",
        });
    }
}

function simple(type: string, inputs: ResourceType["inputs"], id: (c: Context, i: Props) => string, kind: string, more: (c: Context, i: Props) => Props = () => ({})): ResourceType {
    const computed = ["arn", "accessEntryArn", "associationArn", "associationId"];
    return {
        type, inputs, stable: computed, computed,
        async create(c, i) {
            const key = id(c, i);
            const arn = `arn:aws:eks:${place(c)}:${kind}/${text(i, "clusterName")}/${key}`;
            free(c, type, key, "ResourceInUseException", `${kind} ${key} exists already`);
            return { id: key, outputs: echoed(c, i, { arn, accessEntryArn: arn, associationArn: arn, associationId: key, ...more(c, i) }) };
        },
        async update(c, s, i) {
            return { ...s.outputs, ...echoed(c, i, {}) };
        },
    };
}
