import assert from "node:assert/strict";

import { addonCapabilities, AddonRoles, type AddonRolesSpec } from "../../../components/identity/addon-roles.ts";
import { HubExternalSecretsIdentity } from "../../../components/identity/hub-external-secrets-identity.ts";
import { place, policyOf, runMocked } from "../../harness/pulumi.ts";

const everything: AddonRolesSpec = {
    loadBalancerController: true,
    karpenter: true,
    externalDns: { hostedZoneIds: ["Z0000DNS"] },
    certManager: { hostedZoneIds: ["Z0000ACME"] },
    imageUpdater: { repositories: ["shop/app"] },
    externalSecrets: { prefixes: ["shop/"] },
};

const addons = (roles: AddonRolesSpec) =>
    runMocked(() => {
        new AddonRoles("addons", { ...place, clusterName: "dev-01", roles });
    });

describe("components/identity: AddonRoles", () => {
    it("are a role, its permissions and one association for each enabled add-on", async () => {
        const kinds = [
            ["cert-manager", "cert-manager"],
            ["external-dns", "external-dns"],
            ["external-secrets", "external-secrets"],
            ["image-updater", "argocd-image-updater"],
            ["karpenter", "karpenter"],
            ["load-balancer", "aws-load-balancer-controller"],
        ];
        assert.deepEqual(
            (await addons(everything)).inventory(),
            [
                "fleet:identity:AddonRoles addons",
                "aws:cloudwatch/eventRule:EventRule addons-karpenter-support-rule",
                "aws:cloudwatch/eventTarget:EventTarget addons-karpenter-support-target",
                "aws:eks/accessEntry:AccessEntry addons-karpenter-support-node-entry",
                "aws:iam/role:Role addons-karpenter-support-node-role",
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment addons-karpenter-support-node-AmazonEC2ContainerRegistryPullOnly",
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment addons-karpenter-support-node-AmazonEKSWorkerNodePolicy",
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment addons-karpenter-support-node-AmazonEKS_CNI_Policy",
                "aws:sqs/queue:Queue addons-karpenter-support-queue",
                "aws:sqs/queuePolicy:QueuePolicy addons-karpenter-support-queue-policy",
                "fleet:cluster:ServiceRole addons-karpenter-support-node",
                "fleet:identity:KarpenterSupport addons-karpenter-support",
                ...kinds.flatMap(([role, serviceAccount]) => [
                    `aws:eks/podIdentityAssociation:PodIdentityAssociation addons-${role}-${serviceAccount}`,
                    `aws:iam/role:Role addons-${role}-role`,
                    `aws:iam/rolePolicy:RolePolicy addons-${role}-permissions`,
                    `fleet:identity:PodIdentityRole addons-${role}`,
                ]),
            ].toSorted(),
        );
    });

    it("are none by default", async () => {
        assert.deepEqual((await addons({})).inventory(), ["fleet:identity:AddonRoles addons"]);
    });

    it("are capabilities of the cluster", () => {
        const none = addonCapabilities({ loadBalancerController: false });
        const all = addonCapabilities(everything);
        assert.deepEqual(Object.keys(none), [
            "argocd_image_updater",
            "aws_load_balancer_controller",
            "cert_manager_route53",
            "external_dns",
            "external_secrets_aws",
            "karpenter",
        ]);
        assert.deepEqual(
            [new Set(Object.values(none)), new Set(Object.values(all))],
            [new Set(["false"]), new Set(["true"])],
        );
    });

    it("on a hub leave External Secrets the one role it has, with more to read", async () => {
        const run = await runMocked(() => {
            const args = { ...place, clusterName: "hub-01", spokeAccountIds: [], prefixes: ["shop/"] };
            new HubExternalSecretsIdentity("secrets", args);
        });
        const { Statement } = policyOf(run.only("aws:iam/rolePolicy:RolePolicy"), "policy") as { Statement: object[] };
        const secrets = [`arn:aws:secretsmanager:eu-west-1:${place.accountId}:secret:shop/*`];
        assert.deepEqual(Statement.slice(2), [
            {
                Sid: "ReadSecrets",
                Effect: "Allow",
                Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
                Resource: secrets,
            },
            {
                Sid: "DecryptSecrets",
                Effect: "Allow",
                Action: ["kms:Decrypt"],
                Resource: `arn:aws:kms:eu-west-1:${place.accountId}:key/*`,
                Condition: {
                    StringEquals: { "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com" },
                    StringLike: { "kms:EncryptionContext:SecretARN": secrets },
                },
            },
        ]);
    });
});
