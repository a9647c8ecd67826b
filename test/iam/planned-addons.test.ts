import assert from "node:assert/strict";

import { readStackFile, runStack } from "../../sandbox/plan/runner.ts";
import { committedStacks } from "../plan/stacks.ts";
import { decideAttempt, differences } from "./planned/attempt.ts";
import { type Alternatives, exchanged } from "./planned/exchange.ts";
import { podIdentity } from "./planned/hops.ts";
import { allow, PlannedSource } from "./planned/source.ts";

const account = "222222222222";
const cluster = `arn:aws:eks:eu-west-1:${account}:cluster/dev-01`;
const role = (name: string) => `arn:aws:iam::${account}:role/fleet/dev-01-${name}`;
const zone = (id: string) => `arn:aws:route53:::hostedzone/${id}`;
const secret = (name: string) => `arn:aws:secretsmanager:eu-west-1:${account}:secret:${name}-a1B2c3`;
const key = `arn:aws:kms:eu-west-1:${account}:key/shop`;
const balancer = `arn:aws:elasticloadbalancing:eu-west-1:${account}:loadbalancer/app/x/1`;
const group = `arn:aws:ec2:eu-west-1:${account}:security-group/sg-1`;
const records = "route53:ChangeResourceRecordSetsRecordTypes";
const names = "route53:ChangeResourceRecordSetsNormalizedRecordNames";

