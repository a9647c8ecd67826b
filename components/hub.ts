import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";

import { deployRoleArn, fleetRoleArn, hubExternalSecretsRoleName, hubServer } from "../contract/names.ts";
import { contractVersion, type HubOutputs } from "../contract/stack-outputs.ts";
import { type ArgoCdInstall, installArgocd } from "./argocd/install.ts";
import { type RepositoryCredential, repositoryCredentials } from "./argocd/repository-credentials.ts";
import { RootApp } from "./argocd/root-app.ts";
import { awsProvider, regionalProviders } from "./aws-provider.ts";
import { EksCluster } from "./cluster/eks-cluster.ts";
import { addonCapabilities, AddonRoles } from "./identity/addon-roles.ts";
import { HubExternalSecretsIdentity } from "./identity/hub-external-secrets-identity.ts";
import { clusterNetwork } from "./network/cluster-network.ts";
import type { HubConnectivity } from "./network/connectivity-spec.ts";
import { TransitGatewayAttachment } from "./network/transit-gateway-attachment.ts";
import { OutputParameters } from "./parameters/output-parameters.ts";
import { RegistrationSecret } from "./registration/registration-secret.ts";
import type { StackArgs } from "./stack-args.ts";
import { HubRegistrations } from "./vault/hub-registrations.ts";
import { HubVault } from "./vault/hub-vault.ts";

/** Inputs of {@link Hub}. */
export interface HubArgs extends StackArgs {
    /** Accounts whose clusters may become spokes of this hub. */
    spokeAccounts: string[];
    /** Environments of the fleet; each gets its own Vault policy. */
    environments: string[];
    connectivity: HubConnectivity;
    argocd: ArgoCdInstall;
    /** Credentials of private Git repositories. */
    repositories: readonly RepositoryCredential[];
    /** Helm repository that replaces the upstream ones. */
    chartMirror?: string | undefined;
}

/** A hub: a cluster, what its Argo CD and External Secrets are in AWS, Argo CD itself, and the hand-over to Git. */
export class Hub extends pulumi.ComponentResource {
    readonly outputs: { [Name in keyof HubOutputs]: pulumi.Input<HubOutputs[Name]> };

