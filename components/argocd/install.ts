import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { HubArgocdIdentity, type HubArgocdIdentityArgs } from "../identity/hub-argocd-identity.ts";
import { ArgoCd, type ArgoCdArgs } from "./argocd.ts";
import { ArgoCdCapability, type CapabilitySettings } from "./capability.ts";

/** Who runs a hub's Argo CD: a Helm release, AWS, or whoever installed it before this stack. */
export type ArgoCdInstall =
    | ({ install: "helm" } & ArgoCdArgs)
    | ({ install: "capability" } & CapabilitySettings)
    | { install: "existing" };

/** Inputs of {@link hubArgocdRole} and {@link installArgocd}, besides the way of installing. */
export interface HubPlace extends HubArgocdIdentityArgs {
    /** Reaches the hub's API. */
    kubernetesProvider: kubernetes.Provider;
}

/** What is lost with the EKS capability, said at every preview. Sources: docs/argocd.md. */
export const capabilityWarning =
    "fleet:argocd.install is capability: AWS runs Argo CD without Notifications, progressive syncs (RollingSync), " +
    "Applications in any namespace, config management plugins and custom health checks, so sync waves do not wait for " +
    "the Applications of a group; clusters are known by their ARN, and no local account or argocd-rbac-cm applies. " +
    "Each spoke must set fleet:hub.access to capability.";

/** Where Argo CD comes from, and what it is in AWS. */
export interface InstalledArgocd {
    /** The role that spokes let in. */
    roleArn: pulumi.Output<string>;
    /** What has to exist before an Application can. */
    resources: pulumi.Resource[];
}

/**
 * Installs Argo CD, or finds it installed.
 *
 * @param names of the identity and of the installation
 * @param ready what Argo CD needs on the cluster: nodes, add-ons
 * @param inAws options for resources of AWS that need the control plane
 */
export function installArgocd(
    names: { identity: string; argocd: string },
    args: HubPlace & { argocd: ArgoCdInstall },
    inAws: pulumi.ComponentResourceOptions,
    ready: pulumi.Resource[],
): InstalledArgocd {
    const { argocd, kubernetesProvider, ...place } = args;
    if (argocd.install === "capability") {
        void pulumi.log.warn(capabilityWarning);
        const capability = new ArgoCdCapability(names.argocd, { ...place, ...argocd, kubernetesProvider }, inAws);
        return { roleArn: capability.roleArn, resources: [capability] };
    }
    const identity = new HubArgocdIdentity(names.identity, place, inAws);
    if (argocd.install === "existing") {
        return { roleArn: identity.roleArn, resources: [...ready, identity] };
    }
    const release = new ArgoCd(names.argocd, argocd, {
        parent: inAws.parent,
        provider: kubernetesProvider,
        dependsOn: [...ready, identity],
    });
    return { roleArn: identity.roleArn, resources: [release] };
}
