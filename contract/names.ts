/**
 * Names both sides of a boundary must agree on. Role names and ARNs are built from constants, never read back from a
 * resource, so that policies which mention them are complete at the very first preview.
 */

/** Namespace of Argo CD on a hub. */
export const argocdNamespace = "argocd";

/** The Argo CD service accounts that call other clusters. */
export const argocdServiceAccounts = [
    "argocd-application-controller",
    "argocd-applicationset-controller",
    "argocd-server",
] as const;

/** Namespace and service account of External Secrets on a hub. */
export const externalSecretsNamespace = "external-secrets";
export const externalSecretsServiceAccount = "external-secrets";

/** How a cluster reaches its own API. */
export const inClusterServer = "https://kubernetes.default.svc";

/** IAM path of the fleet's roles unless configuration gives another. One path for a hub and all its spokes. */
export const rolePath = "/fleet/";

/** Role that the pods of a cluster's own Argo CD hold: a hub's, or a spoke's in distributed mode. */
export function hubArgocdRoleName(hub: string): string {
    return `${hub}-argocd`;
}

/** Role that the EKS capability of type ARGOCD holds on a hub whose Argo CD AWS runs. */
export function hubCapabilityRoleName(hub: string): string {
    return `${hub}-eks-argocd`;
}

/** Role that the hub's External Secrets pods hold. */
export function hubExternalSecretsRoleName(hub: string): string {
    return `${hub}-external-secrets`;
}

/** Role in the spoke's account that the hub's Argo CD assumes. */
export function spokeRoleName(cluster: string): string {
    return `${cluster}-argocd-spoke`;
}

/** Pattern that matches {@link spokeRoleName} of every cluster. */
export const anySpokeRoleName = spokeRoleName("*");

/** Pods of add-ons that may hold a role in AWS, where their charts put them, and the end of the role's name. */
export const addonIdentities = {
    certManager: { role: "cert-manager", namespace: "cert-manager", serviceAccount: "cert-manager" },
    externalDns: { role: "external-dns", namespace: "external-dns", serviceAccount: "external-dns" },
    externalSecrets: {
        role: "external-secrets",
        namespace: externalSecretsNamespace,
        serviceAccount: externalSecretsServiceAccount,
    },
    imageUpdater: { role: "image-updater", namespace: argocdNamespace, serviceAccount: "argocd-image-updater" },
    karpenter: { role: "karpenter", namespace: "kube-system", serviceAccount: "karpenter" },
    loadBalancerController: {
        role: "load-balancer",
        namespace: "kube-system",
        serviceAccount: "aws-load-balancer-controller",
    },
} as const;

export type Addon = keyof typeof addonIdentities;

/** Pattern that matches the role of External Secrets on every cluster, a hub's included. */
export const anyExternalSecretsRoleName = `*-${addonIdentities.externalSecrets.role}`;

/** Role that an add-on's pods hold. */
export function addonRoleName(cluster: string, addon: Addon): string {
    return `${cluster}-${addonIdentities[addon].role}`;
}

/** Role of the nodes that a cluster's Karpenter starts; an EC2NodeClass names it. */
export function karpenterNodeRoleName(cluster: string): string {
    return `${cluster}-karpenter-node`;
}

/** Queue that tells a cluster's Karpenter of interruptions, and the EventBridge rule that fills it. */
export function karpenterQueueName(cluster: string): string {
    return `${cluster}-karpenter`;
}

/** ARN of that queue. */
export function karpenterQueueArn(region: string, accountId: string, cluster: string): string {
    return `arn:aws:sqs:${region}:${accountId}:${karpenterQueueName(cluster)}`;
}

/** ARN of that rule. */
export function karpenterRuleArn(region: string, accountId: string, cluster: string): string {
    return `arn:aws:events:${region}:${accountId}:rule/${karpenterQueueName(cluster)}`;
}

/** ARN of a role of the fleet. `path` begins and ends with a slash. */
export function fleetRoleArn(accountId: string, roleName: string, path = rolePath): string {
    return `arn:aws:iam::${accountId}:role${path}${roleName}`;
}

