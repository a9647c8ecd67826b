/** Add-ons that a cluster with node groups runs. EKS Auto Mode has all of it built in. */
export const addonNames = ["vpc-cni", "kube-proxy", "eks-pod-identity-agent", "coredns", "aws-ebs-csi-driver"] as const;

export type AddonName = (typeof addonNames)[number];

/** Versions of one add-on that fit a minor: first the one a cluster gets, then those it may ask for instead. */
export type AddonVersions = readonly [string, ...string[]];

/** A Kubernetes minor as EKS offers it. Days are UTC, written YYYY-MM-DD. */
export interface KubernetesRelease {
    /** Day EKS released it. */
    released: string;
    /** Day from which it costs more: extended support begins, if the cluster's support type allows it. */
    endOfStandardSupport: string;
    /** Day from which EKS upgrades clusters by itself. */
    endOfExtendedSupport: string;
    /** What a control plane of this minor runs with. Without it only nodes may still have this version. */
    addons?: {
        /** Day on which these versions were chosen. */
        pinnedOn: string;
        versions: Readonly<Record<AddonName, AddonVersions>>;
    };
}

/**
 * The one table that says which Kubernetes versions a fleet may run and with which add-ons. To upgrade a cluster is to
 * change its `kubernetesVersion`; a new minor is a new row here. Configuration, components and policies all read it.
 *
 * Dates: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html (release calendar), also
 * `aws eks describe-cluster-versions`. Add-ons: `aws eks describe-addon-versions --kubernetes-version <minor>`.
 */
export const kubernetesReleases: Readonly<Record<string, KubernetesRelease>> = {
    "1.32": { released: "2025-01-23", endOfStandardSupport: "2026-03-23", endOfExtendedSupport: "2027-03-23" },
    "1.33": { released: "2025-05-29", endOfStandardSupport: "2026-07-29", endOfExtendedSupport: "2027-07-29" },
    "1.34": {
        released: "2025-10-02",
        endOfStandardSupport: "2026-12-02",
        endOfExtendedSupport: "2027-12-02",
        addons: {
            pinnedOn: "2026-11-21",
            versions: {
                "vpc-cni": ["v1.21.1-eksbuild.1", "v1.21.1-eksbuild.3", "v1.22.3-eksbuild.1"],
                "kube-proxy": ["v1.34.1-eksbuild.2"],
                "eks-pod-identity-agent": ["v1.3.10-eksbuild.2", "v1.3.10-eksbuild.3"],
                coredns: ["v1.12.4-eksbuild.1", "v1.13.2-eksbuild.1"],
                "aws-ebs-csi-driver": ["v1.60.0-eksbuild.1", "v1.63.1-eksbuild.1"],
            },
        },
    },
    "1.35": {
        released: "2026-01-27",
        endOfStandardSupport: "2027-03-27",
        endOfExtendedSupport: "2028-03-27",
        addons: {
            pinnedOn: "2026-11-21",
            versions: {
                "vpc-cni": ["v1.21.1-eksbuild.3", "v1.22.3-eksbuild.1"],
                "kube-proxy": ["v1.35.0-eksbuild.2"],
                "eks-pod-identity-agent": ["v1.3.10-eksbuild.2", "v1.3.10-eksbuild.3"],
                coredns: ["v1.13.2-eksbuild.1", "v1.14.3-eksbuild.3"],
                "aws-ebs-csi-driver": ["v1.60.0-eksbuild.1", "v1.63.1-eksbuild.1"],
            },
        },
    },
    "1.36": {
        released: "2026-06-02",
        endOfStandardSupport: "2027-08-02",
        endOfExtendedSupport: "2028-08-02",
        addons: {
            pinnedOn: "2026-11-21",
            versions: {
                "vpc-cni": ["v1.22.3-eksbuild.1"],
                "kube-proxy": ["v1.36.0-eksbuild.13"],
                "eks-pod-identity-agent": ["v1.3.10-eksbuild.3"],
                coredns: ["v1.14.3-eksbuild.3"],
                "aws-ebs-csi-driver": ["v1.63.1-eksbuild.1"],
            },
        },
    },
};

/** Minors a control plane may run, oldest first. */
export const kubernetesVersions: readonly string[] = Object.entries(kubernetesReleases).flatMap(([minor, { addons }]) =>
    addons === undefined ? [] : [minor],
);

/** Minors nodes may run: also older ones, whose control planes have gone ahead. */
export const nodeKubernetesVersions: readonly string[] = Object.keys(kubernetesReleases);

/** How many minors nodes may be behind their control plane. https://kubernetes.io/releases/version-skew-policy/ */
export const longestNodeSkew = 3;

/** 35 of "1.35". */
export function minorOf(kubernetesVersion: string): number {
    return Number(kubernetesVersion.split(".")[1]);
}

/** Versions of an add-on that fit a Kubernetes minor; none where the table has no add-ons for it. */
export function addonVersions(kubernetesVersion: string, addon: AddonName): readonly string[] {
    return kubernetesReleases[kubernetesVersion]?.addons?.versions[addon] ?? [];
}

/**
 * The version of an add-on to install.
 *
 * @param wanted instead of the pinned one
 * @throws when the table does not have the pair
 */
export function addonVersion(kubernetesVersion: string, addon: AddonName, wanted?: string): string {
    const fitting = addonVersions(kubernetesVersion, addon);
    const version = wanted ?? fitting[0];
    if (version === undefined) {
        throw new Error(
            `kubernetesVersion: no add-ons pinned for ${kubernetesVersion} (pinned: ${kubernetesVersions.join(", ")})`,
        );
    }
    if (!fitting.includes(version)) {
        throw new Error(
            `addons.${addon}: ${version} does not fit Kubernetes ${kubernetesVersion} (fitting: ${fitting.join(", ")})`,
        );
    }
    return version;
}
