import * as pulumi from "@pulumi/pulumi";

import {
    anySecretSuffix,
    externalSecretsNamespace,
    externalSecretsServiceAccount,
    hubExternalSecretsRoleName,
    registrationSecretArn,
} from "../../contract/names.ts";
import { secretReading } from "./addons/secret-reader.ts";
import { PodIdentityRole } from "./pod-identity-role.ts";
import type { PolicyDocument } from "./policy-document.ts";
import type { MakesRoles } from "./role-settings.ts";

/** Inputs of {@link HubExternalSecretsIdentity}. */
export interface HubExternalSecretsIdentityArgs extends MakesRoles {
    accountId: string;
    region: string;
    /** The hub's cluster. */
    clusterName: string;
    /** Accounts whose registrations the hub may read, besides its own. */
    spokeAccountIds: readonly string[];
    /** Beginnings of the names of further secrets in the hub's account that it may read. @default none */
    prefixes?: readonly string[] | undefined;
}

/** What the hub's External Secrets is in AWS: a reader of the registrations addressed to this hub. */
export class HubExternalSecretsIdentity extends pulumi.ComponentResource {
    readonly roleArn: pulumi.Output<string>;

    constructor(name: string, args: HubExternalSecretsIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:identity:HubExternalSecretsIdentity", name, {}, opts);
        const identity = new PodIdentityRole(
            `${name}-pods`,
            {
                roleName: hubExternalSecretsRoleName(args.clusterName),
                accountId: args.accountId,
                region: args.region,
                clusterName: args.clusterName,
                namespace: externalSecretsNamespace,
                serviceAccounts: [externalSecretsServiceAccount],
                permissions: hubExternalSecretsPermissions(args),
                iam: args.iam,
            },
            { parent: this, dependsOn: opts?.dependsOn },
        );
        this.roleArn = identity.arn;
        this.registerOutputs({ roleArn: this.roleArn });
    }
}

/**
 * Reading `fleet/<hub>/*` in the hub's account and the listed ones, in the hub's region, and decrypting with whatever
 * key each has: key ids are random, so the statement names the accounts and narrows by what is being decrypted.
 */
export function hubExternalSecretsPermissions(args: HubExternalSecretsIdentityArgs): PolicyDocument {
    const accounts = [...new Set([args.accountId, ...args.spokeAccountIds])];
    const secrets = accounts.map(
        (account) => registrationSecretArn(args.region, account, args.clusterName, "*") + anySecretSuffix,
    );
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "ReadRegistrations",
                Effect: "Allow",
                Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
                Resource: secrets,
            },
            {
                Sid: "DecryptRegistrations",
                Effect: "Allow",
                Action: ["kms:Decrypt"],
                Resource: accounts.map((account) => `arn:aws:kms:${args.region}:${account}:key/*`),
                Condition: {
                    StringEquals: { "kms:ViaService": `secretsmanager.${args.region}.amazonaws.com` },
                    StringLike: { "kms:EncryptionContext:SecretARN": secrets },
                },
            },
            ...(args.prefixes === undefined ? [] : secretReading(args, args.prefixes)),
        ],
    };
}
