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
