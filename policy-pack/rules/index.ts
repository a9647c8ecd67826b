import { appSyncPolicy } from "./argocd/app-sync-policy.ts";
import { appprojectNoWildcard } from "./argocd/appproject-no-wildcard.ts";
import { appsetGeneration } from "./argocd/appset-generation.ts";
import { argoNoDefaultProject } from "./argocd/argo-no-default-project.ts";
import { argocdMinVersion } from "./argocd/argocd-min-version.ts";
import { argocdValuesHardened } from "./argocd/argocd-values-hardened.ts";
import { revisionPinned } from "./argocd/revision-pinned.ts";
import { eksAccessScope } from "./eks/eks-access-scope.ts";
import { eksAuthModeApi } from "./eks/eks-auth-mode-api.ts";
import { eksCniNetworkPolicy } from "./eks/eks-cni-network-policy.ts";
import { eksControlPlaneLogs } from "./eks/eks-control-plane-logs.ts";
import { eksDeletionProtection } from "./eks/eks-deletion-protection.ts";
import { eksEndpointRestricted } from "./eks/eks-endpoint-restricted.ts";
import { eksNodesEbsEncrypted } from "./eks/eks-nodes-ebs-encrypted.ts";
import { eksNodesImdsv2 } from "./eks/eks-nodes-imdsv2.ts";
import { eksNodesNoOpenSsh } from "./eks/eks-nodes-no-open-ssh.ts";
import { eksNodesPrivate } from "./eks/eks-nodes-private.ts";
import { eksPodIdentityDedicatedSa } from "./eks/eks-pod-identity-dedicated-sa.ts";
import { eksSecretsKms } from "./eks/eks-secrets-kms.ts";
import { eksSupportedVersion } from "./eks/eks-supported-version.ts";
import { esoRoleScope } from "./fleet/eso-role-scope.ts";
import { hubRoleAssumeAllowlist } from "./fleet/hub-role-assume-allowlist.ts";
import { podIdentityTrustConditioned } from "./fleet/pod-identity-trust-conditioned.ts";
import { registrationKeyReaders } from "./fleet/registration-key-readers.ts";
import { registrationSecretKeyAgree } from "./fleet/registration-secret-key-agree.ts";
import { registrationSecretNoCredential } from "./fleet/registration-secret-no-credential.ts";
import { registrationSecretReaders } from "./fleet/registration-secret-readers.ts";
import { spokeRoleNoPermissions } from "./fleet/spoke-role-no-permissions.ts";
import { spokeTrustExactHub } from "./fleet/spoke-trust-exact-hub.ts";
import { targetRoleExternalId } from "./fleet/target-role-external-id.ts";
import { iamNoAccountRootTrust } from "./iam/iam-no-account-root-trust.ts";
import { iamNoAdminManagedPolicy } from "./iam/iam-no-admin-managed-policy.ts";
import { iamNoPolicyMgmtConflict } from "./iam/iam-no-policy-mgmt-conflict.ts";
import { iamNoPublicTrust } from "./iam/iam-no-public-trust.ts";
import { iamNoStarAction } from "./iam/iam-no-star-action.ts";
import { iamNoStarResourceSensitive } from "./iam/iam-no-star-resource-sensitive.ts";
import { iamNoUsersNoKeys } from "./iam/iam-no-users-no-keys.ts";
import { roleMaxSession } from "./iam/role-max-session.ts";
import { kmsDeletionWindow } from "./kms/kms-deletion-window.ts";
import { kmsNoLockoutBypass } from "./kms/kms-no-lockout-bypass.ts";
import { kmsNoOpenPrincipal } from "./kms/kms-no-open-principal.ts";
import { kmsPolicyExplicit } from "./kms/kms-policy-explicit.ts";
import { kmsRotation } from "./kms/kms-rotation.ts";
import { chartPinned } from "./kubernetes/chart-pinned.ts";
import { clusterSecretContract } from "./kubernetes/cluster-secret-contract.ts";
import { k8sDefaultDenyNetpol } from "./kubernetes/k8s-default-deny-netpol.ts";
import { k8sImageNotLatest } from "./kubernetes/k8s-image-not-latest.ts";
import { k8sPss } from "./kubernetes/k8s-pss.ts";
import { sgDescribed } from "./network/sg-described.ts";
import { sgNoRuleConflict } from "./network/sg-no-rule-conflict.ts";
import { sgNoWorldIngress } from "./network/sg-no-world-ingress.ts";
import { subnetNoAutoPublicIp } from "./network/subnet-no-auto-public-ip.ts";
import { vpcCidrRegistry } from "./network/vpc-cidr-registry.ts";
import { vpcDefaultSgClosed } from "./network/vpc-default-sg-closed.ts";
import { vpcFlowLogs } from "./network/vpc-flow-logs.ts";
import { smCmk } from "./secrets/sm-cmk.ts";
import { smRecoveryWindow } from "./secrets/sm-recovery-window.ts";
import { smRestrictivePolicy } from "./secrets/sm-restrictive-policy.ts";
import { smRotation } from "./secrets/sm-rotation.ts";
import { k8sProviderExplicit } from "./stack/k8s-provider-explicit.ts";
import { outputNoSecretShape } from "./stack/output-no-secret-shape.ts";
import { prodProtect } from "./stack/prod-protect.ts";
import { providerAccountPinned } from "./stack/provider-account-pinned.ts";
import { requiredTags } from "./stack/required-tags.ts";
import { vaultMountOwn } from "./vault/vault-mount-own.ts";
import { vaultRoleBound } from "./vault/vault-role-bound.ts";
import type { Rule } from "../rule/rule.ts";

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