/** What each add-on needs, and what must not do in place of each attribute. */
const cases: [title: string, attempt: Record<string, string | string[]>, Alternatives][] = [
    ...(
        [
            ["load-balancer", "kube-system", "aws-load-balancer-controller"],
            ["external-dns", "external-dns", "external-dns"],
            ["cert-manager", "cert-manager", "cert-manager"],
            ["karpenter", "kube-system", "karpenter"],
            ["image-updater", "argocd", "argocd-image-updater"],
            ["external-secrets", "external-secrets", "external-secrets"],
        ] as const
    ).map(([name, namespace, serviceAccount]): (typeof cases)[number] => [
        `the pods of ${name} get its role`,
        {
            caller: podIdentity,
            action: "sts:AssumeRole",
            resource: role(name),
            "aws:SourceAccount": account,
            "aws:SourceArn": cluster,
            "aws:RequestTag/kubernetes-namespace": namespace,
            "aws:RequestTag/kubernetes-service-account": serviceAccount,
        },
        {
            caller: ["eks.amazonaws.com", role("node"), role("argocd-spoke")],
            resource: [role("argocd-spoke"), role("node")],
            "aws:SourceAccount": ["111111111111", undefined],
            "aws:SourceArn": [cluster.replace("dev-01", "dev-02"), undefined],
            "aws:RequestTag/kubernetes-namespace": ["default", undefined],
            "aws:RequestTag/kubernetes-service-account": ["default", undefined],
        },
    ]),
    [
        "external-dns writes an address",
        {
            caller: role("external-dns"),
            action: "route53:ChangeResourceRecordSets",
            resource: zone("Z0000DNS"),
            [records]: ["A", "TXT"],
        },
        {
            caller: [role("cert-manager"), role("load-balancer"), role("image-updater")],
            action: ["route53:DeleteHostedZone", "route53:CreateHostedZone", "route53:ChangeTagsForResource"],
            resource: [zone("Z0000ACME"), zone("Z9999OTHER")],
            [records]: [["A", "NS"], ["MX"]],
        },
    ],
    [
        "cert-manager answers a challenge",
        {
            caller: role("cert-manager"),
            action: "route53:ChangeResourceRecordSets",
            resource: zone("Z0000ACME"),
            [records]: ["TXT"],
            [names]: ["_acme-challenge.www.example.com"],
        },
        {
            resource: [zone("Z0000DNS")],
            [records]: [["A"], ["TXT", "CNAME"]],
            [names]: [["www.example.com"], ["_acme-challenge.a.example.com", "b.example.com"]],
        },
    ],
    [
        "Karpenter starts an instance with the cluster's tags",
        {
            caller: role("karpenter"),
            action: "ec2:RunInstances",
            resource: `arn:aws:ec2:eu-west-1:${account}:instance/i-1`,
            "aws:RequestTag/kubernetes.io/cluster/dev-01": "owned",
            "aws:RequestTag/eks:eks-cluster-name": "dev-01",
            "aws:RequestTag/karpenter.sh/nodepool": "default",
        },
        {
            caller: [role("load-balancer"), role("external-dns")],
            action: ["ec2:StopInstances", "ec2:ModifyInstanceAttribute", "ec2:TerminateInstances"],
            resource: [
                `arn:aws:ec2:eu-west-2:${account}:instance/i-1`,
                "arn:aws:ec2:eu-west-1:111111111111:instance/i-1",
                `arn:aws:ec2:eu-west-1:${account}:key-pair/k`,
            ],
            "aws:RequestTag/kubernetes.io/cluster/dev-01": ["shared", undefined],
            "aws:RequestTag/eks:eks-cluster-name": ["hub-01", undefined],
            "aws:RequestTag/karpenter.sh/nodepool": [undefined],
        },
    ],
    [
        "Karpenter ends an instance that it started",
        {
            caller: role("karpenter"),
            action: "ec2:TerminateInstances",
            resource: `arn:aws:ec2:eu-west-1:${account}:instance/i-1`,
            "aws:ResourceTag/kubernetes.io/cluster/dev-01": "owned",
            "aws:ResourceTag/karpenter.sh/nodepool": "default",
        },
        {
            caller: [role("load-balancer")],
            action: ["ec2:StopInstances", "ec2:DeleteVolume"],
            resource: [`arn:aws:ec2:eu-west-1:${account}:volume/vol-1`],
            // A managed node group's instance has the first tag and not the second.
            "aws:ResourceTag/kubernetes.io/cluster/dev-01": ["shared", undefined],
            "aws:ResourceTag/karpenter.sh/nodepool": [undefined],
        },
    ],
    [
        "Karpenter passes the role of its nodes to EC2",
        {
            caller: role("karpenter"),
            action: "iam:PassRole",
            resource: role("karpenter-node"),
            "iam:PassedToService": "ec2.amazonaws.com",
        },
        {
            caller: [role("load-balancer")],
            action: ["iam:AttachRolePolicy", "iam:PutRolePolicy"],
            resource: [role("node"), role("argocd-spoke"), `arn:aws:iam::${account}:role/fleet-deployer`],
            "iam:PassedToService": ["lambda.amazonaws.com", undefined],
        },
    ],
    [
        "Karpenter adds the role to its own instance profile",
        {
            caller: role("karpenter"),
            action: "iam:AddRoleToInstanceProfile",
            resource: `arn:aws:iam::${account}:instance-profile/dev-01_1`,
            "aws:ResourceTag/kubernetes.io/cluster/dev-01": "owned",
            "aws:ResourceTag/topology.kubernetes.io/region": "eu-west-1",
            "aws:ResourceTag/karpenter.k8s.aws/ec2nodeclass": "default",
        },
        {
            action: ["iam:CreateInstanceProfile", "iam:TagInstanceProfile"],
            resource: ["arn:aws:iam::111111111111:instance-profile/dev-01_1"],
            "aws:ResourceTag/kubernetes.io/cluster/dev-01": ["shared", undefined],
            "aws:ResourceTag/topology.kubernetes.io/region": ["eu-west-2", undefined],
            "aws:ResourceTag/karpenter.k8s.aws/ec2nodeclass": [undefined],
        },
    ],
    [
        "Karpenter takes an interruption from its queue",
        {
            caller: role("karpenter"),
            action: "sqs:ReceiveMessage",
            resource: `arn:aws:sqs:eu-west-1:${account}:dev-01-karpenter`,
        },
        {
            caller: [role("load-balancer")],
            action: ["sqs:SendMessage", "sqs:PurgeQueue", "sqs:SetQueueAttributes"],
            resource: [
                `arn:aws:sqs:eu-west-1:${account}:dev-02-karpenter`,
                "arn:aws:sqs:eu-west-1:111111111111:dev-01-karpenter",
            ],
        },
    ],
    [
        "image updater lists tags",
        {
            caller: role("image-updater"),
            action: "ecr:ListImages",
            resource: `arn:aws:ecr:eu-west-1:${account}:repository/shop/app`,
        },
        {
            caller: [role("external-dns"), role("external-secrets")],
            action: ["ecr:PutImage", "ecr:BatchDeleteImage", "ecr:SetRepositoryPolicy"],
            resource: [
                `arn:aws:ecr:eu-west-1:${account}:repository/shop/app2`,
                "arn:aws:ecr:eu-west-1:111111111111:repository/shop/app",
            ],
        },
    ],
    [
        "External Secrets reads a secret under its prefix",
        {
            caller: role("external-secrets"),
            action: "secretsmanager:GetSecretValue",
            resource: secret("shop/database"),
        },
        {
            caller: [role("image-updater")],
            action: ["secretsmanager:PutSecretValue", "secretsmanager:DeleteSecret"],
            resource: [
                secret("shopping/database"),
                secret("fleet/hub-01/dev-01"),
                secret("shop/database").replace("eu-west-1", "eu-west-2"),
                secret("shop/database").replace(account, "333333333333"),
            ],
        },
    ],
    [
        "External Secrets decrypts it",
        {
            caller: role("external-secrets"),
            action: "kms:Decrypt",
            resource: key,
            "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
            "kms:EncryptionContext:SecretARN": secret("shop/database"),
        },
        {
            action: ["kms:Encrypt", "kms:CreateGrant"],
            "kms:ViaService": ["ssm.eu-west-1.amazonaws.com", undefined],
            "kms:EncryptionContext:SecretARN": [secret("other/database"), undefined],
        },
    ],
    [
        "the load balancer controller makes a load balancer",
        {
            caller: role("load-balancer"),
            action: "elasticloadbalancing:CreateLoadBalancer",
            resource: balancer,
            "aws:RequestTag/elbv2.k8s.aws/cluster": "dev-01",
        },
        {
            action: ["elasticloadbalancing:DeleteLoadBalancer", "elasticloadbalancing:SetWebACL"],
            resource: [balancer.replace("eu-west-1", "eu-west-2"), balancer.replace(account, "111111111111")],
            "aws:RequestTag/elbv2.k8s.aws/cluster": ["dev-02", undefined],
        },
    ],
    [
        "the load balancer controller deletes its own",
        {
            caller: role("load-balancer"),
            action: "elasticloadbalancing:DeleteLoadBalancer",
            resource: balancer,
            "aws:ResourceTag/elbv2.k8s.aws/cluster": "dev-01",
        },
        { "aws:ResourceTag/elbv2.k8s.aws/cluster": ["dev-02", undefined], caller: [role("external-dns")] },
    ],
    [
        "the load balancer controller admits its load balancer to the nodes",
        {
            caller: role("load-balancer"),
            action: "ec2:AuthorizeSecurityGroupIngress",
            resource: group,
            "aws:ResourceTag/kubernetes.io/cluster/dev-01": "owned",
        },
        {
            action: ["ec2:AuthorizeSecurityGroupEgress", "ec2:DeleteSecurityGroup"],
            "aws:ResourceTag/kubernetes.io/cluster/dev-01": ["shared", undefined],
        },
    ],
    [
        "the load balancer controller tags a security group while making it",
        {
            caller: role("load-balancer"),
            action: "ec2:CreateTags",
            resource: group,
            "ec2:CreateAction": "CreateSecurityGroup",
            "aws:RequestTag/elbv2.k8s.aws/cluster": "dev-01",
        },
        {
            "ec2:CreateAction": ["RunInstances", undefined],
            "aws:RequestTag/elbv2.k8s.aws/cluster": ["dev-02", undefined],
            resource: [`arn:aws:ec2:eu-west-1:${account}:instance/i-1`],
        },
    ],
    [
        "the load balancer controller makes the account's first load balancer",
        {
            caller: role("load-balancer"),
            action: "iam:CreateServiceLinkedRole",
            resource: `arn:aws:iam::${account}:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing`,
            "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com",
        },
        { "iam:AWSServiceName": ["eks.amazonaws.com", undefined], action: ["iam:CreateRole", "iam:PassRole"] },
    ],
];

