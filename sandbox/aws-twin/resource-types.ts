import type { ResourceType } from "./schema/resource-type.ts";
import { logGroup } from "./services/cloudwatch/log-group.ts";
import { defaultSecurityGroup } from "./services/ec2/default-security-group.ts";
import { flowLog } from "./services/ec2/flow-log.ts";
import { eip, internetGateway, natGateway } from "./services/ec2/gateways.ts";
import { launchTemplate } from "./services/ec2/launch-template.ts";
import { route, routeTable, routeTableAssociation } from "./services/ec2/routes.ts";
import { egressRule, ingressRule, securityGroup } from "./services/ec2/security-groups.ts";
import { subnet } from "./services/ec2/subnet.ts";
import { transitGateway, transitGatewayAttachment } from "./services/ec2/transit-gateway.ts";
import { vpcEndpoint } from "./services/ec2/vpc-endpoint.ts";
import { vpcPeeringConnection, vpcPeeringConnectionAccepter } from "./services/ec2/vpc-peering.ts";
import { vpc } from "./services/ec2/vpc.ts";
import { lifecyclePolicy } from "./services/ecr/lifecycle-policy.ts";
import { repositoryPolicy } from "./services/ecr/repository-policy.ts";
import { repository } from "./services/ecr/repository.ts";
import { accessEntry, accessPolicyAssociation } from "./services/eks/access.ts";
import { addon } from "./services/eks/addon.ts";
import { cluster } from "./services/eks/cluster.ts";
import { nodeGroup } from "./services/eks/node-group.ts";
import { podIdentityAssociation } from "./services/eks/pod-identity-association.ts";
import { policy, rolePolicy, rolePolicyAttachment } from "./services/iam/policies.ts";
import { role } from "./services/iam/role.ts";
import { eventRule, eventTarget } from "./services/events/rule.ts";
import { alias } from "./services/kms/alias.ts";
import { keyPolicy } from "./services/kms/key-policy.ts";
import { key } from "./services/kms/key.ts";
import { principalAssociation, resourceAssociation, resourceShare } from "./services/ram/sharing.ts";
import { secretPolicy } from "./services/secretsmanager/secret-policy.ts";
import { secretVersion } from "./services/secretsmanager/secret-version.ts";
import { secret } from "./services/secretsmanager/secret.ts";
import { queue, queuePolicy } from "./services/sqs/queue.ts";
import { parameter } from "./services/ssm/parameter.ts";

/** Every resource type the twin knows. */
export const resourceTypes: readonly ResourceType[] = [
    logGroup,
    defaultSecurityGroup,
    eip,
    flowLog,
    internetGateway,
    launchTemplate,
    natGateway,
    route,
    routeTable,
    routeTableAssociation,
    securityGroup,
    subnet,
    vpc,
    vpcEndpoint,
    vpcPeeringConnection,
    vpcPeeringConnectionAccepter,
    transitGateway,
    transitGatewayAttachment,
    ingressRule,
    egressRule,
    accessEntry,
    accessPolicyAssociation,
    addon,
    cluster,
    nodeGroup,
    podIdentityAssociation,
    policy,
    role,
    rolePolicy,
    rolePolicyAttachment,
    alias,
    key,
    keyPolicy,
    secret,
    secretPolicy,
    secretVersion,
    repository,
    repositoryPolicy,
    lifecyclePolicy,
    queue,
    queuePolicy,
    eventRule,
    eventTarget,
    parameter,
    resourceShare,
    resourceAssociation,
    principalAssociation,
];

const byToken = new Map(resourceTypes.map((type) => [type.token, type]));

/** @throws Error that names a type the twin does not know, and those it knows. */
export function resourceType(token: string): ResourceType {
    const type = byToken.get(token);
    if (type !== undefined) return type;
    const known = [...byToken.keys()].toSorted().join(", ");
    throw new Error(`the sandbox's AWS twin does not know the resource type ${token}; it knows ${known}`);
}
