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

import {
    HUB,
    DEV,
    REGION,
    ARGOCD_ROLE,
    SECRETS_ROLE,
    SPOKE_ROLE,
    DEPLOYER_ROLE,
    OPERATOR_ROLE,
    SECRET_ARN,
    KEY_ARN,
    policy,
    chainPolicies,
    type ChainPolicies,
    type PolicyJson,
} from "./chain-policies.ts";

const CLUSTER_ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";

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