describe("the planned roles of add-ons", () => {
    let source: PlannedSource;

    before(async () => {
        const { hub } = await committedStacks();
        const config = {
            ...(await readStackFile("dev")),
            "fleet:addonRoles": {
                loadBalancerController: true,
                karpenter: true,
                externalDns: { hostedZoneIds: ["Z0000DNS"] },
                certManager: { hostedZoneIds: ["Z0000ACME"] },
                imageUpdater: { repositories: ["shop/app"] },
                externalSecrets: { prefixes: ["shop/"] },
            },
        };
        source = new PlannedSource([hub, await runStack("dev", config, { hubOutputs: hub.outputs })]);
        for (const name of ["shop/database", "shopping/database", "fleet/hub-01/dev-01"]) {
            source.addSecret(secret(name), undefined);
        }
        const delegating = { ...allow("kms:*", "*").Statement[0], Principal: { AWS: account } };
        source.addKey(key, JSON.stringify({ Version: "2012-10-17", Statement: [delegating] }));
    });

    for (const [title, request, alternatives] of cases) {
        it(`${title}, and with any one thing different it is denied`, () => {
            const intended = { title, attempt: request as { caller: string; action: string; resource: string } };
            const { allowed, reasons } = decideAttempt(source, intended.attempt);
            assert.ok(allowed, JSON.stringify(reasons, undefined, 2));
            for (const { title: name, from, attempt } of exchanged(intended, alternatives)) {
                assert.equal(differences(from, attempt).length, 1, name);
                assert.ok(!decideAttempt(source, attempt).allowed, name);
            }
        });
    }
});
