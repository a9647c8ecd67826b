import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { policyJson, type PolicyDocument } from "../identity/policy-document.ts";
import { commonRoleArgs, type MakesRoles } from "../identity/role-settings.ts";

/** Inputs of {@link ServiceRole}. */
export interface ServiceRoleArgs extends MakesRoles {
    /** Name under the IAM path of the fleet. */
    roleName: string;
    /** Service that holds the role, for example eks.amazonaws.com. */
    service: string;
    /** Names of AWS managed policies. */
    managedPolicies: readonly string[];
    /** Whether the service may tag its sessions: EKS Auto Mode does. @default false */
    tagsSessions?: boolean;
}

/** A role for an AWS service, with managed policies attached. */
export class ServiceRole extends pulumi.ComponentResource {
    readonly arn: pulumi.Output<string>;

    constructor(name: string, args: ServiceRoleArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:cluster:ServiceRole", name, {}, opts);
        const role = new aws.iam.Role(
            `${name}-role`,
            {
                name: args.roleName,
                ...commonRoleArgs(args.iam),
                assumeRolePolicy: policyJson(serviceTrust(args.service, args.tagsSessions)),
            },
            { parent: this },
        );
        for (const policy of args.managedPolicies) {
            new aws.iam.RolePolicyAttachment(
                `${name}-${policy}`,
                { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
                { parent: this },
            );
        }
        this.arn = role.arn;
        this.registerOutputs({ arn: this.arn });
    }
}

/** Trust in one AWS service. */
export function serviceTrust(service: string, tagsSessions = false): PolicyDocument {
    const Action = ["sts:AssumeRole", ...(tagsSessions ? ["sts:TagSession"] : [])];
    return {
        Version: "2012-10-17",
        Statement: [{ Sid: "Service", Effect: "Allow", Principal: { Service: service }, Action }],
    };
}
