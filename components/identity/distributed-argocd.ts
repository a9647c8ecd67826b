import * as pulumi from "@pulumi/pulumi";

import { argocdNamespace, argocdServiceAccounts, fleetRoleArn, hubArgocdRoleName } from "../../contract/names.ts";
import { ClusterAdminAccess } from "../cluster/cluster-admin-access.ts";
import { PodIdentityRole } from "./pod-identity-role.ts";
import type { MakesRoles } from "./role-settings.ts";

/** Inputs of {@link DistributedArgocd}. */
export interface DistributedArgocdArgs extends MakesRoles {
    accountId: string;
    region: string;
    clusterName: string;
}

/**
 * What a spoke's own Argo CD is in AWS: a role without permissions, which makes its pods administrators of their own
 * cluster by an access entry. It can become nobody else and reach no other cluster; its secrets, Git's credentials
 * among them, come through External Secrets and that role's prefixes.
 */
export class DistributedArgocd extends pulumi.ComponentResource {
    /** `opts.dependsOn` delays associations and access: the cluster has to exist by then. */
    constructor(name: string, args: DistributedArgocdArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:identity:DistributedArgocd", name, {}, opts);
        const { accountId, region, clusterName, iam } = args;
        const roleName = hubArgocdRoleName(clusterName);
        const holder = { accountId, region, clusterName, namespace: argocdNamespace };
        const identity = new PodIdentityRole(
            `${name}-pods`,
            { ...holder, roleName, serviceAccounts: argocdServiceAccounts, iam },
            { parent: this, dependsOn: opts?.dependsOn },
        );
        new ClusterAdminAccess(
            `${name}-admin`,
            { clusterName, principalArn: fleetRoleArn(accountId, roleName, iam?.path) },
            pulumi.mergeOptions({ parent: this, dependsOn: [identity] }, { dependsOn: opts?.dependsOn }),
        );
        this.registerOutputs({});
    }
}
