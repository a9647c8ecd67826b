import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Keeps pods without a matching toleration off a node. */
export interface NodeTaint {
    key: string;
    value?: string | undefined;
    effect: keyof typeof eksTaintEffects;
}

/** EKS spells Kubernetes' taint effects its own way. */
const eksTaintEffects = {
    NoSchedule: "NO_SCHEDULE",
    PreferNoSchedule: "PREFER_NO_SCHEDULE",
    NoExecute: "NO_EXECUTE",
} as const;

/** Size and kind of a managed node group, as configuration states it. */
export interface NodeGroupSpec {
    /** One processor architecture throughout; more types find more spot capacity. */
    instanceTypes: readonly string[];
    /** AMI family and architecture, for example AL2023_ARM_64_STANDARD or BOTTLEROCKET_x86_64. */
    amiType: string;
    capacityType: "ON_DEMAND" | "SPOT";
    /** Size of the root volume. */
    diskSizeGiB: number;
    minSize: number;
    desiredSize: number;
    maxSize: number;
    /** Minor of the nodes while they stay behind the control plane, for example "1.34". @default the control plane's */
    kubernetesVersion?: string | undefined;
    /** Labels of the nodes, besides `fleet/node-group`. */
    labels: Readonly<Record<string, string>>;
    taints: readonly NodeTaint[];
}

/** Inputs of {@link NodeGroup}. */
export interface NodeGroupArgs extends NodeGroupSpec {
    clusterName: pulumi.Input<string>;
    /** Name of the group; nodes carry it as label `fleet/node-group`. */
    groupName: string;
    kubernetesVersion: string;
    nodeRoleArn: pulumi.Input<string>;
    subnetIds: pulumi.Input<pulumi.Input<string>[]>;
}

/** A managed node group with encrypted disks, on which pods cannot reach the instance's own credentials. */
export class NodeGroup extends pulumi.ComponentResource {
    /** `opts.dependsOn` delays the nodes: they need networking, their role's permissions and a way out. */
    constructor(name: string, args: NodeGroupArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:cluster:NodeGroup", name, {}, opts);
        const template = new aws.ec2.LaunchTemplate(
            `${name}-template`,
            {
                // Prefixes, not names: a replacement starts before its predecessor stops.
                namePrefix: pulumi.interpolate`${args.clusterName}-${args.groupName}-`,
                updateDefaultVersion: true,
                metadataOptions: {
                    httpEndpoint: "enabled",
                    httpTokens: "required",
                    // One hop ends at the node: a pod's request would need two.
                    httpPutResponseHopLimit: 1,
                },
                blockDeviceMappings: [
                    {
                        deviceName: dataDevice(args.amiType),
                        ebs: {
                            encrypted: "true",
                            volumeType: "gp3",
                            volumeSize: args.diskSizeGiB,
                            deleteOnTermination: "true",
                        },
                    },
                ],
                tagSpecifications: [
                    {
                        resourceType: "instance",
                        tags: { Name: pulumi.interpolate`${args.clusterName}-${args.groupName}` },
                    },
                ],
            },
            { parent: this },
        );
        new aws.eks.NodeGroup(
            `${name}-nodes`,
            {
                clusterName: args.clusterName,
                nodeGroupNamePrefix: `${args.groupName}-`,
                nodeRoleArn: args.nodeRoleArn,
                subnetIds: args.subnetIds,
                version: args.kubernetesVersion,
                amiType: args.amiType,
                capacityType: args.capacityType,
                instanceTypes: [...args.instanceTypes],
                launchTemplate: {
                    id: template.id,
                    version: template.latestVersion.apply(String),
                },
                scalingConfig: {
                    minSize: args.minSize,
                    desiredSize: args.desiredSize,
                    maxSize: args.maxSize,
                },
                updateConfig: { maxUnavailablePercentage: 33 },
                labels: { ...args.labels, "fleet/node-group": args.groupName },
                ...(args.taints.length === 0 ? {} : { taints: args.taints.map(eksTaint) }),
            },
            { parent: this, dependsOn: opts?.dependsOn },
        );
        this.registerOutputs({});
    }
}

function eksTaint({ key, value, effect }: NodeTaint) {
    return { key, ...(value === undefined ? {} : { value }), effect: eksTaintEffects[effect] };
}

/** Device of the volume that holds container images: Bottlerocket keeps its operating system on another one. */
export function dataDevice(amiType: string): string {
    return amiType.startsWith("BOTTLEROCKET") ? "/dev/xvdb" : "/dev/xvda";
}
