import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { clusterAdminPolicyArn } from "./access-policy.ts";

/** Inputs of {@link ClusterAdminAccess}. */
export interface ClusterAdminAccessArgs {
    clusterName: string;
    /** IAM role that becomes an administrator. Known at the first preview, so that a policy can judge it. */
    principalArn: pulumi.Input<string>;
}

/** Makes one IAM role an administrator of one cluster, by access entry; nobody is one by having created it. */
export class ClusterAdminAccess extends pulumi.ComponentResource {
    constructor(name: string, args: ClusterAdminAccessArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:cluster:ClusterAdminAccess", name, {}, opts);
        const entry = new aws.eks.AccessEntry(
            `${name}-entry`,
            { clusterName: args.clusterName, principalArn: args.principalArn, type: "STANDARD" },
            { parent: this, dependsOn: opts?.dependsOn },
        );
        new aws.eks.AccessPolicyAssociation(
            `${name}-policy`,
            {
                clusterName: args.clusterName,
                principalArn: args.principalArn,
                policyArn: clusterAdminPolicyArn,
                accessScope: { type: "cluster" },
            },
            { parent: this, dependsOn: [entry] },
        );
        this.registerOutputs({});
    }
}
