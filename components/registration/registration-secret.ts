import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { registrationSecretName } from "../../contract/names.ts";
import type { Registration, RegistrationAuth } from "../../contract/registration-secret.ts";
import { policyJson } from "../identity/policy-document.ts";
import { clusterFacts, type GitSource } from "./cluster-facts.ts";
import { type RegistrationAccess, registrationKeyPolicy, registrationSecretPolicy } from "./registration-policies.ts";

/** Inputs of {@link RegistrationSecret}. */
export interface RegistrationSecretArgs {
    /** The cluster that registers. */
    clusterName: string;
    accountId: string;
    region: string;
    environment: string;
    kubernetesVersion: string;
    vpcId: pulumi.Input<string>;
    git: GitSource;
    /** URL of the Kubernetes API as the hub reaches it. */
    server: pulumi.Input<string>;
    /** PEM of its certificate authority, base64-encoded. */
    caData: pulumi.Input<string>;
    /** How the hub signs in: without a credential, whoever reads the secret cannot use it. */
    auth: pulumi.Input<CredentialFreeAuth>;
    /** What infrastructure stands ready for, by the contract's capability names. */
    capabilities: Registration["capabilities"];
    /** Cluster name of the hub it registers with; part of the secret's name. */
    hubClusterName: pulumi.Input<string>;
    /** The only reader. AWS wants the role to exist before a policy mentions it. */
    hubExternalSecretsRoleArn: pulumi.Input<string>;
    /** Role that runs `pulumi up` in this account: the only writer. */
    deployRoleArn: string;
    /** Days in which a deleted secret can be had back, 7 to 30; 0 deletes at once. @default 30 */
    recoveryWindowInDays?: number | undefined;
    /** Further regions that keep a copy, such as the hub's when the cluster is elsewhere: AWS in each of them. */
    replicas?: Readonly<Record<string, aws.Provider>> | undefined;
    /** Whether Pulumi refuses to delete secret and keys. */
    protect: boolean;
}

/** A way to sign in that holds no credential. */
export type CredentialFreeAuth = Exclude<RegistrationAuth, { type: "token" }>;

/**
 * What a cluster tells its hub: a Secrets Manager secret of its own, with a key of its own, so that access is given
 * and withdrawn per cluster. It follows contract fleet.registration/v1 and holds no credential.
 */
export class RegistrationSecret extends pulumi.ComponentResource {
    readonly secretArn: pulumi.Output<string>;
    readonly keyArn: pulumi.Output<string>;

    /** `opts.dependsOn` delays the key, and all the rest with it: roles its policy names, access the content promises. */
    constructor(name: string, args: RegistrationSecretArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:registration:RegistrationSecret", name, {}, opts);
        const access = pulumi
            .all([args.hubClusterName, args.hubExternalSecretsRoleArn])
            .apply(([hubClusterName, readerArn]) => ({
                accountId: args.accountId,
                region: args.region,
                hubClusterName,
                clusterName: args.clusterName,
                publisherArn: args.deployRoleArn,
                readerArn,
            }));
        const secretName = access.apply(({ hubClusterName }) =>
            registrationSecretName(hubClusterName, args.clusterName),
        );
        const keyOf = (end: string, region: string, provider?: aws.Provider) =>
            this.createKey(name, end, secretName, access, {
                region,
                provider,
                protect: args.protect,
                dependsOn: opts?.dependsOn,
            });
        const key = keyOf("", args.region);
        const replicas = Object.entries(args.replicas ?? {}).map(([region, provider]) => ({
            region,
            kmsKeyId: keyOf(`-${region}`, region, provider).arn,
        }));
        const secret = new aws.secretsmanager.Secret(
            `${name}-secret`,
            {
                name: secretName,
                description: pulumi.interpolate`How hub ${args.hubClusterName} reaches cluster ${args.clusterName}`,
                // Never the default key aws/secretsmanager: its policy cannot admit another account.
                kmsKeyId: key.arn,
                recoveryWindowInDays: args.recoveryWindowInDays ?? 30,
                ...(replicas.length === 0 ? {} : { replicas }),
            },
            { parent: this, protect: args.protect },
        );
        const policy = new aws.secretsmanager.SecretPolicy(
            `${name}-policy`,
            {
                secretArn: secret.arn,
                policy: access.apply(({ readerArn, publisherArn }) =>
                    policyJson(registrationSecretPolicy(readerArn, publisherArn)),
                ),
                blockPublicPolicy: true,
            },
            { parent: this },
        );
        new aws.secretsmanager.SecretVersion(
            `${name}-content`,
            { secretId: secret.id, secretString: registration(args).apply((content) => JSON.stringify(content)) },
            { parent: this, dependsOn: [policy] },
        );
        this.secretArn = secret.arn;
        this.keyArn = key.arn;
        this.registerOutputs({ secretArn: this.secretArn, keyArn: this.keyArn });
    }

    /** A key of one region: a copy of the secret is encrypted by a key of its own. */
    private createKey(
        name: string,
        end: string,
        secretName: pulumi.Output<string>,
        access: pulumi.Output<RegistrationAccess>,
        { region, provider, protect, dependsOn }: KeyPlace,
    ): aws.kms.Key {
        const inRegion = { parent: this, ...(provider && { provider }) };
        const key = new aws.kms.Key(
            `${name}-key${end}`,
            {
                description: pulumi.interpolate`Secret ${secretName}`,
                enableKeyRotation: true,
                deletionWindowInDays: 30,
                policy: access.apply((who) => policyJson(registrationKeyPolicy({ ...who, region }))),
            },
            { ...inRegion, protect, dependsOn },
        );
        new aws.kms.Alias(
            `${name}-alias${end}`,
            { name: pulumi.interpolate`alias/${secretName}`, targetKeyId: key.keyId },
            inRegion,
        );
        return key;
    }
}

/** Where a key is, and how it is kept. */
interface KeyPlace {
    region: string;
    provider?: aws.Provider | undefined;
    protect: boolean;
    dependsOn?: pulumi.ComponentResourceOptions["dependsOn"];
}

function registration(args: RegistrationSecretArgs): pulumi.Output<Registration> {
    return pulumi.all([args.server, args.caData, args.auth, args.vpcId]).apply(([server, caData, auth, vpcId]) => ({
        contract: "fleet.registration/v1" as const,
        name: args.clusterName,
        server,
        caData,
        auth,
        facts: clusterFacts({ ...args, vpcId }),
        capabilities: args.capabilities,
    }));
}
