import type { Tree } from "../fixture.ts";

/** A configuration of a stack that the committed files do not have. */
export interface Base {
    stack: "hub" | "dev" | "prod";
    /** Keys that replace the file's. A change of the base concerns these. */
    keys: Tree;
    /** Keys of the file that go. @default none */
    without?: readonly string[];
}

/** With these and the committed files, every key of the schema is set somewhere, in each of its forms. */
export function bases(files: Readonly<Record<string, Tree>>): Base[] {
    const { hub, dev } = files as { hub: Tree; dev: Tree };
    const group = { instanceTypes: ["m7g.large"], minSize: 1, desiredSize: 2, maxSize: 3 };
    return [
        {
            stack: "hub",
            keys: {
                argocd: {
                    install: "capability",
                    capability: {
                        identityCenterArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
                        identityCenterRegion: "eu-central-1",
                        roles: {
                            ADMIN: [{ type: "SSO_GROUP", id: "g-1" }],
                            VIEWER: [{ type: "SSO_USER", id: "u-1" }],
                        },
                        vpcEndpointIds: ["vpce-0123456789abcdef0"],
                    },
                },
            },
        },
        {
            stack: "hub",
            keys: {
                argocd: {
                    install: "helm",
                    chart: { version: "10.9.0", repository: "https://charts.example.com" },
                    repositories: [
                        {
                            url: "https://github.com/example-org",
                            githubApp: { id: "1", installationId: 2, privateKey: { secure: "key" } },
                        },
                        { url: "git@github.com:example-org/b.git", ssh: { privateKey: { secure: "key" } } },
                        {
                            url: "https://git.example.com/c.git",
                            token: { username: "git", password: { secure: "password" } },
                        },
                    ],
                    ssoClientSecret: { secure: "secret" },
                },
            },
        },
        { stack: "hub", keys: { argocd: { chart: { version: "10.9.0", path: "charts/argo-cd" } } } },
        { stack: "hub", keys: { argocd: { install: "existing" } } },
        {
            stack: "hub",
            keys: {
                vault: {
                    ...hub.vault,
                    mountPath: "teams/fleet",
                    auditFile: "/var/log/vault.log",
                    tenants: [{ name: "shop" }, { name: "search", namespace: "find", serviceAccount: "reader" }],
                },
                chartRegistry: { charts: ["platform", "workload"] },
                parameters: { readerAccounts: ["555555555555"] },
                registration: { recoveryWindowInDays: 7, replicaRegions: ["eu-central-1"] },
            },
        },
        {
            stack: "hub",
            keys: {
                connectivity: {
                    mode: "transitGateway",
                    transitGatewayId: "tgw-0123456789abcdef0",
                    spokeCidrs: ["10.1.0.0/16", "10.0.0.0/8"],
                },
            },
        },
        {
            stack: "dev",
            keys: {
                cluster: {
                    ...dev.cluster,
                    compute: {
                        nodeGroups: {
                            old: { ...group, kubernetesVersion: "1.34" },
                            special: {
                                ...group,
                                instanceTypes: ["m7i.large"],
                                amiType: "BOTTLEROCKET_x86_64",
                                labels: { "example.com/pool": "special", tier: "" },
                                taints: [{ key: "example.com/gpu", value: "yes", effect: "NoSchedule" }],
                            },
                        },
                    },
                    addons: { "kube-proxy": "v1.35.0-eksbuild.2", coredns: "v1.14.3-eksbuild.3" },
                    access: [
                        { principalArn: "arn:aws:iam::222222222222:role/team/edit", access: "edit", namespaces: ["a"] },
                        { principalArn: "arn:aws:iam::222222222222:role/read", access: "view" },
                    ],
                    logRetentionDays: 30,
                    supportType: "EXTENDED",
                    deletionProtection: true,
                },
            },
        },
        {
            stack: "prod",
            keys: {
                addonRoles: { loadBalancerController: true, karpenter: false },
                cluster: { ...dev.cluster, name: "prod-02", compute: { auto: { nodePools: ["system"] } }, addons: {} },
            },
        },
        {
            stack: "dev",
            keys: {
                distributed: true,
                addonRoles: {
                    loadBalancerController: true,
                    externalDns: { hostedZoneIds: ["Z0123456789ABCDEFGHIJ"] },
                    certManager: { hostedZoneIds: ["Z0123456789ABCDEFGHIJ"] },
                    imageUpdater: { repositories: ["shop/frontend"] },
                    externalSecrets: { prefixes: ["shop/"] },
                },
                iam: { path: "/fleet/", permissionsBoundary: "arn:aws:iam::222222222222:policy/boundary" },
            },
        },
        {
            stack: "dev",
            keys: {
                network: {
                    existing: {
                        vpcId: "vpc-0123456789abcdef0",
                        cidr: "10.1.0.0/16",
                        privateSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
                        publicSubnetIds: ["subnet-0123456789abcdef2"],
                        privateRouteTableIds: ["rtb-0123456789abcdef0"],
                        natPublicIps: ["198.51.100.7"],
                    },
                },
                cluster: { ...dev.cluster, endpoint: { public: false } },
                connectivity: { mode: "peering" },
            },
        },
        {
            stack: "dev",
            without: ["account", "region", "network", "addonRoles"],
            keys: {
                cluster: {
                    name: "onprem-01",
                    kubernetesVersion: "1.31",
                    existing: { context: "admin", server: "https://k8s.example.com:6443", tokenSerial: 2 },
                },
                kubeconfig: { secure: kubeconfig({}) },
                vault: { address: "https://vault.example.com" },
            },
        },
    ];
}

/** A kubeconfig, some of whose parts are replaced. */
export function kubeconfig(changes: { cluster?: Tree; user?: Tree; contexts?: unknown }): string {
    const {
        cluster,
        user = { token: "t" },
        contexts = [{ name: "admin", context: { cluster: "c", user: "u" } }],
    } = changes;
    const known = { server: "https://10.9.0.1:6443", "certificate-authority-data": "Y2E=" };
    return JSON.stringify({
        "current-context": "admin",
        clusters: [{ name: "c", cluster: cluster ?? known }],
        contexts,
        users: [{ name: "u", user }],
    });
}
