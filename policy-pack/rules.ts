import { appSyncPolicy } from "./rules/argocd/app-sync-policy.ts";
import { appprojectNoWildcard } from "./rules/argocd/appproject-no-wildcard.ts";
import { appsetGeneration } from "./rules/argocd/appset-generation.ts";
import { argoNoDefaultProject } from "./rules/argocd/argo-no-default-project.ts";
import { argocdMinVersion } from "./rules/argocd/argocd-min-version.ts";
import { argocdValuesHardened } from "./rules/argocd/argocd-values-hardened.ts";
import { revisionPinned } from "./rules/argocd/revision-pinned.ts";
import { eksAccessScope } from "./rules/eks/eks-access-scope.ts";
import { eksAuthModeApi } from "./rules/eks/eks-auth-mode-api.ts";
import { eksCniNetworkPolicy } from "./rules/eks/eks-cni-network-policy.ts";
import { eksControlPlaneLogs } from "./rules/eks/eks-control-plane-logs.ts";
import { eksDeletionProtection } from "./rules/eks/eks-deletion-protection.ts";
import { eksEndpointRestricted } from "./rules/eks/eks-endpoint-restricted.ts";
import { eksNodesEbsEncrypted } from "./rules/eks/eks-nodes-ebs-encrypted.ts";
import { eksNodesImdsv2 } from "./rules/eks/eks-nodes-imdsv2.ts";
import { eksNodesNoOpenSsh } from "./rules/eks/eks-nodes-no-open-ssh.ts";
import { eksNodesPrivate } from "./rules/eks/eks-nodes-private.ts";
import { eksPodIdentityDedicatedSa } from "./rules/eks/eks-pod-identity-dedicated-sa.ts";
import { eksSecretsKms } from "./rules/eks/eks-secrets-kms.ts";
import { eksSupportedVersion } from "./rules/eks/eks-supported-version.ts";
import { esoRoleScope } from "./rules/fleet/eso-role-scope.ts";
import { hubRoleAssumeAllowlist } from "./rules/fleet/hub-role-assume-allowlist.ts";
import { podIdentityTrustConditioned } from "./rules/fleet/pod-identity-trust-conditioned.ts";
import { registrationKeyReaders } from "./rules/fleet/registration-key-readers.ts";
import { registrationSecretKeyAgree } from "./rules/fleet/registration-secret-key-agree.ts";
import { registrationSecretNoCredential } from "./rules/fleet/registration-secret-no-credential.ts";
import { registrationSecretReaders } from "./rules/fleet/registration-secret-readers.ts";
import { spokeRoleNoPermissions } from "./rules/fleet/spoke-role-no-permissions.ts";
import { spokeTrustExactHub } from "./rules/fleet/spoke-trust-exact-hub.ts";
import { targetRoleExternalId } from "./rules/fleet/target-role-external-id.ts";
import { iamNoAccountRootTrust } from "./rules/iam/iam-no-account-root-trust.ts";
import { iamNoAdminManagedPolicy } from "./rules/iam/iam-no-admin-managed-policy.ts";
import { iamNoPolicyMgmtConflict } from "./rules/iam/iam-no-policy-mgmt-conflict.ts";
import { iamNoPublicTrust } from "./rules/iam/iam-no-public-trust.ts";
import { iamNoStarAction } from "./rules/iam/iam-no-star-action.ts";
import { iamNoStarResourceSensitive } from "./rules/iam/iam-no-star-resource-sensitive.ts";
import { iamNoUsersNoKeys } from "./rules/iam/iam-no-users-no-keys.ts";
import { roleMaxSession } from "./rules/iam/role-max-session.ts";
import { kmsDeletionWindow } from "./rules/kms/kms-deletion-window.ts";
import { kmsNoLockoutBypass } from "./rules/kms/kms-no-lockout-bypass.ts";
import { kmsNoOpenPrincipal } from "./rules/kms/kms-no-open-principal.ts";
import { kmsPolicyExplicit } from "./rules/kms/kms-policy-explicit.ts";
import { kmsRotation } from "./rules/kms/kms-rotation.ts";
import { chartPinned } from "./rules/kubernetes/chart-pinned.ts";
import { clusterSecretContract } from "./rules/kubernetes/cluster-secret-contract.ts";
import { k8sDefaultDenyNetpol } from "./rules/kubernetes/k8s-default-deny-netpol.ts";
import { k8sImageNotLatest } from "./rules/kubernetes/k8s-image-not-latest.ts";
import { k8sPss } from "./rules/kubernetes/k8s-pss.ts";
import { sgDescribed } from "./rules/network/sg-described.ts";
import { sgNoRuleConflict } from "./rules/network/sg-no-rule-conflict.ts";
import { sgNoWorldIngress } from "./rules/network/sg-no-world-ingress.ts";
import { subnetNoAutoPublicIp } from "./rules/network/subnet-no-auto-public-ip.ts";
import { vpcCidrRegistry } from "./rules/network/vpc-cidr-registry.ts";
import { vpcDefaultSgClosed } from "./rules/network/vpc-default-sg-closed.ts";
import { vpcFlowLogs } from "./rules/network/vpc-flow-logs.ts";
import { smCmk } from "./rules/secrets/sm-cmk.ts";
import { smRecoveryWindow } from "./rules/secrets/sm-recovery-window.ts";
import { smRestrictivePolicy } from "./rules/secrets/sm-restrictive-policy.ts";
import { smRotation } from "./rules/secrets/sm-rotation.ts";
import { k8sProviderExplicit } from "./rules/stack/k8s-provider-explicit.ts";
import { outputNoSecretShape } from "./rules/stack/output-no-secret-shape.ts";
import { prodProtect } from "./rules/stack/prod-protect.ts";
import { providerAccountPinned } from "./rules/stack/provider-account-pinned.ts";
import { requiredTags } from "./rules/stack/required-tags.ts";
import { vaultMountOwn } from "./rules/vault/vault-mount-own.ts";
import { vaultRoleBound } from "./rules/vault/vault-role-bound.ts";
import type { Rule } from "./rule/rule.ts";

