import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";

import { deployRoleArn } from "../contract/names.ts";
import { contractVersion, type HubOutputs, type SpokeOutputs } from "../contract/stack-outputs.ts";
import { awsProvider } from "./aws-provider.ts";
import { EksCluster } from "./cluster/eks-cluster.ts";
import { SpokeAccessRole } from "./identity/spoke-access-role.ts";
import { Network } from "./network/network.ts";
import { RegistrationSecret } from "./registration/registration-secret.ts";
import type { StackArgs } from "./stack-args.ts";
import { SpokeVault } from "./vault/spoke-vault.ts";

/** What a spoke has to know of its hub: a few of the hub's outputs. */
export type HubFacts = {
    [Name in "clusterName" | "clusterArn" | "argocdRoleArn" | "externalSecretsRoleArn"]: pulumi.Output<
        HubOutputs[Name]
    >;
} & { natPublicIps: pulumi.Output<string[]> };

/** Inputs of {@link Spoke}. */
export interface SpokeArgs extends StackArgs {
    hub: HubFacts;
}

/** A spoke: a cluster, the door its hub comes in by, and the registration that tells the hub about it. */
export class Spoke extends pulumi.ComponentResource {
    readonly outputs: { [Name in keyof SpokeOutputs]: pulumi.Input<SpokeOutputs[Name]> };

    constructor(name: string, args: SpokeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:stack:Spoke", name, {}, opts);
        const { account, region, hub } = args;
        const clusterName = args.cluster.name;
        const here = { clusterName, accountId: account.id, region };
        const inAws = { parent: this, provider: awsProvider(`${name}-aws`, args, hub.clusterName, { parent: this }) };

        const network = new Network(`${name}-network`, { ...here, ...args.network }, inAws);
        const cluster = new EksCluster(
            `${name}-eks`,
            {
                ...here,
                deployRoleArn: deployRoleArn(account),
                kubernetesVersion: args.cluster.kubernetesVersion,
                serviceCidr: args.cluster.serviceCidr,
                subnetIds: network.privateSubnetIds,
                endpoint: {
                    public: args.cluster.endpoint.public,
                    publicCidrs: admitHub(args.cluster.endpoint.publicCidrs, hub.natPublicIps),
                },
                nodeGroups: args.cluster.compute.nodeGroups,
                deletionProtection: args.cluster.deletionProtection,
                protect: args.protect,
            },
            { ...inAws, dependsOn: [network] },
        );

        const access = new SpokeAccessRole(
            `${name}-hub-access`,
            { clusterName, accountId: account.id, hubArgocdRoleArn: hub.argocdRoleArn, hubClusterArn: hub.clusterArn },
            { ...inAws, dependsOn: [cluster.controlPlane] },
        );
        const registration = new RegistrationSecret(
            `${name}-registration`,
            {
                ...here,
                environment: args.environment,
                kubernetesVersion: args.cluster.kubernetesVersion,
                vpcId: network.vpcId,
                git: args.git,
                server: cluster.endpoint,
                caData: cluster.caData,
                auth: access.roleArn.apply((roleArn) => ({ type: "aws" as const, clusterName, roleArn })),
                capabilities: { vault: args.vault === undefined ? "false" : "true" },
                hubClusterName: hub.clusterName,
                hubExternalSecretsRoleArn: hub.externalSecretsRoleArn,
                deployRoleArn: deployRoleArn(account),
                protect: args.protect,
            },
            { ...inAws, dependsOn: [access] },
        );

        if (args.vault !== undefined) {
            const provider = new vault.Provider(`${name}-vault-api`, args.vault, { parent: this });
            new SpokeVault(
                `${name}-vault`,
                {
                    clusterName,
                    tenant: args.tenant,
                    environment: args.environment,
                    kubernetesHost: cluster.endpoint,
                    caData: cluster.caData,
                },
                { parent: this, provider },
            );
        }

        this.outputs = {
            contractVersion,
            role: "spoke",
            clusterName,
            environment: args.environment,
            accountId: account.id,
            region,
            vpcId: network.vpcId,
            vpcCidr: args.network.cidr,
            clusterArn: cluster.arn,
            clusterEndpoint: cluster.endpoint,
            clusterCaData: cluster.caData,
            kubernetesVersion: args.cluster.kubernetesVersion,
            natPublicIps: network.natPublicIps,
            gitUrl: args.git.url,
            gitRevision: args.git.revision,
            spokeRoleArn: access.roleArn,
            registrationSecretArn: registration.secretArn,
            registrationKeyArn: registration.keyArn,
        };
        this.registerOutputs(this.outputs);
    }
}

/** The hub calls from its NAT gateways: each address joins the allow-list of the public endpoint. */
export function admitHub(
    publicCidrs: readonly string[],
    natPublicIps: pulumi.Input<string[]>,
): pulumi.Output<string[]> {
    return pulumi.output(natPublicIps).apply((addresses) => [...publicCidrs, ...addresses.map((ip) => `${ip}/32`)]);
}
