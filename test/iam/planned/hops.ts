import type { ProgramRun } from "../../../sandbox/plan/program.ts";
import { argocdServiceAccounts } from "../../../contract/names.ts";
import type { Attempt } from "./attempt.ts";
import { PlannedStack } from "./source.ts";

/** What the fleet needs: a request that must be allowed, and how it is called. */
export interface Intended {
    title: string;
    attempt: Attempt;
}

export const hubAccount = "111111111111";
export const hubCluster = `arn:aws:eks:eu-west-1:${hubAccount}:cluster/hub-01`;
export const argocdRole = `arn:aws:iam::${hubAccount}:role/fleet/hub-01-argocd`;
export const secretsRole = `arn:aws:iam::${hubAccount}:role/fleet/hub-01-external-secrets`;

export const podIdentity = "pods.eks.amazonaws.com";
const secretKey = "aws:secretsmanager/secret:Secret";
const kmsKey = "aws:kms/key:Key";

/** The stacks by name, in the order in which they are deployed. */
export type Stacks = Readonly<Record<"hub" | "dev" | "staging" | "prod", ProgramRun>>;

/** Every request of the trust chain, for every cluster of the fleet. */
export function trustChain(stacks: Stacks): Intended[] {
    const spokes = [stacks.dev, stacks.staging, stacks.prod];
    return [
        ...argocdServiceAccounts.flatMap((account) => podHop(argocdRole, "argocd", account)),
        ...podHop(secretsRole, "external-secrets", "external-secrets"),
        ...spokes.flatMap(spokeHop),
        ...Object.values(stacks).flatMap(registrationHop),
    ];
}

/** Pod → hub role. */
function podHop(resource: string, namespace: string, serviceAccount: string): Intended[] {
    return ["sts:AssumeRole", "sts:TagSession"].map((action) => ({
        title: `${serviceAccount} gets its role (${action})`,
        attempt: {
            caller: podIdentity,
            action,
            resource,
            "aws:SourceAccount": hubAccount,
            "aws:SourceArn": hubCluster,
            "aws:RequestTag/kubernetes-namespace": namespace,
            "aws:RequestTag/kubernetes-service-account": serviceAccount,
        },
    }));
}

/** Hub role → spoke role, as each of Argo CD's service accounts. */
function spokeHop({ outputs }: ProgramRun): Intended[] {
    return argocdServiceAccounts.flatMap((account) =>
        ["sts:AssumeRole", "sts:TagSession"].map((action) => ({
            title: `${account} becomes the access role of ${String(outputs.clusterName)} (${action})`,
            attempt: {
                caller: argocdRole,
                action,
                resource: `arn:aws:iam::${String(outputs.accountId)}:role/fleet/${String(outputs.clusterName)}-argocd-spoke`,
                "aws:PrincipalTag/eks-cluster-arn": hubCluster,
                "aws:PrincipalTag/kubernetes-namespace": "argocd",
                "aws:PrincipalTag/kubernetes-service-account": account,
            },
        })),
    );
}

/** Hub External Secrets, and the stack's own deployer → registration secret → its key. */
function registrationHop(run: ProgramRun): Intended[] {
    const stack = new PlannedStack(run);
    const cluster = String(run.outputs.clusterName);
    const secret = stack.arnOf(secretKey, "registration-secret");
    const key = stack.arnOf(kmsKey, "registration-key");
    const deployer = `arn:aws:iam::${stack.accountId}:role/fleet-deployer`;
    const throughSecretsManager = {
        "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
        "kms:EncryptionContext:SecretARN": secret,
    };
    const reads = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"];
    const writes = ["kms:GenerateDataKey", "kms:Decrypt"];
    return [
        ...reads.map((action) => ({
            title: `External Secrets reads the registration of ${cluster} (${action})`,
            attempt: { caller: secretsRole, action, resource: secret },
        })),
        {
            title: `External Secrets decrypts the registration of ${cluster}`,
            attempt: { caller: secretsRole, action: "kms:Decrypt", resource: key, ...throughSecretsManager },
        },
        ...writes.map((action) => ({
            title: `the deployer writes the registration of ${cluster} (${action})`,
            attempt: { caller: deployer, action, resource: key, ...throughSecretsManager },
        })),
        {
            title: `the deployer compares the registration of ${cluster} with what it wrote`,
            attempt: { caller: deployer, action: "secretsmanager:GetSecretValue", resource: secret },
        },
    ];
}
