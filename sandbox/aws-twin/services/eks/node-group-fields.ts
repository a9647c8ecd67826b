import type { CheckFailure, Props } from "../../../engine/kit/types.ts";
import { flag, list, map, object, set, text, whole, type Field } from "../../schema/field.ts";
import { clusterName, ec2Id, matching, oneOf, roleArn } from "../../schema/formats.ts";
import { propsOf } from "../../schema/resource-type.ts";

const groupName = matching(/^[0-9A-Za-z][A-Za-z0-9_-]{0,62}$/, "1 to 63 letters, digits, - and _");

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html; Windows and custom images are left out. */
const AMI_TYPES = [
    "AL2023_ARM_64_NVIDIA",
    "AL2023_ARM_64_STANDARD",
    "AL2023_x86_64_NEURON",
    "AL2023_x86_64_NVIDIA",
    "AL2023_x86_64_STANDARD",
    "BOTTLEROCKET_ARM_64",
    "BOTTLEROCKET_ARM_64_FIPS",
    "BOTTLEROCKET_ARM_64_NVIDIA",
    "BOTTLEROCKET_x86_64",
    "BOTTLEROCKET_x86_64_FIPS",
    "BOTTLEROCKET_x86_64_NVIDIA",
];

const size = (min: number) => whole({ required: true, min, max: 1000 });

export const nodeGroupFields: Readonly<Record<string, Field>> = {
    amiType: text({ replaces: true, check: oneOf(...AMI_TYPES) }),
    capacityType: text({ replaces: true, check: oneOf("ON_DEMAND", "SPOT") }),
    clusterName: text({ required: true, replaces: true, check: clusterName }),
    diskSize: whole({ replaces: true, min: 1, max: 16384 }),
    forceUpdateVersion: flag(),
    instanceTypes: list(text({ check: matching(/^[a-z0-9-]+\.[a-z0-9-]+$/, "an instance type such as m7g.large") }), {
        replaces: true,
        max: 20,
    }),
    labels: map(text()),
    launchTemplate: object({
        id: text({ required: true, replaces: true, check: ec2Id("lt") }),
        version: text({ required: true, check: matching(/^\d+$/, "the number of a version") }),
    }),
    nodeGroupName: text({ replaces: true, check: groupName }),
    nodeGroupNamePrefix: text({ replaces: true, check: groupName }),
    nodeRoleArn: text({ required: true, replaces: true, check: roleArn }),
    scalingConfig: object({ desiredSize: size(0), maxSize: size(1), minSize: size(0) }, { required: true }),
    subnetIds: set(text({ check: ec2Id("subnet") }), { required: true, replaces: true, min: 1 }),
    taints: set(
        object({
            effect: text({ required: true, check: oneOf("NO_EXECUTE", "NO_SCHEDULE", "PREFER_NO_SCHEDULE") }),
            key: text({ required: true }),
            value: text(),
        }),
        { max: 50 },
    ),
    updateConfig: object({
        maxUnavailable: whole({ min: 1, max: 100 }),
        maxUnavailablePercentage: whole({ min: 1, max: 100 }),
    }),
    version: text(),
};

/** What EKS refuses of inputs that are right one by one. */
export function nodeGroupProblems(inputs: Props): CheckFailure[] {
    const { desiredSize, maxSize, minSize } = propsOf(inputs["scalingConfig"]);
    const failures: CheckFailure[] = [];
    if (Number(minSize) > Number(desiredSize) || Number(desiredSize) > Number(maxSize)) {
        const got = [minSize, desiredSize, maxSize].map(Number).join(", ");
        failures.push({ property: "scalingConfig", reason: `wants minSize ≤ desiredSize ≤ maxSize, got ${got}` });
    }
    const { maxUnavailable, maxUnavailablePercentage } = propsOf(inputs["updateConfig"]);
    if (maxUnavailable !== undefined && maxUnavailablePercentage !== undefined) {
        failures.push({ property: "updateConfig", reason: "give one of maxUnavailable and maxUnavailablePercentage" });
    }
    if (inputs["launchTemplate"] !== undefined && inputs["diskSize"] !== undefined) {
        failures.push({ property: "diskSize", reason: "must be specified within the launch template" });
    }
    return failures;
}
