import { karpenterQueueArn, karpenterNodeRoleName, fleetRoleArn } from "../../../contract/names.ts";
import type { PolicyDocument, PolicyStatement } from "../policy-document.ts";
import type { AddonPlace } from "./place.ts";

/** The cluster, and the IAM path of its roles. */
export interface KarpenterPlace extends AddonPlace {
    path?: string | undefined;
}

/**
 * What Karpenter 1.x needs for nodes of this cluster: upstream's policies in one, without zonal shift. Whatever it makes
 * has the cluster's tags from its first moment, and it changes nothing without them.
 * https://karpenter.sh/docs/reference/cloudformation/
 */
export function karpenterPermissions(place: KarpenterPlace): PolicyDocument {
    return {
        Version: "2012-10-17",
        Statement: [...instances(place), ...instanceProfiles(place), ...reading(place), interruptions(place)],
    };
}

const nodePool = "karpenter.sh/nodepool";

function instances({ accountId, region, clusterName }: AddonPlace): PolicyStatement[] {
    const own = (kind: string) => `arn:aws:ec2:${region}:${accountId}:${kind}/*`;
    const owner = `kubernetes.io/cluster/${clusterName}`;
    const made = {
        StringEquals: { [`aws:ResourceTag/${owner}`]: "owned" },
        StringLike: { [`aws:ResourceTag/${nodePool}`]: "*" },
    };
    const asked = { [`aws:RequestTag/${owner}`]: "owned", "aws:RequestTag/eks:eks-cluster-name": clusterName };
    const ofSomePool = { StringLike: { [`aws:RequestTag/${nodePool}`]: "*" } };
    const things = ["fleet", "instance", "launch-template", "network-interface", "spot-instances-request", "volume"];
    return [
        {
            Sid: "StartFrom",
            Effect: "Allow",
            Action: ["ec2:CreateFleet", "ec2:RunInstances"],
            Resource: [
                // Images and snapshots are Amazon's: their ARNs have no account.
                `arn:aws:ec2:${region}::image/*`,
                `arn:aws:ec2:${region}::snapshot/*`,
                ...["capacity-reservation", "placement-group", "security-group", "subnet"].map(own),
            ],
        },
        {
            Sid: "StartFromOwnTemplate",
            Effect: "Allow",
            Action: ["ec2:CreateFleet", "ec2:RunInstances"],
            Resource: own("launch-template"),
            Condition: made,
        },
        {
            Sid: "StartTagged",
            Effect: "Allow",
            Action: ["ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances"],
            Resource: things.map(own),
            Condition: { StringEquals: asked, ...ofSomePool },
        },
        {
            Sid: "TagNew",
            Effect: "Allow",
            Action: ["ec2:CreateTags"],
            Resource: things.map(own),
            Condition: {
                StringEquals: {
                    ...asked,
                    "ec2:CreateAction": ["CreateFleet", "CreateLaunchTemplate", "RunInstances"],
                },
                ...ofSomePool,
            },
        },
        {
            Sid: "NameOwn",
            Effect: "Allow",
            Action: ["ec2:CreateTags"],
            Resource: own("instance"),
            Condition: {
                ...made,
                StringEqualsIfExists: { "aws:RequestTag/eks:eks-cluster-name": clusterName },
                "ForAllValues:StringEquals": {
                    "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"],
                },
            },
        },
        {
            Sid: "DeleteOwn",
            Effect: "Allow",
            Action: ["ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"],
            Resource: ["instance", "launch-template"].map(own),
            Condition: made,
        },
    ];
}

function instanceProfiles({ accountId, region, clusterName, path }: KarpenterPlace): PolicyStatement[] {
    // Karpenter chooses the names; the tags say whose they are.
    const profiles = `arn:aws:iam::${accountId}:instance-profile/*`;
    const tags = (of: string) => ({
        [`aws:${of}/kubernetes.io/cluster/${clusterName}`]: "owned",
        [`aws:${of}/topology.kubernetes.io/region`]: region,
    });
    const ofSomeClass = (of: string) => ({ [`aws:${of}/karpenter.k8s.aws/ec2nodeclass`]: "*" });
    const asked = { ...tags("RequestTag"), "aws:RequestTag/eks:eks-cluster-name": clusterName };
    return [
        {
            Sid: "PassNodeRole",
            Effect: "Allow",
            Action: ["iam:PassRole"],
            Resource: fleetRoleArn(accountId, karpenterNodeRoleName(clusterName), path),
            Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
        },
        {
            Sid: "CreateProfile",
            Effect: "Allow",
            Action: ["iam:CreateInstanceProfile"],
            Resource: profiles,
            Condition: { StringEquals: asked, StringLike: ofSomeClass("RequestTag") },
        },
        {
            Sid: "TagOwnProfile",
            Effect: "Allow",
            Action: ["iam:TagInstanceProfile"],
            Resource: profiles,
            Condition: {
                StringEquals: { ...tags("ResourceTag"), ...asked },
                StringLike: { ...ofSomeClass("ResourceTag"), ...ofSomeClass("RequestTag") },
            },
        },
        {
            Sid: "ChangeOwnProfile",
            Effect: "Allow",
            Action: ["iam:AddRoleToInstanceProfile", "iam:DeleteInstanceProfile", "iam:RemoveRoleFromInstanceProfile"],
            Resource: profiles,
            Condition: { StringEquals: tags("ResourceTag"), StringLike: ofSomeClass("ResourceTag") },
        },
        { Sid: "ReadProfiles", Effect: "Allow", Action: ["iam:GetInstanceProfile"], Resource: profiles },
        // IAM cannot narrow a list.
        { Sid: "ListProfiles", Effect: "Allow", Action: ["iam:ListInstanceProfiles"], Resource: "*" },
    ];
}

function reading({ accountId, region, clusterName }: AddonPlace): PolicyStatement[] {
    return [
        {
            Sid: "Read",
            Effect: "Allow",
            // EC2 cannot narrow these to a resource.
            Action: [
                "ec2:DescribeCapacityReservations",
                "ec2:DescribeImages",
                "ec2:DescribeInstances",
                "ec2:DescribeInstanceStatus",
                "ec2:DescribeInstanceTypeOfferings",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplates",
                "ec2:DescribePlacementGroups",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSpotPriceHistory",
                "ec2:DescribeSubnets",
            ],
            Resource: "*",
            Condition: { StringEquals: { "aws:RequestedRegion": region } },
        },
        {
            Sid: "ReadImageNames",
            Effect: "Allow",
            Action: ["ssm:GetParameter"],
            // Amazon's public parameters, which say which image is the newest.
            Resource: `arn:aws:ssm:${region}::parameter/aws/service/*`,
        },
        // Prices are the same for everybody, and in two regions only.
        { Sid: "ReadPrices", Effect: "Allow", Action: ["pricing:GetProducts"], Resource: "*" },
        {
            Sid: "FindCluster",
            Effect: "Allow",
            Action: ["eks:DescribeCluster"],
            Resource: `arn:aws:eks:${region}:${accountId}:cluster/${clusterName}`,
        },
    ];
}

function interruptions({ accountId, region, clusterName }: AddonPlace): PolicyStatement {
    return {
        Sid: "HearOfInterruptions",
        Effect: "Allow",
        Action: ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
        Resource: karpenterQueueArn(region, accountId, clusterName),
    };
}
