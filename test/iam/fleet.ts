import type {
    AccessEntryRecord,
    EksClusterRecord,
    IamRole,
    IamSource,
    KmsKeyRecord,
    PinnedPolicy,
    PodIdentityAssociationRecord,
    SecretRecord,
} from "../../sandbox/aws-twin/iam/source.ts";

export interface PolicyStatement {
    Sid?: string;
    Effect: "Allow" | "Deny";
    Principal?: "*" | Record<string, string | string[]>;
    Action?: string | string[] | undefined;
    NotAction?: string;
    Resource?: string | string[] | undefined;
    NotResource?: string;
    Condition?: Record<string, Record<string, string | string[]>>;
}

export interface PolicyJson {
    Version: "2012-10-17";
    Statement: PolicyStatement[];
}

export const HUB = "111111111111";
export const DEV = "222222222222";
export const OPERATIONS = "999999999999";
export const REGION = "eu-west-1";
export const HUB_CLUSTER_ARN = `arn:aws:eks:${REGION}:${HUB}:cluster/hub-01`;
export const ARGOCD_ROLE = `arn:aws:iam::${HUB}:role/fleet/hub-01-argocd`;
export const SECRETS_ROLE = `arn:aws:iam::${HUB}:role/fleet/hub-01-external-secrets`;
export const SPOKE_ROLE = `arn:aws:iam::${DEV}:role/fleet/dev-01-argocd-spoke`;
export const DEPLOYER_ROLE = `arn:aws:iam::${DEV}:role/fleet-deployer`;
export const OPERATOR_ROLE = `arn:aws:iam::${OPERATIONS}:role/fleet-operator`;
export const SECRET_ARN = `arn:aws:secretsmanager:${REGION}:${DEV}:secret:fleet/hub-01/dev-01-a1B2c3`;
export const KEY_ARN = `arn:aws:kms:${REGION}:${DEV}:key/0b7e6f1c-1111-4222-8333-444455556666`;
export const HUB_ISSUER = "https://127.0.0.1:6443/hub-01";
const CLUSTER_ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";

export function policy(...statements: PolicyStatement[]): PolicyJson {
    return { Version: "2012-10-17", Statement: statements };
}

function podTrust(namespace: string, serviceAccounts: string[]): PolicyJson {
    return policy({
        Sid: "PodIdentity",
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
            StringEquals: {
                "aws:SourceAccount": HUB,
                "aws:RequestTag/kubernetes-namespace": namespace,
                "aws:RequestTag/kubernetes-service-account": serviceAccounts,
            },
            ArnEquals: { "aws:SourceArn": HUB_CLUSTER_ARN },
        },
    });
}

