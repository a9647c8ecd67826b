import { document, type Documents, podTrust, type Stack } from "./stack.ts";

/** Policies of the add-ons that the committed spokes enable. */
export function addonDocuments(stack: Stack): Documents {
    return {
        "spoke-addons-load-balancer-role assumeRolePolicy": podTrust(stack, "kube-system", [
            "aws-load-balancer-controller",
        ]),
        "spoke-addons-load-balancer-permissions policy": loadBalancerController(stack),
    };
}

function loadBalancerController({ account, cluster }: Stack) {
    const groups = `arn:aws:ec2:eu-west-1:${account}:security-group/*`;
    const elb = (kind: string) => `arn:aws:elasticloadbalancing:eu-west-1:${account}:${kind}/*`;
    const own = { "aws:ResourceTag/elbv2.k8s.aws/cluster": cluster };
    const tagged = { "aws:RequestTag/elbv2.k8s.aws/cluster": cluster };
    const untagged = { Null: { "aws:RequestTag/elbv2.k8s.aws/cluster": "true" } };
    const allow = (Sid: string, Action: string[], Resource: string | string[], Condition?: object) => ({
        Sid,
        Effect: "Allow",
        Action,
        Resource,
        ...(Condition && { Condition }),
    });
    return document(
        allow(
            "Read",
            [
                "ec2:DescribeAccountAttributes",
                "ec2:DescribeAddresses",
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeInstances",
                "ec2:DescribeInternetGateways",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeRouteTables",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeTags",
                "ec2:DescribeVpcPeeringConnections",
                "ec2:DescribeVpcs",
                "ec2:GetSecurityGroupsForVpc",
                "elasticloadbalancing:Describe*",
                "acm:DescribeCertificate",
                "acm:ListCertificates",
            ],
            "*",
            { StringEquals: { "aws:RequestedRegion": "eu-west-1" } },
        ),
        allow(
            "ServiceLinkedRole",
            ["iam:CreateServiceLinkedRole"],
            `arn:aws:iam::${account}:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing`,
            { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
        ),
        allow("CreateSecurityGroupInVpc", ["ec2:CreateSecurityGroup"], `arn:aws:ec2:eu-west-1:${account}:vpc/*`),
        allow("CreateTaggedSecurityGroup", ["ec2:CreateSecurityGroup"], groups, { StringEquals: tagged }),
        allow("TagNewSecurityGroup", ["ec2:CreateTags"], groups, {
            StringEquals: { "ec2:CreateAction": "CreateSecurityGroup", ...tagged },
        }),
        allow("TagOwnSecurityGroup", ["ec2:CreateTags", "ec2:DeleteTags"], groups, { StringEquals: own, ...untagged }),
        allow(
            "ChangeOwnSecurityGroup",
            ["ec2:AuthorizeSecurityGroupIngress", "ec2:DeleteSecurityGroup", "ec2:RevokeSecurityGroupIngress"],
            groups,
            { StringEquals: own },
        ),
        allow("AdmitToNodes", ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"], groups, {
            StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${cluster}`]: "owned" },
        }),
        allow(
            "CreateTaggedLoadBalancer",
            ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"],
            [elb("loadbalancer"), elb("targetgroup")],
            { StringEquals: tagged },
        ),
        allow("TagNewLoadBalancer", ["elasticloadbalancing:AddTags"], [elb("loadbalancer"), elb("targetgroup")], {
            StringEquals: {
                "elasticloadbalancing:CreateAction": ["CreateLoadBalancer", "CreateTargetGroup"],
                ...tagged,
            },
        }),
        allow(
            "TagOwnLoadBalancer",
            ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"],
            [elb("loadbalancer"), elb("targetgroup")],
            { StringEquals: own, ...untagged },
        ),
        allow(
            "ChangeOwnLoadBalancer",
            [
                "elasticloadbalancing:DeleteLoadBalancer",
                "elasticloadbalancing:DeleteTargetGroup",
                "elasticloadbalancing:DeregisterTargets",
                "elasticloadbalancing:ModifyLoadBalancerAttributes",
                "elasticloadbalancing:ModifyTargetGroup",
                "elasticloadbalancing:ModifyTargetGroupAttributes",
                "elasticloadbalancing:RegisterTargets",
                "elasticloadbalancing:SetIpAddressType",
                "elasticloadbalancing:SetSecurityGroups",
                "elasticloadbalancing:SetSubnets",
            ],
            [elb("loadbalancer"), elb("targetgroup")],
            { StringEquals: own },
        ),
        allow(
            "Listeners",
            [
                "elasticloadbalancing:AddListenerCertificates",
                "elasticloadbalancing:AddTags",
                "elasticloadbalancing:CreateRule",
                "elasticloadbalancing:DeleteListener",
                "elasticloadbalancing:DeleteRule",
                "elasticloadbalancing:ModifyListener",
                "elasticloadbalancing:ModifyRule",
                "elasticloadbalancing:RemoveListenerCertificates",
                "elasticloadbalancing:RemoveTags",
                "elasticloadbalancing:SetRulePriorities",
            ],
            [elb("listener"), elb("listener-rule")],
        ),
        allow("CreateListener", ["elasticloadbalancing:CreateListener"], elb("loadbalancer"), { StringEquals: own }),
    );
}
