import assert from "node:assert/strict";

import { HubArgocdIdentity, hubArgocdPermissions } from "../../../components/identity/hub-argocd-identity.ts";
import {
    HubExternalSecretsIdentity,
    hubExternalSecretsPermissions,
} from "../../../components/identity/hub-external-secrets-identity.ts";
import { podIdentityTrust } from "../../../components/identity/pod-identity-role.ts";
import { SpokeAccessRole, spokeAccessTrust } from "../../../components/identity/spoke-access-role.ts";
import { place, policyOf, runMocked } from "../../harness/pulumi.ts";

const hub = { accountId: "111111111111", region: "eu-west-1", clusterName: "hub-01" };
const serviceAccounts = ["argocd-application-controller", "argocd-applicationset-controller", "argocd-server"];
const association = "aws:eks/podIdentityAssociation:PodIdentityAssociation";

describe("components/identity: documents", () => {
    it("Pod Identity may hand the role to one cluster's pods of one namespace and some service accounts", () => {
        assert.deepEqual(podIdentityTrust({ ...hub, namespace: "argocd", serviceAccounts }), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "PodIdentity",
                    Effect: "Allow",
                    Principal: { Service: "pods.eks.amazonaws.com" },
                    Action: ["sts:AssumeRole", "sts:TagSession"],
                    Condition: {
                        StringEquals: {
                            "aws:SourceAccount": "111111111111",
                            "aws:RequestTag/kubernetes-namespace": "argocd",
                            "aws:RequestTag/kubernetes-service-account": serviceAccounts,
                        },
                        ArnEquals: { "aws:SourceArn": "arn:aws:eks:eu-west-1:111111111111:cluster/hub-01" },
                    },
                },
            ],
        });
    });

    it("the hub's Argo CD may become spoke roles of listed accounts, and nothing else", () => {
        assert.deepEqual(hubArgocdPermissions(["222222222222", "333333333333"]), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "AssumeSpokeRoles",
                    Effect: "Allow",
                    Action: ["sts:AssumeRole", "sts:TagSession"],
                    Resource: [
                        "arn:aws:iam::222222222222:role/fleet/*-argocd-spoke",
                        "arn:aws:iam::333333333333:role/fleet/*-argocd-spoke",
                    ],
                },
            ],
        });
    });

    it("the hub's External Secrets may read this hub's registrations, its own account's once", () => {
        const secrets = [
            "arn:aws:secretsmanager:eu-west-1:111111111111:secret:fleet/hub-01/*-??????",
            "arn:aws:secretsmanager:eu-west-1:222222222222:secret:fleet/hub-01/*-??????",
        ];
        const spokeAccountIds = ["222222222222", "111111111111"];
        assert.deepEqual(hubExternalSecretsPermissions({ ...hub, spokeAccountIds }), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "ReadRegistrations",
                    Effect: "Allow",
                    Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
                    Resource: secrets,
                },
                {
                    Sid: "DecryptRegistrations",
                    Effect: "Allow",
                    Action: ["kms:Decrypt"],
                    Resource: ["arn:aws:kms:eu-west-1:111111111111:key/*", "arn:aws:kms:eu-west-1:222222222222:key/*"],
                    Condition: {
                        StringEquals: { "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com" },
                        StringLike: { "kms:EncryptionContext:SecretARN": secrets },
                    },
                },
            ],
        });
    });

    it("a spoke trusts one role, held by an Argo CD pod of the hub's cluster", () => {
        assert.deepEqual(
            spokeAccessTrust(
                "arn:aws:iam::111111111111:role/fleet/hub-01-argocd",
                "arn:aws:eks:eu-west-1:111111111111:cluster/hub-01",
            ),
            {
                Version: "2012-10-17",
                Statement: [
                    {
                        Sid: "HubArgocd",
                        Effect: "Allow",
                        Principal: { AWS: "arn:aws:iam::111111111111:role/fleet/hub-01-argocd" },
                        Action: ["sts:AssumeRole", "sts:TagSession"],
                        Condition: {
                            StringEquals: {
                                "aws:PrincipalTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111111111111:cluster/hub-01",
                                "aws:PrincipalTag/kubernetes-namespace": "argocd",
                                "aws:PrincipalTag/kubernetes-service-account": serviceAccounts,
                            },
                        },
                    },
                ],
            },
        );
    });
});

describe("components/identity: roles", () => {
    it("the hub's Argo CD is one role for three service accounts", async () => {
        const run = await runMocked(
            () => new HubArgocdIdentity("id", { ...hub, spokeAccountIds: ["222222222222"] }).roleArn,
        );
        assert.deepEqual(run.inventory(), [
            "aws:eks/podIdentityAssociation:PodIdentityAssociation id-pods-argocd-application-controller",
            "aws:eks/podIdentityAssociation:PodIdentityAssociation id-pods-argocd-applicationset-controller",
            "aws:eks/podIdentityAssociation:PodIdentityAssociation id-pods-argocd-server",
            "aws:iam/role:Role id-pods-role",
            "aws:iam/rolePolicy:RolePolicy id-pods-permissions",
            "fleet:identity:HubArgocdIdentity id",
            "fleet:identity:PodIdentityRole id-pods",
        ]);
        const { name, path, maxSessionDuration } = run.only("aws:iam/role:Role").inputs;
        assert.deepEqual(
            { name, path, maxSessionDuration },
            { name: "hub-01-argocd", path: "/fleet/", maxSessionDuration: 3600 },
        );
        assert.deepEqual(
            policyOf(run.only("aws:iam/rolePolicy:RolePolicy"), "policy"),
            hubArgocdPermissions(["222222222222"]),
        );
    });

    it("pods get their identity only once it can do something", async () => {
        const run = await runMocked(() => {
            new HubExternalSecretsIdentity("id", { ...hub, spokeAccountIds: [] });
        });
        const pods = run.only(association);
        assert.ok(pods.dependencies.includes(run.only("aws:iam/rolePolicy:RolePolicy").urn));
        const { roleArn, ...inputs } = pods.inputs;
        assert.match(String(roleArn), /:role\/fleet\/hub-01-external-secrets$/);
        assert.deepEqual(inputs, {
            clusterName: "hub-01",
            namespace: "external-secrets",
            serviceAccount: "external-secrets",
        });
    });

    it("a spoke's access role has no permission, and administers one cluster", async () => {
        const run = await runMocked(
            () =>
                new SpokeAccessRole("hub-access", {
                    accountId: place.accountId,
                    clusterName: "dev-01",
                    hubArgocdRoleArn: "arn:aws:iam::111111111111:role/fleet/hub-01-argocd",
                    hubClusterArn: "arn:aws:eks:eu-west-1:111111111111:cluster/hub-01",
                }).roleArn,
        );
        assert.deepEqual(run.inventory(), [
            "aws:eks/accessEntry:AccessEntry hub-access-admin-entry",
            "aws:eks/accessPolicyAssociation:AccessPolicyAssociation hub-access-admin-policy",
            "aws:iam/role:Role hub-access-role",
            "fleet:cluster:ClusterAdminAccess hub-access-admin",
            "fleet:identity:SpokeAccessRole hub-access",
        ]);
        assert.equal(run.value, "arn:aws:iam::222222222222:role/fleet/dev-01-argocd-spoke");
        const entry = run.only("aws:eks/accessEntry:AccessEntry");
        assert.equal(entry.inputs.principalArn, run.value);
        assert.ok(entry.dependencies.includes(run.only("aws:iam/role:Role").urn), "AWS wants the role first");
    });
});
