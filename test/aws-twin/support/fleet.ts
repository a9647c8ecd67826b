import { T } from "../../../sandbox/aws-twin/tokens.ts";
import type { Props } from "../../../sandbox/engine/kit/types.ts";
import { HUB, type Made, type World } from "./world.ts";

export function policyText(...statements: object[]): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

export function trust(principal: object | string): string {
    return policyText({ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" });
}

/** A key policy that lets the account administer and `users` encrypt and decrypt. */
export function keyPolicyText(account: string, ...users: string[]): string {
    const root = { AWS: `arn:aws:iam::${account}:root` };
    return policyText(
        { Sid: "Administration", Effect: "Allow", Principal: root, Action: "kms:*", Resource: "*" },
        ...users.map((user) => ({ Effect: "Allow", Principal: { AWS: user }, Action: "kms:Decrypt", Resource: "*" })),
    );
}

/** One resource of every type, each with most of its properties, in an order in which they can be created. */
export async function makeEverything(world: World): Promise<Map<string, Made>> {
    const made = new Map<string, Made>();
    const make = async (type: string, inputs: Props, label = type): Promise<Made> => {
        const result = await world.create(type, `r${made.size}`, inputs);
        made.set(label, result);
        return result;
    };
    const vpc = await make(T.vpc, { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true, tags: { Name: "hub" } });
    const vpcId = vpc.id;
    await make(T.defaultSecurityGroup, { vpcId });
    const group = await make(T.securityGroup, { vpcId, description: "endpoints" });
    await make(T.ingressRule, {
        securityGroupId: group.id,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: "10.0.0.0/16",
    });
    await make(T.egressRule, { securityGroupId: group.id, ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" });
    const gateway = await make(T.internetGateway, { vpcId });
    const a = await make(T.subnet, { vpcId, cidrBlock: "10.0.0.0/20", availabilityZone: "eu-west-1a" });
    const b = await make(
        T.subnet,
        { vpcId, cidrBlock: "10.0.16.0/20", availabilityZone: "eu-west-1b" },
        `${T.subnet}:b`,
    );
    const address = await make(T.eip, { domain: "vpc" });
    await make(T.natGateway, { allocationId: address.id, subnetId: a.id });
    const table = await make(T.routeTable, { vpcId });
    await make(T.route, { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id });
    await make(T.routeTableAssociation, { routeTableId: table.id, subnetId: a.id });
    await make(T.vpcEndpoint, { vpcId, serviceName: "com.amazonaws.eu-west-1.s3", routeTableIds: [table.id] });
    const peer = await make(T.vpc, { cidrBlock: "10.1.0.0/16" }, `${T.vpc}:peer`);
    const peering = await make(T.vpcPeeringConnection, { vpcId, peerVpcId: peer.id });
    await make(T.vpcPeeringConnectionAccepter, { vpcPeeringConnectionId: peering.id, autoAccept: true });
    const transit = await make(T.transitGateway, { description: "everything" });
    await make(T.transitGatewayAttachment, { transitGatewayId: transit.id, vpcId, subnetIds: [a.id, b.id] });
    const logs = await make(T.logGroup, { name: "/aws/vpc/hub-01/flow-logs", retentionInDays: 30 });
    const writer = await make(
        T.role,
        { name: "flow-logs", path: "/fleet/", assumeRolePolicy: trust({ Service: "vpc-flow-logs.amazonaws.com" }) },
        `${T.role}:flow-logs`,
    );
    await make(T.flowLog, {
        vpcId,
        trafficType: "ALL",
        logDestination: logs.outputs["arn"] ?? "",
        iamRoleArn: writer.outputs["arn"] ?? "",
    });

    const roleArn = await makeRole(make, "control-plane", "eks.amazonaws.com", "AmazonEKSClusterPolicy");
    const nodeRoleArn = await makeRole(make, "node", "ec2.amazonaws.com", "AmazonEKSWorkerNodePolicy");
    const policy = await make(T.policy, {
        name: "read",
        policy: policyText({ Effect: "Allow", Action: "sts:*", Resource: "*" }),
    });
    await make(T.rolePolicyAttachment, { role: writer.id, policyArn: policy.id });
    await make(T.rolePolicy, {
        name: "write-flow-logs",
        role: writer.id,
        policy: policyText({ Effect: "Allow", Action: "logs:PutLogEvents", Resource: "*" }),
    });

    const key = await make(T.key, { enableKeyRotation: true, deletionWindowInDays: 30, policy: keyPolicyText(HUB) });
    await make(T.keyPolicy, { keyId: key.id, policy: keyPolicyText(HUB, nodeRoleArn) });
    await make(T.alias, { name: "alias/fleet/hub-01", targetKeyId: key.id });
    const keyArn = key.outputs["arn"] ?? "";
    const secret = await make(T.secret, { name: "fleet/hub-01/hub-01", kmsKeyId: keyArn });
    await make(T.secretPolicy, {
        secretArn: secret.id,
        blockPublicPolicy: true,
        policy: policyText({
            Effect: "Allow",
            Principal: { AWS: nodeRoleArn },
            Action: "secretsmanager:GetSecretValue",
            Resource: "*",
        }),
    });
    await make(T.secretVersion, { secretId: secret.id, secretString: "{}" });

    const clusterName = "hub-01";
    await make(T.cluster, {
        name: clusterName,
        version: "1.35",
        roleArn,
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
        deletionProtection: true,
        encryptionConfig: { provider: { keyArn }, resources: ["secrets"] },
        kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: "172.20.0.0/16" },
        upgradePolicy: { supportType: "STANDARD" },
        vpcConfig: { subnetIds: [a.id, b.id], endpointPrivateAccess: true },
    });
    const template = await make(T.launchTemplate, {
        namePrefix: "hub-01-system-",
        updateDefaultVersion: true,
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    });
    await make(T.nodeGroup, {
        clusterName,
        nodeGroupNamePrefix: "system-",
        nodeRoleArn: nodeRoleArn,
        subnetIds: [a.id, b.id],
        amiType: "AL2023_ARM_64_STANDARD",
        instanceTypes: ["r7g.large", "r6g.large"],
        launchTemplate: { id: template.id, version: "1" },
        scalingConfig: { minSize: 1, desiredSize: 2, maxSize: 4 },
        labels: { "fleet/node-group": "system" },
        taints: [{ key: "dedicated", value: "system", effect: "NO_SCHEDULE" }],
        version: "1.35",
    });
    await make(T.addon, { clusterName, addonName: "coredns", addonVersion: "v1.13.2-eksbuild.1" });
    const principalArn = `arn:aws:iam::${HUB}:role/fleet-deployer`;
    await make(T.accessEntry, { clusterName, principalArn });
    await make(T.accessPolicyAssociation, {
        clusterName,
        principalArn,
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        accessScope: { type: "cluster" },
    });
    await make(T.podIdentityAssociation, {
        clusterName,
        namespace: "argocd",
        serviceAccount: "argocd-server",
        roleArn: nodeRoleArn,
    });
    const parameter = await make(T.parameter, {
        name: "/fleet/hub-01/vpcId",
        type: "String",
        value: vpcId,
        tier: "Advanced",
    });
    const share = await make(T.resourceShare, { name: "fleet-hub-01-outputs", allowExternalPrincipals: false });
    const resourceShareArn = share.id;
    await make(T.resourceAssociation, { resourceArn: parameter.outputs["arn"] ?? "", resourceShareArn });
    await make(T.principalAssociation, { principal: "222222222222", resourceShareArn });

    const { id: repository } = await make(T.repository, { name: "fleet/hub-01/fleet" });
    const pull = { Effect: "Allow", Principal: { AWS: nodeRoleArn }, Action: "ecr:BatchGetImage" };
    await make(T.repositoryPolicy, { repository, policy: policyText(pull) });
    const untagged = { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 };
    const rules = [{ rulePriority: 1, selection: untagged, action: { type: "expire" } }];
    await make(T.lifecyclePolicy, { repository, policy: JSON.stringify({ rules }) });
    const queue = await make(T.queue, { name: "hub-01-karpenter" });
    const queueArn = queue.outputs["arn"] ?? "";
    const service = { Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage", Resource: queueArn };
    await make(T.queuePolicy, { queueUrl: queue.id, policy: policyText({ Effect: "Allow", ...service }) });
    const eventPattern = JSON.stringify({ source: ["aws.ec2"] });
    const rule = await make(T.eventRule, { name: "hub-01-karpenter", eventPattern });
    await make(T.eventTarget, { rule: rule.id, targetId: "karpenter", arn: queueArn });
    return made;
}

/** A role that a service may hold, with a managed policy of AWS; gives its ARN. */
async function makeRole(
    make: (type: string, inputs: Props, label?: string) => Promise<Made>,
    name: string,
    service: string,
    policy: string,
): Promise<string> {
    const role = await make(T.role, { name, path: "/fleet/", assumeRolePolicy: trust({ Service: service }) });
    const policyArn = `arn:aws:iam::aws:policy/${policy}`;
    await make(T.rolePolicyAttachment, { role: role.id, policyArn }, `${T.rolePolicyAttachment}:${name}`);
    return `arn:aws:iam::${HUB}:role/fleet/${name}`;
}
