import type { PolicyDocument, PolicyStatement } from "../policy-document.ts";
import type { AddonPlace } from "./place.ts";

/** The controller puts it, with the cluster's name, on everything it makes. */
const tag = "elbv2.k8s.aws/cluster";

/**
 * What AWS Load Balancer Controller needs for load balancers of this cluster: upstream's policy with the tag's value
 * held to the cluster's name, and without Cognito, WAF, Shield and IAM server certificates.
 * https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/main/docs/install/iam_policy.json
 */
export function loadBalancerControllerPermissions(place: AddonPlace): PolicyDocument {
    return {
        Version: "2012-10-17",
        Statement: [reading(place), serviceLinkedRole(place), ...securityGroups(place), ...loadBalancers(place)],
    };
}

function reading({ region }: AddonPlace): PolicyStatement {
    return {
        Sid: "Read",
        Effect: "Allow",
        // EC2, ELB and ACM cannot narrow these to a resource.
        Action: [
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
        Resource: "*",
        Condition: { StringEquals: { "aws:RequestedRegion": region } },
    };
}

/** The first load balancer of an account needs it. */
function serviceLinkedRole({ accountId }: AddonPlace): PolicyStatement {
    const service = "elasticloadbalancing.amazonaws.com";
    return {
        Sid: "ServiceLinkedRole",
        Effect: "Allow",
        Action: ["iam:CreateServiceLinkedRole"],
        Resource: `arn:aws:iam::${accountId}:role/aws-service-role/${service}/AWSServiceRoleForElasticLoadBalancing`,
        Condition: { StringEquals: { "iam:AWSServiceName": service } },
    };
}

function securityGroups({ accountId, region, clusterName }: AddonPlace): PolicyStatement[] {
    const groups = `arn:aws:ec2:${region}:${accountId}:security-group/*`;
    const made = { [`aws:ResourceTag/${tag}`]: clusterName };
    const asked = { [`aws:RequestTag/${tag}`]: clusterName };
    return [
        {
            Sid: "CreateSecurityGroupInVpc",
            Effect: "Allow",
            Action: ["ec2:CreateSecurityGroup"],
            Resource: `arn:aws:ec2:${region}:${accountId}:vpc/*`,
        },
        {
            Sid: "CreateTaggedSecurityGroup",
            Effect: "Allow",
            Action: ["ec2:CreateSecurityGroup"],
            Resource: groups,
            Condition: { StringEquals: asked },
        },
        {
            Sid: "TagNewSecurityGroup",
            Effect: "Allow",
            Action: ["ec2:CreateTags"],
            Resource: groups,
            Condition: { StringEquals: { "ec2:CreateAction": "CreateSecurityGroup", ...asked } },
        },
        {
            Sid: "TagOwnSecurityGroup",
            Effect: "Allow",
            Action: ["ec2:CreateTags", "ec2:DeleteTags"],
            Resource: groups,
            // The tag that makes it the cluster's cannot be given or taken afterwards.
            Condition: { StringEquals: made, Null: { [`aws:RequestTag/${tag}`]: "true" } },
        },
        {
            Sid: "ChangeOwnSecurityGroup",
            Effect: "Allow",
            Action: ["ec2:AuthorizeSecurityGroupIngress", "ec2:DeleteSecurityGroup", "ec2:RevokeSecurityGroupIngress"],
            Resource: groups,
            Condition: { StringEquals: made },
        },
        {
            Sid: "AdmitToNodes",
            Effect: "Allow",
            Action: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
            Resource: groups,
            // EKS tags the cluster's own security group so.
            Condition: { StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: "owned" } },
        },
    ];
}

function loadBalancers({ accountId, region, clusterName }: AddonPlace): PolicyStatement[] {
    const elb = (kind: string) => `arn:aws:elasticloadbalancing:${region}:${accountId}:${kind}/*`;
    const balancers = [elb("loadbalancer"), elb("targetgroup")];
    const listeners = [elb("listener"), elb("listener-rule")];
    const made = { [`aws:ResourceTag/${tag}`]: clusterName };
    const asked = { [`aws:RequestTag/${tag}`]: clusterName };
    return [
        {
            Sid: "CreateTaggedLoadBalancer",
            Effect: "Allow",
            Action: ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"],
            Resource: balancers,
            Condition: { StringEquals: asked },
        },
        {
            Sid: "TagNewLoadBalancer",
            Effect: "Allow",
            Action: ["elasticloadbalancing:AddTags"],
            Resource: balancers,
            Condition: {
                StringEquals: {
                    "elasticloadbalancing:CreateAction": ["CreateLoadBalancer", "CreateTargetGroup"],
                    ...asked,
                },
            },
        },
        {
            Sid: "TagOwnLoadBalancer",
            Effect: "Allow",
            Action: ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"],
            Resource: balancers,
            Condition: { StringEquals: made, Null: { [`aws:RequestTag/${tag}`]: "true" } },
        },
        {
            Sid: "ChangeOwnLoadBalancer",
            Effect: "Allow",
            Action: [
                "DeleteLoadBalancer",
                "DeleteTargetGroup",
                "DeregisterTargets",
                "ModifyLoadBalancerAttributes",
                "ModifyTargetGroup",
                "ModifyTargetGroupAttributes",
                "RegisterTargets",
                "SetIpAddressType",
                "SetSecurityGroups",
                "SetSubnets",
            ].map((action) => `elasticloadbalancing:${action}`),
            Resource: balancers,
            Condition: { StringEquals: made },
        },
        {
            Sid: "Listeners",
            Effect: "Allow",
            // Listeners and rules of older versions carry no tag, so upstream asks for none; nor can we.
            Action: [
                "AddListenerCertificates",
                "AddTags",
                "CreateRule",
                "DeleteListener",
                "DeleteRule",
                "ModifyListener",
                "ModifyRule",
                "RemoveListenerCertificates",
                "RemoveTags",
                "SetRulePriorities",
            ].map((action) => `elasticloadbalancing:${action}`),
            Resource: listeners,
        },
        {
            Sid: "CreateListener",
            Effect: "Allow",
            Action: ["elasticloadbalancing:CreateListener"],
            Resource: elb("loadbalancer"),
            Condition: { StringEquals: made },
        },
    ];
}