    constructor(name: string, args: HubArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:stack:Hub", name, {}, opts);
        const { account, region } = args;
        const clusterName = args.cluster.name;
        const here = { clusterName, accountId: account.id, region, iam: args.iam };
        const inAws = { parent: this, provider: awsProvider(`${name}-aws`, args, clusterName, { parent: this }) };

        const network = clusterNetwork(`${name}-network`, { ...here, network: args.network }, inAws);
        const { connectivity } = args;
        const gateway = connectivity.mode === "transitGateway" ? connectivity : undefined;
        if (gateway !== undefined) {
            const { transitGatewayId, spokeCidrs } = gateway;
            const attached = { clusterName, transitGatewayId, network, remoteCidrs: spokeCidrs };
            new TransitGatewayAttachment(`${name}-transit-gateway`, attached, inAws);
        }
        const cluster = new EksCluster(
            `${name}-eks`,
            {
                ...here,
                ...args.cluster,
                deployRoleArn: deployRoleArn(account),
                subnetIds: network.privateSubnetIds,
                protect: args.protect,
            },
            { ...inAws, dependsOn: [network] },
        );

        const onCluster = { ...inAws, dependsOn: [cluster.controlPlane] };
        const trust = { ...here, spokeAccountIds: args.spokeAccounts };
        const { externalSecrets, ...addonRoles } = args.addonRoles;
        const secretsIdentity = new HubExternalSecretsIdentity(
            `${name}-external-secrets-identity`,
            { ...trust, prefixes: externalSecrets?.prefixes },
            onCluster,
        );
        new AddonRoles(`${name}-addons`, { ...here, roles: addonRoles }, onCluster);
        const registration = new RegistrationSecret(
            `${name}-registration`,
            {
                ...here,
                environment: args.environment,
                kubernetesVersion: args.cluster.kubernetesVersion,
                vpcId: network.vpcId,
                git: args.git,
                server: hubServer(args.argocd.install, here),
                caData: cluster.caData,
                auth: { type: args.argocd.install === "capability" ? "accessEntry" : "inCluster" },
                capabilities: { ...addonCapabilities(args.addonRoles), vault: "false" },
                hubClusterName: clusterName,
                hubExternalSecretsRoleArn: fleetRoleArn(
                    account.id,
                    hubExternalSecretsRoleName(clusterName),
                    args.iam.path,
                ),
                deployRoleArn: deployRoleArn(account),
                recoveryWindowInDays: args.registration.recoveryWindowInDays,
                replicas: regionalProviders(`${name}-aws`, args, args.registration.replicaRegions, clusterName, {
                    parent: this,
                }),
                protect: args.protect,
            },
            { ...inAws, dependsOn: [secretsIdentity] },
        );

        let registrations: HubRegistrations | undefined;
        if (args.vault !== undefined) {
            const provider = new vault.Provider(`${name}-vault-api`, { address: args.vault.address }, { parent: this });
            const { tenant, environments } = args;
            new HubVault(
                `${name}-vault`,
                { ...args.vault, tenant, environments, tenants: args.vault.tenants.map((each) => each.name) },
                { parent: this, provider },
            );
            registrations = new HubRegistrations(
                `${name}-registrations`,
                { clusterName, kubernetesHost: cluster.endpoint, caData: cluster.caData },
                { parent: this, provider },
            );
        }

        const kubernetesApi = new kubernetes.Provider(
            `${name}-kubernetes`,
            // Another kubeconfig is the same cluster as long as this is the same ARN: nothing gets replaced.
            { kubeconfig: cluster.kubeconfig, clusterIdentifier: cluster.arn },
            { parent: this, dependsOn: [cluster.deployerAccess] },
        );
        const inKubernetes = { parent: this, provider: kubernetesApi };
        const argocd = installArgocd(
            { identity: `${name}-argocd-identity`, argocd: `${name}-argocd` },
            { ...trust, argocd: args.argocd, kubernetesProvider: kubernetesApi },
            onCluster,
            [cluster],
        );
        const credentials = repositoryCredentials(`${name}-repositories`, args.repositories, {
            ...inKubernetes,
            dependsOn: argocd.resources,
        });
        new RootApp(
            `${name}-root`,
            {
                hubClusterName: clusterName,
                hubServer: hubServer(args.argocd.install, here),
                install: args.argocd.install,
                git: args.git,
                chartMirror: args.chartMirror,
                vaultAddress: args.vault?.address,
            },
            { ...inKubernetes, dependsOn: [...argocd.resources, ...credentials, registration] },
        );

        this.outputs = {
            contractVersion,
            role: "hub",
            clusterName,
            environment: args.environment,
            accountId: account.id,
            region,
            iamPath: args.iam.path,
            vpcId: network.vpcId,
            vpcCidr: network.vpcCidr,
            privateRouteTableIds: pulumi.all(network.privateRouteTableIds),
            clusterArn: cluster.arn,
            clusterEndpoint: cluster.endpoint,
            clusterCaData: cluster.caData,
            kubernetesVersion: args.cluster.kubernetesVersion,
            natPublicIps: network.natPublicIps,
            gitUrl: args.git.url,
            gitRevision: args.git.revision,
            argocdInstall: args.argocd.install,
            argocdRoleArn: argocd.roleArn,
            externalSecretsRoleArn: secretsIdentity.roleArn,
            deployRole: account.deployRole,
            transitGatewayId: gateway?.transitGatewayId ?? "",
            transitGatewayCidrs: [...(gateway?.spokeCidrs ?? [])],
            vaultTenants: args.vault === undefined ? [] : [args.tenant, ...args.vault.tenants.map((each) => each.name)],
            spokeAccountIds: args.spokeAccounts,
            registrationSecretArn: registration.secretArn,
            registrationKeyArn: registration.keyArn,
            ...(registrations !== undefined && { vaultRegistrationsMount: registrations.mountPath }),
        };
        const { readerAccounts } = args.parameters;
        new OutputParameters(`${name}-parameters`, { clusterName, outputs: this.outputs, readerAccounts }, inAws);
        this.registerOutputs(this.outputs);
    }
}
