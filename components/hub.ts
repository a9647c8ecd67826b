import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { deployRoleArn, fleetRoleArn, hubExternalSecretsRoleName, hubServer } from "../contract/names.ts";
import type { HubOutputs } from "../contract/stack-outputs.ts";
import { type ArgoCdInstall, installArgocd } from "./argocd/install.ts";
import { type RepositoryCredential, repositoryCredentials } from "./argocd/repository-credentials.ts";
import { RootApp } from "./argocd/root-app.ts";
import { awsProvider, regionalProviders } from "./aws-provider.ts";
import { clusterOutputs, type Given } from "./cluster-outputs.ts";
import { EksCluster } from "./cluster/eks-cluster.ts";
import { addonCapabilities, AddonRoles } from "./identity/addon-roles.ts";
import { HubExternalSecretsIdentity } from "./identity/hub-external-secrets-identity.ts";
import { clusterNetwork } from "./network/cluster-network.ts";
import type { HubConnectivity } from "./network/connectivity-spec.ts";
import { hubConnectivity } from "./network/hub-connectivity.ts";
import { OutputParameters } from "./parameters/output-parameters.ts";
import { ownRegistration } from "./registration/own-registration.ts";
import { RegistrationSecret } from "./registration/registration-secret.ts";
import { hubCharts } from "./registry/hub-charts.ts";
import type { StackArgs } from "./stack-args.ts";
import { hubSecrets } from "./vault/hub-secrets.ts";

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
    /** Which charts the fleet keeps in ECR. @default none, and no registry */
    chartRegistry?: { charts: readonly string[] } | undefined;
}

/** A hub: a cluster, what its Argo CD and External Secrets are in AWS, Argo CD itself, and the hand-over to Git. */
export class Hub extends pulumi.ComponentResource {
    readonly outputs: Given<HubOutputs>;

    constructor(name: string, args: HubArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:stack:Hub", name, {}, opts);
        const { account, region } = args;
        const clusterName = args.cluster.name;
        const here = { clusterName, accountId: account.id, region, iam: args.iam };
        const inAws = { parent: this, provider: awsProvider(`${name}-aws`, args, clusterName, { parent: this }) };

        const network = clusterNetwork(`${name}-network`, { ...here, network: args.network }, inAws);
        const gateway = hubConnectivity(
            `${name}-transit-gateway`,
            { clusterName, connectivity: args.connectivity, network },
            inAws,
        );
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
        const server = hubServer(args.argocd.install, here);
        const registration = new RegistrationSecret(
            `${name}-registration`,
            {
                ...here,
                ...ownRegistration(args, { network, cluster }),
                server,
                auth: { type: args.argocd.install === "capability" ? "accessEntry" : "inCluster" },
                capabilities: { ...addonCapabilities(args.addonRoles), vault: "false" },
                hubClusterName: clusterName,
                hubExternalSecretsRoleArn: fleetRoleArn(
                    account.id,
                    hubExternalSecretsRoleName(clusterName),
                    args.iam.path,
                ),
                replicas: regionalProviders(`${name}-aws`, args, args.registration.replicaRegions, clusterName, {
                    parent: this,
                }),
            },
            { ...inAws, dependsOn: [secretsIdentity] },
        );
        const secrets = hubSecrets(name, { ...args, clusterName }, cluster, { parent: this });

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
        const charts = hubCharts(
            `${name}-chart-registry`,
            {
                ...trust,
                chartRegistry: args.chartRegistry,
                install: args.argocd.install,
                protect: args.protect,
            },
            inAws,
            [secretsIdentity, ...argocd.resources],
        );
        const credentials = repositoryCredentials(`${name}-repositories`, args.repositories, {
            ...inKubernetes,
            dependsOn: argocd.resources,
        });
        new RootApp(
            `${name}-root`,
            {
                hubClusterName: clusterName,
                hubServer: server,
                install: args.argocd.install,
                git: args.git,
                chartMirror: args.chartMirror,
                vaultAddress: args.vault?.address,
            },
            { ...inKubernetes, dependsOn: [...argocd.resources, ...credentials, registration] },
        );

        this.outputs = {
            ...clusterOutputs(args, { network, cluster }),
            ...gateway,
            ...secrets,
            ...charts,
            role: "hub",
            argocdInstall: args.argocd.install,
            argocdRoleArn: argocd.roleArn,
            externalSecretsRoleArn: secretsIdentity.roleArn,
            deployRole: account.deployRole,
            spokeAccountIds: args.spokeAccounts,
            registrationSecretArn: registration.secretArn,
            registrationKeyArn: registration.keyArn,
        };
        const { readerAccounts } = args.parameters;
        new OutputParameters(`${name}-parameters`, { clusterName, outputs: this.outputs, readerAccounts }, inAws);
        this.registerOutputs(this.outputs);
    }
}
