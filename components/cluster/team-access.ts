import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { policyOfLevel, type AccessLevel } from "./access-policy.ts";

/** What one IAM role may do in a cluster. A role may have several, at different levels. */
export interface ClusterAccess {
    /** ARN of a role of the cluster's account. */
    principalArn: string;
    access: AccessLevel;
    /** Where. @default the whole cluster */
    namespaces?: readonly string[] | undefined;
}

/** Inputs of {@link TeamAccess}. */
export interface TeamAccessArgs {
    clusterName: string;
    access: readonly ClusterAccess[];
}

/** Lets people and pipelines in by access entries, one for each role, with an access policy for each level. */
export class TeamAccess extends pulumi.ComponentResource {
    /** `opts.dependsOn` delays the entries: the cluster has to exist by then. */
    constructor(name: string, args: TeamAccessArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:cluster:TeamAccess", name, {}, opts);
        const { clusterName } = args;
        for (const principalArn of new Set(args.access.map((each) => each.principalArn))) {
            // A role's name is its own in an account, whatever its path.
            const role = `${name}-${principalArn.slice(principalArn.lastIndexOf("/") + 1)}`;
            const entry = new aws.eks.AccessEntry(
                `${role}-entry`,
                { clusterName, principalArn, type: "STANDARD" },
                { parent: this, dependsOn: opts?.dependsOn },
            );
            for (const { access, namespaces } of args.access.filter((each) => each.principalArn === principalArn)) {
                new aws.eks.AccessPolicyAssociation(
                    `${role}-${access}`,
                    {
                        clusterName,
                        principalArn,
                        policyArn: policyOfLevel(access, namespaces !== undefined),
                        accessScope:
                            namespaces === undefined
                                ? { type: "cluster" }
                                : { type: "namespace", namespaces: [...namespaces] },
                    },
                    { parent: this, dependsOn: [entry] },
                );
            }
        }
        this.registerOutputs({});
    }
}
