import * as pulumi from "@pulumi/pulumi";

import { type ArgocdInstall, eksClusterArn } from "../../contract/names.ts";
import type { EksCluster } from "../cluster/eks-cluster.ts";
import type { CredentialFreeAuth } from "../registration/registration-secret.ts";
import { CapabilityAccess } from "./capability-access.ts";
import type { RoleSettings } from "./role-settings.ts";
import { SpokeAccessRole } from "./spoke-access-role.ts";

/** What a spoke knows of its hub's Argo CD. */
export interface HubArgocd {
    /** By a role of the spoke's account that it assumes, or by its own. Decides which resources there are. */
    access: "role" | "capability";
    /** What the hub says of itself. */
    argocdInstall: pulumi.Output<ArgocdInstall>;
    argocdRoleArn: pulumi.Output<string>;
    clusterArn: pulumi.Output<string>;
}

/** How a hub's Argo CD reaches a spoke. */
export interface HubAccess {
    /** What has to exist before the hub may hear of the cluster. */
    door: pulumi.Resource;
    /** Role by which it comes in. */
    roleArn: pulumi.Output<string>;
    /** The cluster as that Argo CD knows it. */
    server: pulumi.Input<string>;
    auth: pulumi.Input<CredentialFreeAuth>;
}

/** The door a hub's Argo CD comes in by: a role of this account, or the EKS capability's own. */
export function hubAccess(
    name: string,
    args: {
        clusterName: string;
        accountId: string;
        region: string;
        iam: RoleSettings;
        hub: HubArgocd;
        cluster: EksCluster;
    },
    opts: pulumi.ComponentResourceOptions,
): HubAccess {
    const { clusterName, accountId, region, iam, hub, cluster } = args;
    const onCluster = { ...opts, dependsOn: [cluster.controlPlane] };
    const hubArgocdRoleArn = pulumi
        .all([hub.argocdRoleArn, hub.argocdInstall])
        .apply(([roleArn, install]) => agreedRole(roleArn, install, hub.access));
    if (hub.access === "capability") {
        const door = new CapabilityAccess(name, { clusterName, capabilityRoleArn: hubArgocdRoleArn }, onCluster);
        const server = eksClusterArn(region, accountId, clusterName);
        return { door, roleArn: door.roleArn, server, auth: { type: "accessEntry" } };
    }
    const door = new SpokeAccessRole(
        name,
        { clusterName, accountId, iam, hubArgocdRoleArn, hubClusterArn: hub.clusterArn },
        onCluster,
    );
    const auth = door.roleArn.apply((roleArn) => ({ type: "aws" as const, clusterName, roleArn }));
    return { door, roleArn: door.roleArn, server: cluster.endpoint, auth };
}

/**
 * The hub's role, when hub and spoke agree on the way in. Pure, so tests call it without Pulumi.
 *
 * @throws {pulumi.RunError} E-REF-007, shown without a stack trace
 */
export function agreedRole(roleArn: string, install: string, access: HubArgocd["access"]): string {
    const wanted = install === "capability" ? "capability" : "role";
    if (access !== wanted) {
        throw new pulumi.RunError(
            `E-REF-007 fleet:hub.access: the hub's Argo CD is installed by ${install} (got ${JSON.stringify(access)}; ` +
                `allowed: ${JSON.stringify(wanted)}). Fix: set it.`,
        );
    }
    return roleArn;
}
