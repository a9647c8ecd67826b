import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Inputs of {@link VpcEndpoints}. */
export interface VpcEndpointsArgs {
    /** Name shown in the AWS console: the cluster's. */
    clusterName: string;
    region: string;
    vpcId: pulumi.Input<string>;
    /** IPv4 range of the VPC: who may call the endpoints. */
    vpcCidr: string;
    /** One per availability zone; each interface endpoint has an address in every one. */
    subnetIds: pulumi.Input<string>[];
    /** Tables of those subnets, for the gateway endpoint's routes. */
    routeTableIds: pulumi.Input<string>[];
}

/**
 * AWS services a cluster calls that has no way out, each by an interface endpoint.
 * https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html lists the first nine and `ssm`, which EKS' AMI
 * lookups also use; External Secrets reads its secrets from `secretsmanager`, decrypted by `kms`.
 */
export const interfaceServices = [
    "autoscaling",
    "ec2",
    "ecr.api",
    "ecr.dkr",
    "eks",
    "eks-auth",
    "elasticloadbalancing",
    "kms",
    "logs",
    "secretsmanager",
    "ssm",
    "sts",
] as const;

/** Ways from a VPC to the AWS services a cluster needs, without the internet. ECR keeps image layers in S3. */
export class VpcEndpoints extends pulumi.ComponentResource {
    constructor(name: string, args: VpcEndpointsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:network:VpcEndpoints", name, {}, opts);
        const displayName = `${args.clusterName}-endpoints`;
        new aws.ec2.VpcEndpoint(
            `${name}-s3`,
            {
                vpcId: args.vpcId,
                serviceName: `com.amazonaws.${args.region}.s3`,
                vpcEndpointType: "Gateway",
                routeTableIds: args.routeTableIds,
                tags: { Name: `${displayName}-s3` },
            },
            { parent: this },
        );
        const group = this.securityGroup(name, args, displayName);
        // No endpoint policy: who may do what is decided by IAM, who may call at all by the security group.
        for (const service of interfaceServices) {
            new aws.ec2.VpcEndpoint(
                `${name}-${service.replace(".", "-")}`,
                {
                    vpcId: args.vpcId,
                    serviceName: `com.amazonaws.${args.region}.${service}`,
                    vpcEndpointType: "Interface",
                    // Software keeps calling the public names; inside this VPC they mean the endpoint.
                    privateDnsEnabled: true,
                    subnetIds: args.subnetIds,
                    securityGroupIds: [group.id],
                    tags: { Name: `${displayName}-${service}` },
                },
                { parent: this },
            );
        }
        this.registerOutputs({});
    }

    /** Admits HTTPS from the VPC and sends nothing: an endpoint only answers. */
    private securityGroup(name: string, args: VpcEndpointsArgs, displayName: string): aws.ec2.SecurityGroup {
        const group = new aws.ec2.SecurityGroup(
            `${name}-callers`,
            {
                vpcId: args.vpcId,
                namePrefix: `${displayName}-`,
                description: "Interface endpoints of AWS services",
                tags: { Name: displayName },
            },
            { parent: this },
        );
        new aws.vpc.SecurityGroupIngressRule(
            `${name}-https`,
            {
                securityGroupId: group.id,
                description: "HTTPS from the VPC",
                ipProtocol: "tcp",
                fromPort: 443,
                toPort: 443,
                cidrIpv4: args.vpcCidr,
            },
            { parent: this },
        );
        return group;
    }
}
