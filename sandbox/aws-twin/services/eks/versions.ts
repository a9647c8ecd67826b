/** Kubernetes minors that EKS offers in November 2026; the newest two and 1.34 are in standard support. */
export const kubernetesVersions: readonly string[] = ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36"];

/** What a cluster gets that asks for no version. */
export const defaultKubernetesVersion = "1.35";

export function minor(version: string): number {
    return Number(version.split(".")[1]);
}

/** Versions of one add-on, oldest first, with the Kubernetes minors each fits. */
interface AddonVersion {
    version: string;
    kubernetes: readonly string[];
}

const every = kubernetesVersions;
const since = (first: string): readonly string[] => every.slice(every.indexOf(first));

/**
 * Add-ons and versions the twin knows: a few of those that `aws eks describe-addon-versions` lists. kube-proxy is
 * built for one minor each.
 */
export const addonVersions: Readonly<Record<string, readonly AddonVersion[]>> = {
    "aws-ebs-csi-driver": [
        { version: "v1.53.0-eksbuild.1", kubernetes: every },
        { version: "v1.54.0-eksbuild.1", kubernetes: every },
        { version: "v1.60.0-eksbuild.1", kubernetes: since("1.33") },
        { version: "v1.63.1-eksbuild.1", kubernetes: since("1.34") },
    ],
    coredns: [
        { version: "v1.11.4-eksbuild.24", kubernetes: ["1.31", "1.32", "1.33"] },
        { version: "v1.12.4-eksbuild.1", kubernetes: ["1.33", "1.34", "1.35"] },
        { version: "v1.13.2-eksbuild.1", kubernetes: ["1.34", "1.35", "1.36"] },
        { version: "v1.14.3-eksbuild.3", kubernetes: ["1.35", "1.36"] },
    ],
    "eks-pod-identity-agent": [
        { version: "v1.3.9-eksbuild.3", kubernetes: every },
        { version: "v1.3.10-eksbuild.2", kubernetes: every },
        { version: "v1.3.10-eksbuild.3", kubernetes: every },
    ],
    "kube-proxy": [
        { version: "v1.31.13-eksbuild.2", kubernetes: ["1.31"] },
        { version: "v1.32.9-eksbuild.2", kubernetes: ["1.32"] },
        { version: "v1.33.5-eksbuild.2", kubernetes: ["1.33"] },
        { version: "v1.34.1-eksbuild.2", kubernetes: ["1.34"] },
        { version: "v1.35.0-eksbuild.2", kubernetes: ["1.35"] },
        { version: "v1.36.0-eksbuild.13", kubernetes: ["1.36"] },
    ],
    "vpc-cni": [
        { version: "v1.20.4-eksbuild.2", kubernetes: every },
        { version: "v1.21.1-eksbuild.1", kubernetes: every },
        { version: "v1.21.1-eksbuild.3", kubernetes: every },
        { version: "v1.22.3-eksbuild.1", kubernetes: since("1.33") },
    ],
};

/** @throws Error with EKS's InvalidParameterException when EKS does not offer the version. */
export function requireSupported(version: string): void {
    if (kubernetesVersions.includes(version)) return;
    throw new Error(
        `InvalidParameterException: unsupported Kubernetes version ${version} (supported: ${kubernetesVersions.join(", ")})`,
    );
}

/** @throws Error unless `after` is `before` or one minor above it. */
export function requireUpgradePath(before: string, after: string): void {
    requireSupported(after);
    const step = minor(after) - minor(before);
    if (step === 0 || step === 1) return;
    throw new Error(
        `InvalidParameterException: Unsupported Kubernetes minor version update from ${before} to ${after}: a cluster ` +
            "goes up one minor version at a time and never down",
    );
}

/** @throws Error unless nodes of `version` may join a control plane of `cluster`: as new, or up to three minors older. */
export function requireNodeVersion(version: string, cluster: string): void {
    requireSupported(version);
    const behind = minor(cluster) - minor(version);
    if (behind >= 0 && behind <= 3) return;
    throw new Error(
        `InvalidParameterException: Requested Nodegroup release version for Kubernetes ${version} is invalid: the ` +
            `cluster runs ${cluster}, and nodes may be as new or up to three minor versions older`,
    );
}
