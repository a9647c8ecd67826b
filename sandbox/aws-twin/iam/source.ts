/**
 * What the IAM evaluator and the AWS endpoints read of the twin's state. The twin implements it; tests use a fake.
 * Every method answers from the current state, synchronously and without side effects.
 */

/**
 * A policy with a Principal element (role trust, secret policy, key policy), as stored.
 * AWS resolves each role ARN in it to that role's unique id when the policy is written; a role deleted and recreated
 * under the same ARN does not match until the policy is written again.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export interface PinnedPolicy {
    /** The policy document, JSON text as the caller wrote it. */
    document: string;
    /** Role ARN named in a Principal element → that role's unique id (`AROA…`) at the time of writing. */
    principalIds: Record<string, string>;
}

/** An identity policy of a role. */
export interface IdentityPolicy {
    /** The inline policy's name, or the managed policy's name. */
    name: string;
    kind: "inline" | "attached";
    /** The managed policy's ARN; absent for an inline policy. */
    arn?: string;
    /**
     * JSON text. Absent for an AWS managed policy whose text the twin does not hold: a request made by such a role
     * cannot be decided and is an error that names the policy.
     */
    document?: string;
}

export interface IamRole {
    /** `arn:aws:iam::<account>:role/<path><name>`. */
    arn: string;
    accountId: string;
    name: string;
    /** `/` or `/…/`. */
    path: string;
    /** `AROA…`, new for every creation. */
    uniqueId: string;
    trustPolicy: PinnedPolicy;
    identityPolicies: IdentityPolicy[];
    permissionsBoundary?: { arn: string; document: string };
    /** Seconds, 3600 to 43200. */
    maxSessionDuration: number;
    tags: Record<string, string>;
}

export interface SecretVersionRecord {
    versionId: string;
    /** `AWSCURRENT`, `AWSPREVIOUS`, … */
    stages: string[];
    secretString?: string;
    /** Base64. */
    secretBinary?: string;
    /** ISO 8601. */
    createdDate: string;
}

export interface SecretRecord {
    /** With the six random characters. */
    arn: string;
    accountId: string;
    region: string;
    name: string;
    description?: string;
    /** ARN of the customer managed key; absent for the account's `aws/secretsmanager`. */
    kmsKeyArn?: string;
    policy?: PinnedPolicy;
    tags: Record<string, string>;
    /** ISO 8601. */
    createdDate: string;
    lastChangedDate: string;
    /** ISO 8601; present while the secret is pending deletion. */
    deletedDate?: string;
    versions: SecretVersionRecord[];
}

export interface KmsKeyRecord {
    arn: string;
    keyId: string;
    accountId: string;
    region: string;
    state: "Enabled" | "Disabled" | "PendingDeletion";
    policy: PinnedPolicy;
}

export interface AccessPolicyAssociationRecord {
    /** `arn:aws:eks::aws:cluster-access-policy/AmazonEKS…`. */
    policyArn: string;
    scope: { type: "cluster" } | { type: "namespace"; namespaces: string[] };
}

export interface AccessEntryRecord {
    /** ARN of the entry itself. */
    arn: string;
    principalArn: string;
    /** Unique id of the principal when the entry was created; a recreated role needs a new entry. */
    principalId: string;
    type: "STANDARD" | "EC2" | "EC2_LINUX";
    /** The `userName` given; absent means the name that EKS builds from the session. */
    userName?: string;
    kubernetesGroups: string[];
    policies: AccessPolicyAssociationRecord[];
}

export interface PodIdentityAssociationRecord {
    arn: string;
    /** `a-…`. */
    id: string;
    namespace: string;
    serviceAccount: string;
    roleArn: string;
    disableSessionTags?: boolean;
}

export interface EksClusterRecord {
    /** `<account>.<name>`, the key of the control plane. */
    key: string;
    arn: string;
    accountId: string;
    region: string;
    name: string;
    /** Issuer of the cluster's service-account tokens. */
    issuer: string;
    accessEntries: AccessEntryRecord[];
    podIdentityAssociations: PodIdentityAssociationRecord[];
}

/** Read access to the twin's state. */
export interface IamSource {
    /** The role with exactly this ARN (path included). */
    role(arn: string): IamRole | undefined;
    /** All secrets of an account and region, those pending deletion included. */
    secrets(accountId: string, region: string): SecretRecord[];
    /** The key with exactly this ARN, whatever its state. */
    kmsKey(arn: string): KmsKeyRecord | undefined;
    cluster(accountId: string, region: string, name: string): EksClusterRecord | undefined;
    /** The cluster whose service-account tokens carry this `iss`. */
    clusterByIssuer(issuer: string): EksClusterRecord | undefined;
}
