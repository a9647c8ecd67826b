import type { Attempt } from "./attempt.ts";
import type { Alternatives } from "./exchange.ts";
import { argocdRole, hubAccount, podIdentity, secretsRole } from "./hops.ts";
import { allow, type PlannedSource } from "./source.ts";

/** An account that no stack knows. */
const foreign = "999999999999";
const spokeAccounts = ["222222222222", "333333333333", "444444444444"];

const admin = (account: string) => `arn:aws:iam::${account}:role/administrator`;
const json = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

/** Everything the hub's roles must not touch, although it would let them: only their own policies keep them out. */
export const decoys = {
    /** Spoke-like roles that trust the hub's Argo CD without any condition. */
    roles: [
        `arn:aws:iam::${foreign}:role/fleet/prod-01-argocd-spoke`,
        "arn:aws:iam::222222222222:role/dev-01-argocd-spoke",
        "arn:aws:iam::222222222222:role/other/dev-01-argocd-spoke",
        "arn:aws:iam::222222222222:role/fleet/dev-01-administrator",
    ],
    /** Secrets that let the hub's External Secrets read them. */
    secrets: [
        `arn:aws:secretsmanager:eu-west-1:${foreign}:secret:fleet/hub-01/dev-01-a1B2c3`,
        "arn:aws:secretsmanager:eu-west-1:222222222222:secret:fleet/hub-02/dev-01-a1B2c3",
        "arn:aws:secretsmanager:eu-west-1:222222222222:secret:shop/database-a1B2c3",
        "arn:aws:secretsmanager:us-east-1:222222222222:secret:fleet/hub-01/dev-01-a1B2c3",
    ],
    /** Keys that let the hub's External Secrets decrypt. */
    keys: [`arn:aws:kms:eu-west-1:${foreign}:key/decoy`, "arn:aws:kms:us-east-1:222222222222:key/decoy"],
};

/** Adds an administrator to every account, one that may do everything, and all decoys. */
export function addStrangers(source: PlannedSource): void {
    for (const account of [hubAccount, foreign, ...spokeAccounts]) source.addRole(admin(account), allow("*", "*"));
    const hubRoles = { AWS: [argocdRole, secretsRole] };
    for (const arn of decoys.roles) {
        const trust = { Effect: "Allow", Principal: hubRoles, Action: ["sts:AssumeRole", "sts:TagSession"] };
        source.addRole(arn, undefined, json(trust));
    }
    const open = (Action: string) => json({ Effect: "Allow", Principal: hubRoles, Action, Resource: "*" });
    for (const arn of decoys.secrets) source.addSecret(arn, open("secretsmanager:*"));
    for (const arn of decoys.keys) source.addKey(arn, open("kms:*"));
}

const others = {
    role: ["sts:AssumeRoleWithWebIdentity", "sts:SetSourceIdentity"],
    secret: ["PutSecretValue", "PutResourcePolicy", "DeleteSecret", "UpdateSecret"].map(
        (name) => `secretsmanager:${name}`,
    ),
    key: ["kms:Encrypt", "kms:CreateGrant", "kms:ReEncryptFrom", "kms:GenerateDataKeyPair"],
};

const clusterArn = (account: string, name: string) => `arn:aws:eks:eu-west-1:${account}:cluster/${name}`;
const otherClusters = [clusterArn(hubAccount, "tools"), clusterArn("222222222222", "dev-01"), undefined];
const otherNamespaces = ["default", "kube-system", "argocd-2", undefined];
const otherAccounts = ["default", "argocd-repo-server", "external-secrets-webhook", undefined];
const inKms = {
    "kms:ViaService": ["s3.eu-west-1.amazonaws.com", "secretsmanager.us-east-1.amazonaws.com", undefined],
    "kms:EncryptionContext:SecretARN": [...decoys.secrets, undefined],
};

const inOtherAccount = (resource: string) => (role: string) => role.split(":")[4] !== resource.split(":")[4];

/** What to put in place of each attribute of an intended request, by the kind of hop. */
export function alternatives({ caller, action, resource }: Attempt, roles: readonly string[]): Alternatives {
    if (caller === podIdentity) {
        return {
            caller: ["ec2.amazonaws.com", "eks.amazonaws.com", ...roles, ...[hubAccount, foreign].map(admin)],
            action: others.role,
            resource: roles.filter((role) => role !== resource),
            "aws:SourceAccount": [foreign, "222222222222", undefined],
            "aws:SourceArn": otherClusters,
            "aws:RequestTag/kubernetes-namespace": otherNamespaces,
            "aws:RequestTag/kubernetes-service-account": otherAccounts,
        };
    }
    const strangers = [hubAccount, foreign, ...spokeAccounts].map(admin);
    if (action.startsWith("sts:")) {
        return {
            caller: [...roles.filter((role) => role !== caller), ...strangers],
            action: others.role,
            resource: [...decoys.roles, ...roles.filter((role) => !role.endsWith("-argocd-spoke"))],
            "aws:PrincipalTag/eks-cluster-arn": otherClusters,
            "aws:PrincipalTag/kubernetes-namespace": otherNamespaces,
            "aws:PrincipalTag/kubernetes-service-account": otherAccounts,
        };
    }
    if (caller.endsWith("/fleet-deployer")) {
        return resource.includes(":kms:")
            ? { caller: [...roles.filter((role) => role !== secretsRole), ...strangers], action: others.key, ...inKms }
            : { caller: [...roles.filter((role) => role !== secretsRole), ...strangers] };
    }
    const readers = [...roles.filter((role) => role !== caller), ...strangers];
    return resource.includes(":kms:")
        ? { caller: readers, action: [...others.key, "kms:GenerateDataKey"], resource: decoys.keys, ...inKms }
        : {
              // The description holds nothing: the account's own roles may see it if their policies say so.
              caller: action.endsWith("DescribeSecret") ? readers.filter(inOtherAccount(resource)) : readers,
              action: others.secret,
              resource: decoys.secrets,
          };
}
