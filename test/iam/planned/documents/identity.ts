import { document, type Documents, podTrust, type Stack } from "./stack.ts";

const argocd = ["argocd-application-controller", "argocd-applicationset-controller", "argocd-server"];
const spokeAccounts = ["222222222222", "333333333333", "444444444444"];
const registrations = ["111111111111", ...spokeAccounts].map(
    (account) => `arn:aws:secretsmanager:eu-west-1:${account}:secret:fleet/hub-01/*-??????`,
);

/** Policies of what the hub's Argo CD and External Secrets are in AWS. */
export function hubIdentityDocuments(hub: Stack): Documents {
    return {
        "hub-argocd-identity-pods-role assumeRolePolicy": podTrust(hub, "argocd", argocd),
        "hub-argocd-identity-pods-permissions policy": document({
            Sid: "AssumeSpokeRoles",
            Effect: "Allow",
            Action: ["sts:AssumeRole", "sts:TagSession"],
            Resource: spokeAccounts.map((account) => `arn:aws:iam::${account}:role/fleet/*-argocd-spoke`),
        }),
        "hub-external-secrets-identity-pods-role assumeRolePolicy": podTrust(hub, "external-secrets", [
            "external-secrets",
        ]),
        "hub-external-secrets-identity-pods-permissions policy": document(
            {
                Sid: "ReadRegistrations",
                Effect: "Allow",
                Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
                Resource: registrations,
            },
            {
                Sid: "DecryptRegistrations",
                Effect: "Allow",
                Action: ["kms:Decrypt"],
                Resource: ["111111111111", ...spokeAccounts].map((account) => `arn:aws:kms:eu-west-1:${account}:key/*`),
                Condition: {
                    StringEquals: { "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com" },
                    StringLike: { "kms:EncryptionContext:SecretARN": registrations },
                },
            },
        ),
    };
}

/** Policies of the door by which the hub comes into a spoke. */
export function spokeAccessDocuments(): Documents {
    return {
        "spoke-hub-access-role assumeRolePolicy": document({
            Sid: "HubArgocd",
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::111111111111:role/fleet/hub-01-argocd" },
            Action: ["sts:AssumeRole", "sts:TagSession"],
            Condition: {
                StringEquals: {
                    "aws:PrincipalTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111111111111:cluster/hub-01",
                    "aws:PrincipalTag/kubernetes-namespace": "argocd",
                    "aws:PrincipalTag/kubernetes-service-account": argocd,
                },
            },
        }),
        "spoke-hub-access-admin-policy policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
    };
}
