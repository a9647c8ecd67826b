import { createHash } from "node:crypto";

import type { Answers } from "./program.ts";

type Inputs = Readonly<Record<string, unknown>>;

/** Where the stack deploys. */
export interface Place {
    accountId: string;
    region: string;
}

/**
 * Stand-in for every provider the fleet uses: the inputs, plus computed properties of the form AWS gives them. The
 * same name always gets the same values. A type that the fleet does not use is an error.
 *
 * @param references outputs of stacks that are deployed, by fully qualified name
 */
export function plannedAnswers(place: Place, references: Readonly<Record<string, Inputs>>): Answers {
    const computed = computedByType(place, references);
    return {
        resource(type, name, inputs) {
            if (type.startsWith("pulumi:providers:")) {
                return { ...inputs };
            }
            const compute = computed[type];
            if (compute === undefined) {
                throw new Error(
                    `${type} "${name}": the plan does not know this type; add it to sandbox/plan/computed.ts`,
                );
            }
            return { ...inputs, ...compute(name, inputs) };
        },
        stackOutputs: (name) => references[name] ?? {},
        id: (type, name, inputs) => identify(type, `${place.accountId} ${name}`, inputs),
    };
}

/** Properties that a provider adds to the inputs of a resource. */
export function computedProperties(type: string, name: string, inputs: Inputs): string[] {
    const place = { accountId: "000000000000", region: "eu-west-1" };
    const state = plannedAnswers(place, {}).resource(type, name, inputs);
    return Object.keys(state).filter((property) => !(property in inputs));
}

const nothing = () => ({});

