import * as pulumi from "@pulumi/pulumi";

import { ClusterAdminAccess } from "../cluster/cluster-admin-access.ts";

/** Inputs of {@link CapabilityAccess}. */
export interface CapabilityAccessArgs {
    /** The spoke's cluster. */
    clusterName: string;
    /** Role of the hub's EKS capability. */
    capabilityRoleArn: pulumi.Input<string>;
}

/**
 * The door an EKS capability comes in by: an access entry of its own role. There is no role of this account in between,
 * so nothing here trusts anybody.
 */
export class CapabilityAccess extends pulumi.ComponentResource {
    readonly roleArn: pulumi.Output<string>;

    /** `opts.dependsOn` delays the access entry: the cluster has to exist by then. */
    constructor(name: string, args: CapabilityAccessArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:identity:CapabilityAccess", name, {}, opts);
        new ClusterAdminAccess(
            `${name}-admin`,
            { clusterName: args.clusterName, principalArn: args.capabilityRoleArn },
            pulumi.mergeOptions({ parent: this }, { dependsOn: opts?.dependsOn }),
        );
        this.roleArn = pulumi.output(args.capabilityRoleArn);
        this.registerOutputs({ roleArn: this.roleArn });
    }
}