/** ARN of the role that `pulumi up` runs as. It exists before the fleet does, outside the fleet's path. */
export function deployRoleArn(account: { id: string; deployRole: string }): string {
    return `arn:aws:iam::${account.id}:role/${account.deployRole}`;
}

/** ARN of an EKS cluster. */
export function eksClusterArn(region: string, accountId: string, cluster: string): string {
    return `arn:aws:eks:${region}:${accountId}:cluster/${cluster}`;
}

/** How a hub gets its Argo CD: by a Helm release, from AWS, or from whoever installed it before. */
export const argocdInstalls = ["helm", "capability", "existing"] as const;
export type ArgocdInstall = (typeof argocdInstalls)[number];

/** How a hub's Argo CD knows the hub itself. The EKS capability runs outside the cluster and knows clusters by ARN. */
export function hubServer(
    install: ArgocdInstall,
    hub: { region: string; accountId: string; clusterName: string },
): string {
    return install === "capability" ? eksClusterArn(hub.region, hub.accountId, hub.clusterName) : inClusterServer;
}

/** Secrets Manager name of a cluster's registration with a hub. */
export function registrationSecretName(hub: string, cluster: string): string {
    return `fleet/${hub}/${cluster}`;
}

/** ARN of a registration without the six random characters that AWS appends. GetSecretValue accepts it. */
export function registrationSecretArn(region: string, accountId: string, hub: string, cluster: string): string {
    return `arn:aws:secretsmanager:${region}:${accountId}:secret:${registrationSecretName(hub, cluster)}`;
}

/** Beginning of the names of a hub's chart repositories in ECR. */
function chartFolder(hub: string): string {
    return `fleet/${hub}`;
}

/** ECR repository of one chart. Argo CD calls what is before the last slash the registry. */
export function chartRepositoryName(hub: string, chart: string): string {
    return `${chartFolder(hub)}/${chart}`;
}

/** What an Application's `repoURL` is for a chart of the hub's registry: Helm's OCI form, without `oci://`. */
export function chartRegistryUrl(region: string, accountId: string, hub: string): string {
    return `${accountId}.dkr.ecr.${region}.amazonaws.com/${chartFolder(hub)}`;
}

/** Form of {@link chartRegistryUrl}, and its parts. */
export const chartRegistryPattern =
    /^(?<accountId>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com\/(?<folder>fleet\/[a-z0-9-]+)$/;

/** ARN of a chart's ECR repository. */
export function chartRepositoryArn(region: string, accountId: string, repository: string): string {
    return `arn:aws:ecr:${region}:${accountId}:repository/${repository}`;
}

/** SSM parameter that repeats an output of a cluster's stack. */
export function outputParameterName(cluster: string, output: string): string {
    return `/fleet/${cluster}/${output}`;
}

/** The six random characters at the end of every secret's ARN, as a policy matches them. */
export const anySecretSuffix = "-??????";

/** Mount path of the fleet's key-value store (version 2) in Vault. */
export const vaultMountPath = "fleet";

/**
 * Mount path (key-value store, version 2) of the registrations that one hub reads from Vault: those of clusters outside
 * AWS. A mount of its own, so that no tenant's policy can reach it; each cluster's secret is called after it.
 */
export function vaultRegistrationsPath(hub: string): string {
    return `registrations-${hub}`;
}

/** Vault role, in the hub's own auth mount, and policy by which a hub's External Secrets reads its registrations. */
export const vaultRegistrationsRole = "registrations";
export function vaultRegistrationsPolicyName(hub: string): string {
    return `${vaultRegistrationsPath(hub)}-read`;
}

/** Audience of the service-account tokens with which clusters sign in to Vault. */
export const vaultAudience = "vault";

/** Vault auth mount of one cluster. One mount per cluster: each trusts a different API server. */
export function vaultAuthPath(cluster: string): string {
    return `kubernetes-${cluster}`;
}

/** Vault policy that lets a tenant read its secrets of one environment. */
export function vaultPolicyName(tenant: string, environment: string): string {
    return `fleet-${tenant}-${environment}-read`;
}
