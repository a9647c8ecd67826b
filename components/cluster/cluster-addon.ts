import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { type AddonName, addonVersion } from "../../contract/kubernetes-releases.ts";

/** Versions of add-ons instead of the pinned ones; each must fit the Kubernetes minor. */
export type AddonOverrides = { readonly [Name in AddonName]?: string | undefined };

/** The cluster an add-on is installed on. */
export interface AddonCluster {
    name: pulumi.Input<string>;
    kubernetesVersion: string;
    addons: AddonOverrides;
}

/** Settings of add-ons that need any. Values are text: the add-on's own schema says so. */
const configuration: Partial<Record<AddonName, Record<string, string>>> = {
    // Without it NetworkPolicies are accepted and ignored (CVE-2024-31989 needed exactly that).
    "vpc-cni": { enableNetworkPolicy: "true" },
};

/** An EKS add-on at its pinned version, or at the one asked for. */
export function clusterAddon(
    name: string,
    addon: AddonName,
    cluster: AddonCluster,
    opts: pulumi.CustomResourceOptions,
): aws.eks.Addon {
    const values = configuration[addon];
    return new aws.eks.Addon(
        name,
        {
            clusterName: cluster.name,
            addonName: addon,
            addonVersion: addonVersion(cluster.kubernetesVersion, addon, cluster.addons[addon]),
            resolveConflictsOnCreate: "OVERWRITE",
            resolveConflictsOnUpdate: "OVERWRITE",
            ...(values === undefined ? {} : { configurationValues: JSON.stringify(values) }),
        },
        opts,
    );
}
