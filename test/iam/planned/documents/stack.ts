/** What the documents of one stack are made of. */
export interface Stack {
    /** Prefix of its resources: hub or spoke. */
    name: "hub" | "spoke";
    account: string;
    cluster: string;
    environment: string;
}

/** Policies by `<logical name> <input>`; documents as objects, everything else as it is. */
export type Documents = Record<string, unknown>;

/** A document with these statements. */
export const document = (...Statement: object[]) => ({ Version: "2012-10-17", Statement });

/** Trust in a service, without conditions. */
export const serviceTrust = (service: string) =>
    document({ Sid: "Service", Effect: "Allow", Principal: { Service: service }, Action: ["sts:AssumeRole"] });

/** Trust in the pods of one cluster with these service accounts of a namespace. */
export const podTrust = ({ account, cluster }: Stack, namespace: string, serviceAccounts: string[]) =>
    document({
        Sid: "PodIdentity",
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
            StringEquals: {
                "aws:SourceAccount": account,
                "aws:RequestTag/kubernetes-namespace": namespace,
                "aws:RequestTag/kubernetes-service-account": serviceAccounts,
            },
            ArnEquals: { "aws:SourceArn": `arn:aws:eks:eu-west-1:${account}:cluster/${cluster}` },
        },
    });

/** Everything about a key but using it. */
export const keyAdministration = (account: string) => ({
    Sid: "Administration",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: [
        "kms:CancelKeyDeletion",
        "kms:CreateAlias",
        "kms:DeleteAlias",
        "kms:DescribeKey",
        "kms:DisableKey",
        "kms:EnableKey",
        "kms:EnableKeyRotation",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListResourceTags",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateAlias",
        "kms:UpdateKeyDescription",
    ],
    Resource: "*",
});
