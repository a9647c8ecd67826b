import assert from "node:assert/strict";

import { kubeconfig } from "../../../components/cluster/kubeconfig.ts";
import { secretsKeyPolicy } from "../../../components/cluster/secrets-key.ts";

const deployer = "arn:aws:iam::222222222222:role/fleet-deployer";

describe("components/cluster: documents", () => {
    it("the key's administrators cannot decrypt, its users cannot administer", () => {
        const { Statement } = secretsKeyPolicy("222222222222", deployer, "arn:aws:iam::222222222222:role/fleet/c");
        assert.deepEqual(Statement, [
            {
                Sid: "Administration",
                Effect: "Allow",
                Principal: { AWS: "arn:aws:iam::222222222222:root" },
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
            },
            {
                Sid: "ClusterCreation",
                Effect: "Allow",
                Principal: { AWS: deployer },
                Action: ["kms:CreateGrant", "kms:DescribeKey"],
                Resource: "*",
            },
            {
                Sid: "ControlPlane",
                Effect: "Allow",
                Principal: { AWS: "arn:aws:iam::222222222222:role/fleet/c" },
                Action: ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
                Resource: "*",
            },
        ]);
    });

    it("the kubeconfig asks for a token and holds none", () => {
        const target = { clusterName: "dev-01", region: "eu-west-1", endpoint: "https://api", caData: "Y2E=" };
        assert.deepEqual(JSON.parse(kubeconfig({ ...target, roleArn: deployer })), {
            apiVersion: "v1",
            kind: "Config",
            "current-context": "dev-01",
            clusters: [{ name: "dev-01", cluster: { server: "https://api", "certificate-authority-data": "Y2E=" } }],
            contexts: [{ name: "dev-01", context: { cluster: "dev-01", user: "dev-01" } }],
            users: [
                {
                    name: "dev-01",
                    user: {
                        exec: {
                            apiVersion: "client.authentication.k8s.io/v1beta1",
                            command: "aws",
                            args: [
                                "eks",
                                "get-token",
                                "--cluster-name",
                                "dev-01",
                                "--region",
                                "eu-west-1",
                                "--role-arn",
                                deployer,
                                "--output",
                                "json",
                            ],
                            interactiveMode: "Never",
                        },
                    },
                },
            ],
        });
    });
});
