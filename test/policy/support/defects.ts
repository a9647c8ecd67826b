import { UNKNOWN } from "../../../sandbox/engine/kit/types.ts";
import { beside, document, remove, set, statement, type Change, type Defect } from "./planted.ts";

type Row = readonly [rule: string, title: string, change: Change];

function on(stack: Defect["stack"], type: string, name: string, rows: readonly Row[]): Defect[] {
    return rows.map(([rule, title, change]) => ({ rule, title, stack, type, name, change }));
}

const everybody = { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" };
const stranger = "arn:aws:iam::999999999999:root";
const condition = (key: string, value: unknown) => (one: Record<string, any>) =>
    (one["Condition"].StringEquals[key] = value);
const anyEc2 = { type: "aws:ec2/vpc:Vpc" };

/** Defects that people make, one each, in the plans of the committed stacks. */
export const defects: readonly Defect[] = [
    ...on("prod", "aws:eks/cluster:Cluster", "eks-cluster", [
        ["eks-endpoint-restricted", "endpoint open by 0.0.0.0/0", set("vpcConfig.publicAccessCidrs", ["0.0.0.0/0"])],
        [
            "eks-endpoint-restricted",
            "endpoint open by split ranges",
            set("vpcConfig.publicAccessCidrs", ["0.0.0.0/1", "128.0.0.0/1"]),
        ],
        [
            "eks-endpoint-restricted",
            "endpoint open by four quarters",
            set("vpcConfig.publicAccessCidrs", ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"]),
        ],
        [
            "eks-endpoint-restricted",
            "a /7 among office ranges",
            set("vpcConfig.publicAccessCidrs", ["203.0.113.0/24", "8.0.0.0/7"]),
        ],
        ["eks-endpoint-restricted", "no allow-list", set("vpcConfig.publicAccessCidrs", undefined)],
        ["eks-endpoint-restricted", "private endpoint off", set("vpcConfig.endpointPrivateAccess", false)],
        ["eks-endpoint-restricted", "an allow-list nobody knows", set("vpcConfig.publicAccessCidrs", UNKNOWN)],
        [
            "eks-secrets-kms",
            "Secrets without encryption",
            (one) => {
                delete one.inputs["encryptionConfig"];
                delete one.propertyDependencies["encryptionConfig"];
            },
        ],
        ["eks-secrets-kms", "encryption of nothing", set("encryptionConfig.resources", [])],
        [
            "eks-control-plane-logs",
            "no audit log",
            set("enabledClusterLogTypes", ["api", "authenticator", "controllerManager", "scheduler"]),
        ],
        ["eks-control-plane-logs", "no logs", set("enabledClusterLogTypes", undefined)],
        ["eks-supported-version", "a version out of support", set("version", "1.30")],
        ["eks-supported-version", "no version", set("version", undefined)],
        ["eks-auth-mode-api", "the aws-auth ConfigMap", set("accessConfig.authenticationMode", "API_AND_CONFIG_MAP")],
        [
            "eks-auth-mode-api",
            "the creator as administrator",
            set("accessConfig.bootstrapClusterCreatorAdminPermissions", true),
        ],
        ["eks-deletion-protection", "no deletion protection", set("deletionProtection", false)],
        ["prod-protect", "a cluster without protect", (one) => (one.protect = false)],
        ["required-tags", "no tag of the owner", (_, run) => retag(run, { fleet: "hub-01", stack: "prod" })],
        [
            "provider-account-pinned",
            "any account's credentials",
            (_, run) => provider(run, "allowedAccountIds", undefined),
        ],
        [
            "provider-account-pinned",
            "two accounts",
            (_, run) => provider(run, "allowedAccountIds", '["444444444444","222222222222"]'),
        ],
        [
            "provider-account-pinned",
            "an account that is not the fleet's",
            (_, run) => provider(run, "allowedAccountIds", '["999999999999"]'),
        ],
        ["provider-account-pinned", "the shell's region", (_, run) => provider(run, "region", undefined)],
    ]),
    ...on("prod", "aws:ec2/launchTemplate:LaunchTemplate", "general-template", [
        ["eks-nodes-imdsv2", "IMDSv1", set("metadataOptions.httpTokens", "optional")],
        ["eks-nodes-imdsv2", "two hops to the metadata service", set("metadataOptions.httpPutResponseHopLimit", 2)],
        ["eks-nodes-imdsv2", "AWS' default metadata options", set("metadataOptions", undefined)],
        [
            "eks-nodes-ebs-encrypted",
            "a disk in plain text",
            set("blockDeviceMappings", [{ deviceName: "/dev/xvda", ebs: { encrypted: "false" } }]),
        ],
        [
            "eks-nodes-ebs-encrypted",
            "a second disk in plain text",
            (one) => (one.inputs["blockDeviceMappings"] as unknown[]).push({ deviceName: "/dev/xvdb", ebs: {} }),
        ],
    ]),
    ...on("prod", "aws:eks/nodeGroup:NodeGroup", "general-nodes", [
        [
            "eks-nodes-private",
            "nodes in public subnets",
            (one, run) =>
                (one.propertyDependencies["subnetIds"] = run.resources
                    .filter(({ type, name }) => type.endsWith(":Subnet") && name.includes("-public-"))
                    .map(({ urn }) => urn)),
        ],
        ["eks-nodes-no-open-ssh", "SSH for everybody", set("remoteAccess", { ec2SshKey: "key" })],
        ["eks-supported-version", "nodes of an old version", set("version", "1.28")],
    ]),
    ...on("prod", "aws:eks/addon:Addon", "eks-vpc-cni", [
        ["eks-cni-network-policy", "NetworkPolicies not enforced", set("configurationValues", "{}")],
        [
            "eks-cni-network-policy",
            "NetworkPolicies turned off",
            set("configurationValues", '{"enableNetworkPolicy":"false"}'),
        ],
    ]),
    ...on("prod", "aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "hub-access-admin-policy", [
        [
            "eks-access-scope",
            "developers as administrators",
            set("principalArn", "arn:aws:iam::444444444444:role/developers"),
        ],
    ]),
    ...on("prod", "aws:ec2/flowLog:FlowLog", "flow-logs-log", [
        ["vpc-flow-logs", "no flow log", remove],
        ["vpc-flow-logs", "rejected traffic only", set("trafficType", "REJECT")],
    ]),
    ...on("prod", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "network-default", [
        ["vpc-default-sg-closed", "AWS' default group", remove],
        [
            "vpc-default-sg-closed",
            "a default group that lets in",
            set("ingress", [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }]),
        ],
    ]),
    ...on("prod", "aws:ec2/subnet:Subnet", "private-eu-west-1a", [
        ["subnet-no-auto-public-ip", "public addresses by themselves", set("mapPublicIpOnLaunch", true)],
    ]),
    ...on("prod", anyEc2.type, "network-vpc", [
        ["vpc-cidr-registry", "another stack's range", set("cidrBlock", "10.1.0.0/16")],
        ["vpc-cidr-registry", "a range that contains others'", set("cidrBlock", "10.0.0.0/8")],
        ["vpc-cidr-registry", "the range of Services", set("cidrBlock", "172.20.0.0/16")],
        [
            "sg-no-world-ingress",
            "SSH open to the internet",
            beside("aws:ec2/securityGroup:SecurityGroup", {
                description: "a",
                ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }],
            }),
        ],
        [
            "sg-no-world-ingress",
            "IPv6 open to the internet",
            beside("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", { ipProtocol: "-1", cidrIpv6: "::/0" }),
        ],
        [
            "sg-no-world-ingress",
            "the internet in two rules",
            beside("aws:ec2/securityGroup:SecurityGroup", {
                description: "a",
                ingress: [
                    { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/1"] },
                    { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["128.0.0.0/1"] },
                ],
            }),
        ],
        ["iam-no-users-no-keys", "an access key", beside("aws:iam/accessKey:AccessKey", { user: "deployer" })],
    ]),
    ...on("prod", "aws:iam/role:Role", "hub-access-role", [
        [
            "spoke-trust-exact-hub",
            "a wildcard account in the spoke's trust",
            statement("assumeRolePolicy", 0, (one) => (one["Principal"] = { AWS: "arn:aws:iam::*:role/argocd" })),
        ],
        [
            "spoke-trust-exact-hub",
            "no session tags",
            statement("assumeRolePolicy", 0, (one) => delete one["Condition"]),
        ],
        [
            "spoke-trust-exact-hub",
            "session tags that may be missing",
            statement(
                "assumeRolePolicy",
                0,
                (one) => (one["Condition"] = { StringEqualsIfExists: one["Condition"].StringEquals }),
            ),
        ],
        [
            "spoke-trust-exact-hub",
            "session tags by ForAllValues",
            statement(
                "assumeRolePolicy",
                0,
                (one) => (one["Condition"] = { "ForAllValues:StringEquals": one["Condition"].StringEquals }),
            ),
        ],
        [
            "spoke-trust-exact-hub",
            "any namespace",
            statement("assumeRolePolicy", 0, (one) => {
                delete one["Condition"].StringEquals["aws:PrincipalTag/kubernetes-namespace"];
                one["Condition"].StringLike = { "aws:PrincipalTag/kubernetes-namespace": "*" };
            }),
        ],
        [
            "spoke-trust-exact-hub",
            "another hub's cluster",
            statement(
                "assumeRolePolicy",
                0,
                condition("aws:PrincipalTag/eks-cluster-arn", "arn:aws:eks:eu-west-1:111111111111:cluster/other"),
            ),
        ],
        [
            "spoke-trust-exact-hub",
            "everybody but one",
            statement("assumeRolePolicy", 0, (one) => {
                one["NotPrincipal"] = one["Principal"];
                delete one["Principal"];
            }),
        ],
        [
            "iam-no-public-trust",
            "a second statement for everybody",
            document("assumeRolePolicy", (one) => one.Statement.push(everybody)),
        ],
        [
            "iam-no-account-root-trust",
            "the hub's whole account",
            statement("assumeRolePolicy", 0, (one) => (one["Principal"] = { AWS: "111111111111" })),
        ],
        ["role-max-session", "sessions of half a day", set("maxSessionDuration", 43_200)],
        [
            "spoke-role-no-permissions",
            "permissions for the access role",
            beside(
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                { role: "prod-01-argocd-spoke", policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
                { role: "hub-access-role" },
            ),
        ],
        [
            "spoke-role-no-permissions",
            "managed policies of the access role",
            set("managedPolicyArns", ["arn:aws:iam::aws:policy/ReadOnlyAccess"]),
        ],
        ["spoke-trust-exact-hub", "a trust nobody knows", set("assumeRolePolicy", UNKNOWN)],
    ]),
    ...on("prod", "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "node-AmazonEKSWorkerNodePolicy", [
        [
            "iam-no-admin-managed-policy",
            "nodes as administrators",
            set("policyArn", "arn:aws:iam::aws:policy/AdministratorAccess"),
        ],
    ]),
    ...on("prod", "aws:iam/role:Role", "eks-node-role", [
        [
            "iam-no-policy-mgmt-conflict",
            "two owners of a role's policies",
            set("managedPolicyArns", ["arn:aws:iam::aws:policy/ReadOnlyAccess"]),
        ],
        [
            "iam-no-star-action",
            "everything, inline",
            set("inlinePolicies", [
                { name: "a", policy: '{"Statement":{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}}' },
            ]),
        ],
    ]),
    ...on("prod", "aws:kms/key:Key", "eks-secrets-key", [
        ["kms-rotation", "no rotation", set("enableKeyRotation", false)],
        ["kms-deletion-window", "a week to notice", set("deletionWindowInDays", 7)],
        ["kms-no-lockout-bypass", "no check against locking out", set("bypassPolicyLockoutSafetyCheck", true)],
        [
            "kms-no-open-principal",
            "another account's root",
            statement("policy", -1, (one) => (one["Principal"] = { AWS: stranger })),
        ],
        ["kms-no-open-principal", "everybody decrypts", statement("policy", -1, (one) => (one["Principal"] = "*"))],
        [
            "kms-no-open-principal",
            "everybody, by a condition that binds nobody",
            statement("policy", -1, (one) => {
                one["Principal"] = { AWS: "*" };
                one["Condition"] = { StringLike: { "aws:PrincipalOrgID": "*" } };
            }),
        ],
        [
            "kms-policy-explicit",
            "AWS' default key policy",
            (one) => {
                delete one.inputs["policy"];
                delete one.propertyDependencies["policy"];
            },
        ],
        ["prod-protect", "a key without protect", (one) => (one.protect = false)],
    ]),
    ...on("prod", "aws:kms/key:Key", "registration-key", [
        [
            "registration-key-readers",
            "the key outside Secrets Manager",
            statement("policy", -1, (one) => delete one["Condition"].StringEquals),
        ],
        [
            "registration-key-readers",
            "the key for every secret",
            statement("policy", -1, (one) => delete one["Condition"].StringLike),
        ],
        [
            "registration-key-readers",
            "the key for everything of the hub",
            statement("policy", -1, (one) => (one["Action"] = "kms:*")),
        ],
        [
            "registration-key-readers",
            "Argo CD's role as a reader of the key",
            statement(
                "policy",
                -1,
                (one) => (one["Principal"] = { AWS: "arn:aws:iam::111111111111:role/fleet/hub-01-argocd" }),
            ),
        ],
        [
            "registration-secret-key-agree",
            "a reader who cannot decrypt",
            document("policy", (one) => one.Statement.pop()),
        ],
    ]),
    ...on("prod", "aws:secretsmanager/secretPolicy:SecretPolicy", "registration-policy", [
        [
            "sm-restrictive-policy",
            "a secret for everybody",
            statement("policy", 0, (one) => {
                one["Principal"] = "*";
                one["Action"] = "secretsmanager:*";
            }),
        ],
        [
            "sm-restrictive-policy",
            "who reads may also write",
            statement("policy", 0, (one) => one["Action"].push("secretsmanager:PutResourcePolicy")),
        ],
        [
            "sm-restrictive-policy",
            "everything but deleting",
            statement("policy", 0, (one) => {
                delete one["Action"];
                one["NotAction"] = "secretsmanager:DeleteSecret";
            }),
        ],
        [
            "registration-secret-readers",
            "Argo CD reads registrations",
            statement(
                "policy",
                0,
                (one) => (one["Principal"] = { AWS: "arn:aws:iam::111111111111:role/fleet/hub-01-argocd" }),
            ),
        ],
        ["registration-secret-readers", "public policies allowed", set("blockPublicPolicy", false)],
        [
            "registration-secret-key-agree",
            "a decrypter who cannot read",
            document(
                "policy",
                (one) =>
                    (one.Statement = [
                        { Effect: "Deny", Principal: "*", Action: "secretsmanager:DeleteSecret", Resource: "*" },
                    ]),
            ),
        ],
    ]),
    ...on("prod", "aws:secretsmanager/secret:Secret", "registration-secret", [
        [
            "sm-cmk",
            "AWS' own key",
            (one) => {
                one.inputs["kmsKeyId"] = "alias/aws/secretsmanager";
                delete one.propertyDependencies["kmsKeyId"];
            },
        ],
        ["sm-recovery-window", "a secret that is gone at once", set("recoveryWindowInDays", 0)],
        ["sm-rotation", "a password that nobody changes", set("name", "database/password")],
    ]),
    ...on("prod", "aws:secretsmanager/secretVersion:SecretVersion", "registration-content", [
        [
            "registration-secret-no-credential",
            "a bearer token in a registration",
            (one) => {
                one.inputs["secretString"] =
                    '{"config":"{\\"bearerToken\\":\\"abc\\",\\"tlsClientConfig\\":{\\"insecure\\":false}}"}';
            },
        ],
        [
            "registration-secret-no-credential",
            "an insecure registration",
            (one) => {
                one.inputs["secretString"] = '{"config":{"tlsClientConfig":{"insecure":true}}}';
            },
        ],
    ]),
    ...on("prod", "vault:kubernetes/authBackendRole:AuthBackendRole", "vault-platform", [
        ["vault-role-bound", "every service account", set("boundServiceAccountNames", ["*"])],
        ["vault-role-bound", "no audience", set("audience", undefined)],
        ["vault-role-bound", "tokens of a day", set("tokenTtl", 86_400)],
        ["vault-role-bound", "the root policy", set("tokenPolicies", ["root"])],
    ]),
    ...on("prod", "vault:index/authBackend:AuthBackend", "vault-auth", [
        ["vault-mount-own", "Vault's default path", set("path", "kubernetes")],
    ]),
    ...on("prod", "pulumi:pulumi:Stack", "fleet-prod", [
        [
            "output-no-secret-shape",
            "an access key as an output",
            (_, run) => (run.outputs["key"] = "AKIAIOSFODNN7EXAMPLE"),
        ],
        [
            "output-no-secret-shape",
            "a private key as an output",
            (_, run) => (run.outputs["key"] = "-----BEGIN RSA PRIVATE KEY-----\nMII"),
        ],
    ]),
    ...on("hub", "aws:iam/role:Role", "argocd-identity-pods-role", [
        [
            "pod-identity-trust-conditioned",
            "a pod's role without conditions",
            statement("assumeRolePolicy", 0, (one) => delete one["Condition"]),
        ],
        [
            "pod-identity-trust-conditioned",
            "a pod's role for any service account",
            statement("assumeRolePolicy", 0, condition("aws:RequestTag/kubernetes-service-account", undefined)),
        ],
        [
            "pod-identity-trust-conditioned",
            "a pod's role for clusters anywhere",
            statement("assumeRolePolicy", 0, (one) => {
                delete one["Condition"].ArnEquals;
                delete one["Condition"].StringEquals["aws:SourceAccount"];
            }),
        ],
    ]),
    ...on("hub", "aws:iam/rolePolicy:RolePolicy", "argocd-identity-pods-permissions", [
        [
            "iam-no-star-resource-sensitive",
            "the hub assumes any role",
            statement("policy", 0, (one) => (one["Resource"] = "*")),
        ],
        [
            "hub-role-assume-allowlist",
            "spokes of any account",
            statement("policy", 0, (one) => (one["Resource"] = "arn:aws:iam::*:role/fleet/*-argocd-spoke")),
        ],
        [
            "hub-role-assume-allowlist",
            "an account that is not the fleet's",
            statement("policy", 0, (one) =>
                one["Resource"].push("arn:aws:iam::999999999999:role/fleet/*-argocd-spoke"),
            ),
        ],
        [
            "hub-role-assume-allowlist",
            "every role of an account",
            statement("policy", 0, (one) => (one["Resource"] = "arn:aws:iam::222222222222:role/*")),
        ],
        [
            "iam-no-star-action",
            "everything on everything",
            statement("policy", 0, (one) => {
                one["Action"] = "*";
                one["Resource"] = "*";
            }),
        ],
    ]),
    ...on("hub", "aws:iam/rolePolicy:RolePolicy", "external-secrets-identity-pods-permissions", [
        [
            "eso-role-scope",
            "External Secrets reads every secret",
            statement("policy", 0, (one) => (one["Resource"] = "arn:aws:secretsmanager:*:*:secret:*")),
        ],
        [
            "iam-no-star-resource-sensitive",
            "decrypting with every key",
            statement("policy", 1, (one) => {
                delete one["Condition"];
                one["Resource"] = "*";
            }),
        ],
    ]),
    ...on("hub", "aws:eks/podIdentityAssociation:PodIdentityAssociation", "pods-argocd-server", [
        ["eks-pod-identity-dedicated-sa", "the default service account", set("serviceAccount", "default")],
        [
            "target-role-external-id",
            "a target role without an external id",
            (one, run) => {
                one.inputs["targetRoleArn"] = "arn:aws:iam::111111111111:role/fleet/hub-01-node";
                one.inputs["externalId"] = "x";
                one.propertyDependencies["targetRoleArn"] = run.resources
                    .filter(({ name }) => name.endsWith("eks-node-role"))
                    .map(({ urn }) => urn);
            },
        ],
    ]),
    ...on("hub", "pulumi:providers:kubernetes", "kubernetes", [
        [
            "k8s-provider-explicit",
            "the shell's cluster",
            (one) => {
                delete one.inputs["kubeconfig"];
                delete one.propertyDependencies["kubeconfig"];
            },
        ],
        ["k8s-provider-explicit", "resources forgotten when the cluster is away", set("deleteUnreachable", "true")],
    ]),
    ...on("hub", "kubernetes:core/v1:Namespace", "argocd-namespace", [
        ["k8s-pss", "privileged pods", set("metadata.labels", {})],
        [
            "k8s-pss",
            "privileged pods, said aloud",
            set("metadata.labels", { "pod-security.kubernetes.io/enforce": "privileged" }),
        ],
        [
            "k8s-image-not-latest",
            "an image that moves",
            beside("kubernetes:apps/v1:Deployment", {
                spec: { template: { spec: { containers: [{ name: "a", image: "nginx" }] } } },
            }),
        ],
        [
            "cluster-secret-contract",
            "a cluster without labels",
            beside("kubernetes:core/v1:Secret", {
                metadata: { labels: { "argocd.argoproj.io/secret-type": "cluster" } },
            }),
        ],
        [
            "appset-generation",
            "missing values rendered as text",
            beside("kubernetes:argoproj.io/v1alpha1:ApplicationSet", {
                spec: { goTemplate: true, syncPolicy: { preserveResourcesOnDeletion: true } },
            }),
        ],
        [
            "argo-no-default-project",
            "a templated project",
            beside("kubernetes:argoproj.io/v1alpha1:ApplicationSet", {
                spec: { template: { spec: { project: "{{ .project }}" } } },
            }),
        ],
    ]),
    ...on("hub", "kubernetes:helm.sh/v3:Release", "argocd-release", [
        [
            "k8s-default-deny-netpol",
            "Redis open to every pod",
            set("values.global.networkPolicy.defaultDenyIngress", false),
        ],
        ["argocd-values-hardened", "the admin user", set("values.configs.cm", {})],
        [
            "argocd-values-hardened",
            "anonymous access",
            (one) => ((one.inputs["values"] as any).configs.cm["users.anonymous.enabled"] = true),
        ],
        [
            "argocd-values-hardened",
            "rights for everybody",
            (one) => ((one.inputs["values"] as any).configs.rbac["policy.default"] = "role:readonly"),
        ],
        ["argocd-min-version", "a chart with published holes", set("version", "7.0.0")],
        ["argocd-min-version", "an image with published holes", set("values.global.image", { tag: "v3.2.1" })],
        ["chart-pinned", "a range of versions", set("version", "^10.0.0")],
        ["chart-pinned", "a repository over http", set("repositoryOpts.repo", "http://charts.example.com")],
    ]),
    ...on("hub", "kubernetes:argoproj.io/v1alpha1:Application", "root-application", [
        ["argo-no-default-project", "the default project", set("spec.project", "default")],
        ["app-sync-policy", "no self-heal", set("spec.syncPolicy.automated.selfHeal", false)],
        ["app-sync-policy", "no retry", set("spec.syncPolicy.retry", undefined)],
        ["revision-pinned", "whatever HEAD is", set("spec.source.targetRevision", "HEAD")],
    ]),
    ...on("hub", "kubernetes:argoproj.io/v1alpha1:AppProject", "root-project", [
        ["appproject-no-wildcard", "every repository", set("spec.sourceRepos", ["*"])],
        ["appproject-no-wildcard", "every cluster", set("spec.destinations", [{ server: "*", namespace: "*" }])],
    ]),
];

function provider(
    run: { resources: { type: string; inputs: Record<string, unknown> }[] },
    key: string,
    value: unknown,
) {
    const found = run.resources.find(({ type }) => type === "pulumi:providers:aws");
    if (found !== undefined) {
        found.inputs = { ...found.inputs, [key]: value };
        if (value === undefined) {
            delete found.inputs[key];
        }
    }
}

function retag(run: Parameters<typeof provider>[0], tags: Record<string, string>) {
    provider(run, "defaultTags", JSON.stringify({ tags }));
}