/** Every rule there is, by folder. A rule that is not listed does not run. */
export const rules: readonly Rule[] = [
    appSyncPolicy,
    appprojectNoWildcard,
    appsetGeneration,
    argoNoDefaultProject,
    argocdMinVersion,
    argocdValuesHardened,
    revisionPinned,
    eksAccessScope,
    eksAuthModeApi,
    eksCniNetworkPolicy,
    eksControlPlaneLogs,
    eksDeletionProtection,
    eksEndpointRestricted,
    eksNodesEbsEncrypted,
    eksNodesImdsv2,
    eksNodesNoOpenSsh,
    eksNodesPrivate,
    eksPodIdentityDedicatedSa,
    eksSecretsKms,
    eksSupportedVersion,
    esoRoleScope,
    hubRoleAssumeAllowlist,
    podIdentityTrustConditioned,
    registrationKeyReaders,
    registrationSecretKeyAgree,
    registrationSecretNoCredential,
    registrationSecretReaders,
    spokeRoleNoPermissions,
    spokeTrustExactHub,
    targetRoleExternalId,
    iamNoAccountRootTrust,
    iamNoAdminManagedPolicy,
    iamNoPolicyMgmtConflict,
    iamNoPublicTrust,
    iamNoStarAction,
    iamNoStarResourceSensitive,
    iamNoUsersNoKeys,
    roleMaxSession,
    kmsDeletionWindow,
    kmsNoLockoutBypass,
    kmsNoOpenPrincipal,
    kmsPolicyExplicit,
    kmsRotation,
    chartPinned,
    clusterSecretContract,
    k8sDefaultDenyNetpol,
    k8sImageNotLatest,
    k8sPss,
    sgDescribed,
    sgNoRuleConflict,
    sgNoWorldIngress,
    subnetNoAutoPublicIp,
    vpcCidrRegistry,
    vpcDefaultSgClosed,
    vpcFlowLogs,
    smCmk,
    smRecoveryWindow,
    smRestrictivePolicy,
    smRotation,
    k8sProviderExplicit,
    outputNoSecretShape,
    prodProtect,
    providerAccountPinned,
    requiredTags,
    vaultMountOwn,
    vaultRoleBound,
];
