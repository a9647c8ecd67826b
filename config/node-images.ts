/**
 * Images of managed node groups that run Linux and that EKS maintains.
 * https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html; Amazon Linux 2 ended in 2025.
 */
export const amiTypes = [
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
] as const;

export type Architecture = "arm64" | "x86_64";

/** Architecture of an image. */
export function architectureOfImage(amiType: string): Architecture {
    return amiType.includes("ARM_64") ? "arm64" : "x86_64";
}

/**
 * Architecture of an EC2 instance type; undefined when the text is none. A `g` after the generation is Graviton, and so
 * were the first ones, a1. https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export function architectureOfInstance(type: string): Architecture | undefined {
    const [, family] =
        /^([a-z]+\d+[a-z0-9-]*)\.(?:nano|micro|small|medium|large|\d*xlarge|metal[a-z0-9-]*)$/.exec(type) ?? [];
    if (family === undefined) {
        return undefined;
    }
    return /^[a-z]+\d+g/.test(family) || family === "a1" || family.includes("-gb") ? "arm64" : "x86_64";
}