function computedByType(
    { accountId, region }: Place,
    references: Readonly<Record<string, Inputs>>,
): Record<string, (name: string, inputs: Inputs) => Record<string, unknown>> {
    const seed = (name: string) => `${accountId} ${name}`;
    const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${accountId}:${rest}`;
    return {
        "aws:cloudwatch/eventRule:EventRule": (_, { name }) => ({ arn: arn("events", `rule/${text(name)}`) }),
        "aws:cloudwatch/eventTarget:EventTarget": nothing,
        "aws:cloudwatch/logGroup:LogGroup": (_, { name }) => ({ arn: arn("logs", `log-group:${text(name)}`) }),
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": nothing,
        "aws:ec2/eip:Eip": (name) => ({
            allocationId: `eipalloc-${hex(seed(name), 17)}`,
            publicIp: address(seed(name)),
        }),
        "aws:ec2/flowLog:FlowLog": nothing,
        "aws:ec2/internetGateway:InternetGateway": nothing,
        "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1 }),
        "aws:ec2/natGateway:NatGateway": (name) => ({ publicIp: address(seed(name)) }),
        "aws:ec2/route:Route": nothing,
        "aws:ec2/routeTable:RouteTable": nothing,
        "aws:ec2/routeTableAssociation:RouteTableAssociation": nothing,
        "aws:ec2/securityGroup:SecurityGroup": nothing,
        "aws:ec2/subnet:Subnet": nothing,
        "aws:ec2/vpc:Vpc": nothing,
        "aws:ec2/vpcEndpoint:VpcEndpoint": nothing,
        "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": nothing,
        "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": nothing,
        "aws:ec2transitgateway/vpcAttachment:VpcAttachment": nothing,
        "aws:ecr/lifecyclePolicy:LifecyclePolicy": nothing,
        "aws:ecr/repository:Repository": (_, { name }) => ({ arn: arn("ecr", `repository/${text(name)}`) }),
        "aws:ecr/repositoryPolicy:RepositoryPolicy": nothing,
        "aws:eks/accessEntry:AccessEntry": nothing,
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": nothing,
        "aws:eks/addon:Addon": nothing,
        "aws:eks/capability:Capability": (_, { clusterName, capabilityName }) => ({
            arn: arn("eks", `capability/${text(clusterName)}/argocd/${text(capabilityName)}`),
        }),
        "aws:eks/cluster:Cluster": (name, inputs) => ({
            arn: arn("eks", `cluster/${text(inputs.name)}`),
            endpoint: `https://${hex(seed(name), 32).toUpperCase()}.gr7.${region}.eks.amazonaws.com`,
            vpcConfig: { ...(inputs.vpcConfig as object), clusterSecurityGroupId: `sg-${hex(seed(name), 17)}` },
            certificateAuthority: { data: Buffer.from(`certificate of ${text(inputs.name)}\n`).toString("base64") },
        }),
        "aws:eks/nodeGroup:NodeGroup": nothing,
        "aws:eks/podIdentityAssociation:PodIdentityAssociation": nothing,
        "aws:iam/role:Role": (_, { path, name }) => ({
            arn: `arn:aws:iam::${accountId}:role${text(path)}${text(name)}`,
        }),
        "aws:iam/rolePolicy:RolePolicy": nothing,
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment": nothing,
        "aws:kms/alias:Alias": nothing,
        "aws:kms/key:Key": (name) => ({ keyId: uuid(seed(name)), arn: arn("kms", `key/${uuid(seed(name))}`) }),
        "aws:ram/principalAssociation:PrincipalAssociation": nothing,
        "aws:ram/resourceAssociation:ResourceAssociation": nothing,
        "aws:ram/resourceShare:ResourceShare": (name) => ({ arn: arn("ram", `resource-share/${uuid(seed(name))}`) }),
        "aws:secretsmanager/secret:Secret": (logical, { name }) => ({
            arn: arn("secretsmanager", `secret:${text(name)}-${hex(seed(logical), 6)}`),
        }),
        "aws:secretsmanager/secretPolicy:SecretPolicy": nothing,
        "aws:secretsmanager/secretVersion:SecretVersion": nothing,
        "aws:sqs/queue:Queue": (_, { name }) => ({
            arn: arn("sqs", text(name)),
            url: `https://sqs.${region}.amazonaws.com/${accountId}/${text(name)}`,
        }),
        "aws:sqs/queuePolicy:QueuePolicy": nothing,
        "aws:ssm/parameter:Parameter": (_, { name }) => ({ arn: arn("ssm", `parameter${text(name)}`) }),
        "kubernetes:argoproj.io/v1alpha1:AppProject": nothing,
        "kubernetes:argoproj.io/v1alpha1:Application": nothing,
        "kubernetes:core/v1:Namespace": nothing,
        "kubernetes:core/v1:Secret": (_, { type }) =>
            type === "kubernetes.io/service-account-token" ? { data: { token: "dG9rZW4=" } } : {},
        "kubernetes:core/v1:ServiceAccount": nothing,
        "kubernetes:helm.sh/v3:Release": nothing,
        "kubernetes:networking.k8s.io/v1:NetworkPolicy": nothing,
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": nothing,
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": nothing,
        "pulumi:pulumi:StackReference": (name) => {
            const outputs = references[name];
            if (outputs === undefined) {
                throw new Error(`stack ${name} is not part of this plan`);
            }
            return { outputs, secretOutputNames: [] };
        },
        "random:index/randomPassword:RandomPassword": (name) => ({ result: hex(seed(name), 40) }),
        "vault:index/audit:Audit": nothing,
        "vault:index/authBackend:AuthBackend": nothing,
        "vault:index/mount:Mount": nothing,
        "vault:index/policy:Policy": nothing,
        "vault:kubernetes/authBackendConfig:AuthBackendConfig": nothing,
        "vault:kubernetes/authBackendRole:AuthBackendRole": nothing,
        "vault:kv/secretV2:SecretV2": nothing,
    };
}

const idPrefixes: Readonly<Record<string, string>> = {
    "aws:ec2/internetGateway:InternetGateway": "igw",
    "aws:ec2/launchTemplate:LaunchTemplate": "lt",
    "aws:ec2/natGateway:NatGateway": "nat",
    "aws:ec2/routeTable:RouteTable": "rtb",
    "aws:ec2/securityGroup:SecurityGroup": "sg",
    "aws:ec2/subnet:Subnet": "subnet",
    "aws:ec2/vpc:Vpc": "vpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "vpce",
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": "pcx",
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": "tgw-attach",
};

function identify(type: string, seed: string, { name: physicalName }: Inputs): string {
    const prefix = idPrefixes[type];
    if (prefix !== undefined) {
        return `${prefix}-${hex(seed, 17)}`;
    }
    return typeof physicalName === "string" ? physicalName : hex(type + seed, 17);
}

function text(value: unknown): string {
    return typeof value === "string" ? value : "";
}

function hex(seed: string, length: number): string {
    return createHash("sha256").update(seed).digest("hex").slice(0, length);
}

function uuid(seed: string): string {
    return hex(seed, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** An address of TEST-NET-2 (RFC 5737): it belongs to nobody. */
function address(seed: string): string {
    return `198.51.100.${Number.parseInt(hex(seed, 2), 16)}`;
}
