import * as pulumi from "@pulumi/pulumi";

import {
    anySpokeRoleName,
    argocdNamespace,
    argocdServiceAccounts,
    fleetRoleArn,
    hubArgocdRoleName,
} from "../../contract/names.ts";
import { PodIdentityRole } from "./pod-identity-role.ts";
import type { PolicyDocument } from "./policy-document.ts";
import type { MakesRoles } from "./role-settings.ts";

/** Inputs of {@link HubArgocdIdentity}. */
export interface HubArgocdIdentityArgs extends MakesRoles {
    accountId: string;
    region: string;
    /** The hub's cluster. */
    clusterName: string;
    /** Accounts whose spokes the hub may reach. A new account needs one `pulumi up` of the hub first. */
    spokeAccountIds: readonly string[];
}

/** What the hub's Argo CD is in AWS: a role that can do one thing, become a spoke's access role. */
export class HubArgocdIdentity extends pulumi.ComponentResource {
    readonly roleArn: pulumi.Output<string>;

    constructor(name: string, args: HubArgocdIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:identity:HubArgocdIdentity", name, {}, opts);
        const identity = new PodIdentityRole(
            `${name}-pods`,
            {
                roleName: hubArgocdRoleName(args.clusterName),
                accountId: args.accountId,
                region: args.region,
                clusterName: args.clusterName,
                namespace: argocdNamespace,
                serviceAccounts: argocdServiceAccounts,
                permissions: hubArgocdPermissions(args.spokeAccountIds, args.iam?.path),
                iam: args.iam,
            },
            { parent: this, dependsOn: opts?.dependsOn },
        );
        this.roleArn = identity.arn;
        this.registerOutputs({ roleArn: this.roleArn });
    }
}

/**
 * Assuming spoke roles of the listed accounts. `sts:TagSession` is needed at this hop too: Pod Identity's session tags
 * are transitive, so the second AssumeRole carries them (argo-cd#17064 fails without, silently).
 */
export function hubArgocdPermissions(spokeAccountIds: readonly string[], path?: string): PolicyDocument {
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "AssumeSpokeRoles",
                Effect: "Allow",
                Action: ["sts:AssumeRole", "sts:TagSession"],
                Resource: spokeAccountIds.map((account) => fleetRoleArn(account, anySpokeRoleName, path)),
            },
        ],
    };
}