/** Every policy of the chain hub pod → spoke cluster and hub External Secrets → registration secret. */
export function chainPolicies() {
    return {
        argocdTrust: podTrust("argocd", ["argocd-application-controller", "argocd-server"]),
        argocdIdentity: policy({
            Sid: "AssumeSpokes",
            Effect: "Allow",
            Action: ["sts:AssumeRole", "sts:TagSession"],
            Resource: `arn:aws:iam::${DEV}:role/fleet/*-argocd-spoke`,
        }),
        spokeTrust: policy({
            Sid: "HubArgoCd",
            Effect: "Allow",
            Principal: { AWS: ARGOCD_ROLE },
            Action: ["sts:AssumeRole", "sts:TagSession"],
            Condition: {
                StringEquals: {
                    "aws:PrincipalTag/kubernetes-namespace": "argocd",
                    "aws:PrincipalTag/kubernetes-service-account": ["argocd-application-controller", "argocd-server"],
                },
                ArnEquals: { "aws:PrincipalTag/eks-cluster-arn": HUB_CLUSTER_ARN },
            },
        }),
        secretsTrust: podTrust("external-secrets", ["external-secrets"]),
        secretsIdentity: policy(
            {
                Sid: "ReadRegistrations",
                Effect: "Allow",
                Action: "secretsmanager:GetSecretValue",
                Resource: `arn:aws:secretsmanager:${REGION}:${DEV}:secret:fleet/hub-01/*`,
            },
            {
                Sid: "DecryptRegistrations",
                Effect: "Allow",
                Action: "kms:Decrypt",
                Resource: `arn:aws:kms:${REGION}:${DEV}:key/*`,
                Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${REGION}.amazonaws.com` } },
            },
        ),
        secretPolicy: policy({
            Sid: "HubReads",
            Effect: "Allow",
            Principal: { AWS: SECRETS_ROLE },
            Action: "secretsmanager:GetSecretValue",
            Resource: "*",
        }),
        keyPolicy: policy(
            {
                Sid: "Administration",
                Effect: "Allow",
                Principal: { AWS: `arn:aws:iam::${DEV}:root` },
                Action: "kms:*",
                Resource: "*",
            },
            {
                Sid: "HubDecrypts",
                Effect: "Allow",
                Principal: { AWS: SECRETS_ROLE },
                Action: "kms:Decrypt",
                Resource: "*",
                Condition: {
                    StringEquals: { "kms:ViaService": `secretsmanager.${REGION}.amazonaws.com` },
                    StringLike: {
                        "kms:EncryptionContext:SecretARN": `arn:aws:secretsmanager:${REGION}:${DEV}:secret:fleet/hub-01/dev-01-??????`,
                    },
                },
            },
        ),
    };
}

export type ChainPolicies = ReturnType<typeof chainPolicies>;

/** Twin state in memory: a hub, a spoke, and the policies given. Tests change its records directly. */
export class FakeSource implements IamSource {
    readonly roles = new Map<string, IamRole>();
    readonly secretList: SecretRecord[] = [];
    readonly keys = new Map<string, KmsKeyRecord>();
    readonly clusters: EksClusterRecord[] = [];

    constructor(policies: ChainPolicies = chainPolicies()) {
        const toDeployers = policy({ Effect: "Allow", Action: "sts:AssumeRole", Resource: DEPLOYER_ROLE });
        const fromOperator = policy({ Effect: "Allow", Principal: { AWS: OPERATOR_ROLE }, Action: "sts:AssumeRole" });
        const nobody = policy({ Effect: "Deny", Principal: "*", Action: "sts:AssumeRole" });
        this.addRole(OPERATOR_ROLE, nobody, { deployers: toDeployers });
        this.addRole(DEPLOYER_ROLE, fromOperator, {});
        this.addRole(ARGOCD_ROLE, policies.argocdTrust, { "assume-spokes": policies.argocdIdentity });
        this.addRole(SECRETS_ROLE, policies.secretsTrust, { "read-registrations": policies.secretsIdentity });
        this.addRole(SPOKE_ROLE, policies.spokeTrust, {});
        this.keys.set(KEY_ARN, {
            arn: KEY_ARN,
            keyId: KEY_ARN.split("/")[1] ?? "",
            accountId: DEV,
            region: REGION,
            state: "Enabled",
            policy: this.pin(policies.keyPolicy),
        });
        this.secretList.push({
            arn: SECRET_ARN,
            accountId: DEV,
            region: REGION,
            name: "fleet/hub-01/dev-01",
            kmsKeyArn: KEY_ARN,
            policy: this.pin(policies.secretPolicy),
            tags: { fleet: "hub-01" },
            createdDate: "2026-11-01T00:00:00.000Z",
            lastChangedDate: "2026-11-01T00:00:00.000Z",
            versions: [
                {
                    versionId: "5f0c7d5e-0000-4000-8000-000000000001",
                    stages: ["AWSCURRENT"],
                    secretString: '{"name":"dev-01"}',
                    createdDate: "2026-11-01T00:00:00.000Z",
                },
            ],
        });
        this.clusters.push(hubCluster(), {
            ...cluster(DEV, "dev-01"),
            accessEntries: [this.entry(SPOKE_ROLE), this.entry(DEPLOYER_ROLE)],
        });
    }

    /** Adds or recreates a role: it gets a new unique id. */
    addRole(arn: string, trust: PolicyJson, identity: Record<string, PolicyJson>): IamRole {
        const [, path = "/", name = ""] = /:role(\/(?:.*\/)?)([^/]+)$/.exec(arn) ?? [];
        const role: IamRole = {
            arn,
            accountId: arn.split(":")[4] ?? "",
            name,
            path,
            uniqueId: `AROA${String(this.#nextId++).padStart(17, "0")}`,
            trustPolicy: this.pin(trust),
            identityPolicies: Object.entries(identity).map(([policyName, document]) => ({
                name: policyName,
                kind: "inline",
                document: JSON.stringify(document),
            })),
            maxSessionDuration: 3600,
            tags: {},
        };
        this.roles.set(arn, role);
        return role;
    }

    #nextId = 1;

    /** What AWS does when a policy is written: role ARNs become unique ids. */
    pin(document: PolicyJson): PinnedPolicy {
        const json = JSON.stringify(document);
        const known = [...this.roles].filter(([arn]) => json.includes(`"${arn}"`));
        return { document: json, principalIds: Object.fromEntries(known.map(([arn, role]) => [arn, role.uniqueId])) };
    }

    entry(principalArn: string): AccessEntryRecord {
        return {
            arn: `arn:aws:eks:${REGION}:${DEV}:access-entry/dev-01/role/x/1`,
            principalArn,
            principalId: this.roles.get(principalArn)?.uniqueId ?? "",
            type: "STANDARD",
            kubernetesGroups: [],
            policies: [{ policyArn: CLUSTER_ADMIN, scope: { type: "cluster" } }],
        };
    }

    role(arn: string): IamRole | undefined {
        return this.roles.get(arn);
    }

    secrets(accountId: string, region: string): SecretRecord[] {
        return this.secretList.filter((secret) => secret.accountId === accountId && secret.region === region);
    }

    kmsKey(arn: string): KmsKeyRecord | undefined {
        return this.keys.get(arn);
    }

    cluster(accountId: string, region: string, name: string): EksClusterRecord | undefined {
        return this.clusters.find(
            (each) => each.accountId === accountId && each.region === region && each.name === name,
        );
    }

    clusterByIssuer(issuer: string): EksClusterRecord | undefined {
        return this.clusters.find((each) => each.issuer === issuer);
    }
}

function cluster(accountId: string, name: string): EksClusterRecord {
    return {
        key: `${accountId}.${name}`,
        arn: `arn:aws:eks:${REGION}:${accountId}:cluster/${name}`,
        accountId,
        region: REGION,
        name,
        issuer: `https://127.0.0.1:6443/${name}`,
        accessEntries: [],
        podIdentityAssociations: [],
    };
}

function hubCluster(): EksClusterRecord {
    return {
        ...cluster(HUB, "hub-01"),
        podIdentityAssociations: [
            association("a-1", "argocd", "argocd-application-controller", ARGOCD_ROLE),
            association("a-2", "external-secrets", "external-secrets", SECRETS_ROLE),
            // A mistake to catch: the trust policy does not name this namespace.
            association("a-3", "default", "argocd-server", ARGOCD_ROLE),
        ],
    };
}

function association(
    id: string,
    namespace: string,
    serviceAccount: string,
    roleArn: string,
): PodIdentityAssociationRecord {
    const arn = `arn:aws:eks:${REGION}:${HUB}:podidentityassociation/hub-01/${id}`;
    return { arn, id, namespace, serviceAccount, roleArn };
}
