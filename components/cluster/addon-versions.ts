/** Add-ons every cluster has. */
export type AddonName = "vpc-cni" | "kube-proxy" | "eks-pod-identity-agent" | "coredns";

/**
 * Add-on versions per Kubernetes minor version. Pinned, so that a preview shows an add-on change as a change of this
 * file. Source: `aws eks describe-addon-versions --kubernetes-version <minor> --addon-name <name>`.
 */
export const addonVersions: Readonly<Record<string, Readonly<Record<AddonName, string>>>> = {
    "1.34": {
        "vpc-cni": "v1.21.1-eksbuild.1",
        "kube-proxy": "v1.34.1-eksbuild.2",
        "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
        coredns: "v1.12.4-eksbuild.1",
    },
    "1.35": {
        "vpc-cni": "v1.21.1-eksbuild.3",
        "kube-proxy": "v1.35.0-eksbuild.2",
        "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
        coredns: "v1.13.2-eksbuild.1",
    },
    "1.36": {
        "vpc-cni": "v1.22.3-eksbuild.1",
        "kube-proxy": "v1.36.0-eksbuild.13",
        "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
        coredns: "v1.14.3-eksbuild.3",
    },
};

/**
 * Version of an add-on for a Kubernetes minor version.
 *
 * @throws when nobody has pinned add-ons for that version yet.
 */
export function addonVersion(kubernetesVersion: string, addon: AddonName): string {
    const versions = addonVersions[kubernetesVersion];
    if (versions === undefined) {
        throw new Error(
            `EksCluster kubernetesVersion: no add-ons pinned for ${kubernetesVersion} ` +
                `(pinned: ${Object.keys(addonVersions).join(", ")})`,
        );
    }
    return versions[addon];
}
