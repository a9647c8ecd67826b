import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";

import { deployRoleArn } from "../contract/names.ts";
import type { HubNetwork } from "../contract/hub-network.ts";
import type { HubOutputs, SpokeOutputs } from "../contract/stack-outputs.ts";
import { awsProvider, hubAwsProvider, regionalProviders } from "./aws-provider.ts";
import { clusterOutputs, type Given } from "./cluster-outputs.ts";
import { EksCluster } from "./cluster/eks-cluster.ts";
import { addonCapabilities, AddonRoles } from "./identity/addon-roles.ts";
import { DistributedArgocd } from "./identity/distributed-argocd.ts";
import { hubAccess } from "./identity/hub-access.ts";
import { clusterNetwork } from "./network/cluster-network.ts";
import { Connectivity } from "./network/connectivity.ts";
import { publicAllowList, type SpokeConnectivity } from "./network/connectivity-spec.ts";
import { OutputParameters } from "./parameters/output-parameters.ts";
import { ownRegistration } from "./registration/own-registration.ts";
import { RegistrationSecret } from "./registration/registration-secret.ts";
import { copyArn, copyRegions } from "./registration/secret-copy.ts";
import { ChartReader } from "./registry/chart-reader.ts";
import type { StackArgs } from "./stack-args.ts";
import { SpokeVault } from "./vault/spoke-vault.ts";

/** What a spoke has to know of its hub: a few of the hub's outputs. */
export type HubFacts = {
    [
        Name in "clusterName" | "clusterArn" | "argocdInstall" | "argocdRoleArn" | "externalSecretsRoleArn"
    ]: pulumi.Output<HubOutputs[Name]>;
} & {
    /** How its Argo CD comes in; decides which resources there are, so it is configuration, checked against the hub. */
    access: "role" | "capability";
};

/** Inputs of {@link Spoke}. */
export interface SpokeArgs extends StackArgs {
    hub: HubFacts;
    hubNetwork: HubNetwork;
    /** The hub's chart registry, if it has one; an Argo CD of the cluster's own pulls from there. */
    chartRegistryUrl?: string | undefined;
    /** Whether AWS is ready for an Argo CD and an External Secrets of the cluster's own. */
    distributed: boolean;
    /** How the hub reaches this cluster's API. */
    connectivity: SpokeConnectivity;
}

/** A spoke: a cluster, the door its hub comes in by, and the registration that tells the hub about it. */
export class Spoke extends pulumi.ComponentResource {
    readonly outputs: Given<SpokeOutputs>;

    constructor(name: string, args: SpokeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:stack:Spoke", name, {}, opts);
        const { account, region, hub } = args;
        const clusterName = args.cluster.name;
        const here = { clusterName, accountId: account.id, region, iam: args.iam };
        const copies = copyRegions(args.registration.replicaRegions, region, args.hubNetwork.region);
        const inAws = { parent: this, provider: awsProvider(`${name}-aws`, args, hub.clusterName, { parent: this }) };

        const network = clusterNetwork(`${name}-network`, { ...here, network: args.network }, inAws);
        const { connectivity, hubNetwork } = args;
        const vaultCidrs = args.vault?.sourceCidrs ?? [];
        const cluster = new EksCluster(
            `${name}-eks`,
            {
                ...here,
                ...args.cluster,
                deployRoleArn: deployRoleArn(account),
                subnetIds: network.privateSubnetIds,
                endpoint: {
                    public: args.cluster.endpoint.public,
                    publicCidrs: publicAllowList(
                        args.cluster.endpoint.publicCidrs,
                        connectivity,
                        hubNetwork,
                        vaultCidrs,
                    ),
                },
                protect: args.protect,
            },
            { ...inAws, dependsOn: [network] },
        );

        const reachable = new Connectivity(
            `${name}-connectivity`,
            {
                clusterName,
                connectivity,
                network,
                hub: hubNetwork,
                hubClusterName: hub.clusterName,
                vaultCidrs,
                clusterSecurityGroupId: cluster.controlPlane.vpcConfig.clusterSecurityGroupId,
                hubProvider: () => hubAwsProvider(`${name}-hub-aws`, args, hub.clusterName, { parent: this }),
            },
            inAws,
        );

        const access = hubAccess(`${name}-hub-access`, { ...here, hub, cluster }, inAws);
        const addons = new AddonRoles(
            `${name}-addons`,
            { ...here, roles: args.addonRoles },
            { ...inAws, dependsOn: [cluster.controlPlane] },
        );
        const doors: pulumi.Resource[] = [access.door, reachable, addons];
        if (args.distributed) {
            doors.push(new DistributedArgocd(`${name}-argocd`, here, { ...inAws, dependsOn: [cluster.controlPlane] }));
        }
        if (args.distributed && args.chartRegistryUrl !== undefined) {
            const reader = { clusterName, registryUrl: args.chartRegistryUrl };
            doors.push(new ChartReader(`${name}-chart-reader`, reader, { ...inAws, dependsOn: [addons] }));
        }
        const registration = new RegistrationSecret(
            `${name}-registration`,
            {
                ...here,
                ...ownRegistration(args, { network, cluster }),
                server: access.server,
                auth: access.auth,
                capabilities: {
                    ...addonCapabilities(args.addonRoles),
                    distributed: args.distributed ? "true" : "false",
                    vault: args.vault === undefined ? "false" : "true",
                },
                hubClusterName: hub.clusterName,
                hubExternalSecretsRoleArn: hub.externalSecretsRoleArn,
                replicas: regionalProviders(`${name}-aws`, args, copies, hub.clusterName, { parent: this }),
            },
            { ...inAws, dependsOn: doors },
        );

        if (args.vault !== undefined) {
            const provider = new vault.Provider(`${name}-vault-api`, { address: args.vault.address }, { parent: this });
            new SpokeVault(
                `${name}-vault`,
                {
                    clusterName,
                    tenant: args.tenant,
                    tenants: args.vault.tenants,
                    environment: args.environment,
                    kubernetesHost: cluster.endpoint,
                    caData: cluster.caData,
                },
                { parent: this, provider },
            );
        }

        this.outputs = {
            ...clusterOutputs(args, { network, cluster }),
            role: "spoke",
            spokeRoleArn: access.roleArn,
            registrationSecretArn: registration.secretArn.apply((arn) => copyArn(arn, hubNetwork.region)),
            registrationKeyArn: registration.keyArn,
        };
        const { readerAccounts } = args.parameters;
        new OutputParameters(`${name}-parameters`, { clusterName, outputs: this.outputs, readerAccounts }, inAws);
        this.registerOutputs(this.outputs);
    }
}
