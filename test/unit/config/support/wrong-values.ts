import { kubeconfig } from "./bases.ts";

/** Values that somebody, somewhere, has put into a configuration. */
export const nasty: readonly unknown[] = [
    ["", " ", "null", "true", "-", "..", "/", "*", "latest", "HEAD", "prod", "hub", "dev-01", "Dev_01", "a".repeat(48)],
    ["a".repeat(52), "a".repeat(64), "x".repeat(20_000), "çédille", "name 😀", "line\nbreak", "\u0000", "${oops}"],
    ["10.0.0.0", "10.0.0.0/33", "10.0.0.5/16", "10.0.0.0/12", "10.0.0.0/29", "10.0.0.0/26", "172.20.0.0/17", "::/0"],
    ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.2.128.0/17", "10.77.0.0/16", "256.0.0.0/16", "203.0.113.7"],
    ["12345", "012345678901", "555555555555", "111111111111", "us-esat-1", "us-gov-west-1", "eu-west-1z", "eu-west-2a"],
    ["1.20", "1.3", "1.35.1", "v1.35", "10.9", "^10.0.0", "10.9.0-rc.1", "1e400"],
    ["github.com/x/y", "https://me:pw@github.com/x", "http://example.com", "file:///etc", "javascript:0", "git@"],
    [
        "../gitops",
        "/gitops",
        "gitops//apps",
        "oci://registry.example.com/charts",
        "hub",
        "a/b",
        "organization/fleet/dev",
    ],
    ["organization/fleet/prod", "organization/fleet/nowhere", "SPOT", "spot", "perAZ", "AL2_x86_64"],
    [0, -1, 1, 1.5, 1.35, 19, 1e21, Number.MAX_SAFE_INTEGER + 2, 222222222222, 22222222222, true, false, null],
    [[], {}, [[]], [null], [""], ["0.0.0.0/0"], ["eu-west-1a"], ["dev", "dev"], { "": {} }, { name: "x" }],
].flat();

/** What no list of texts should hold. */
export const listed = [
    "203.0.113.7",
    "0.0.0.0/0",
    "eu-west-1a",
    "eu-west-2a",
    "12345",
    "",
    " ",
    "Not A Label",
    7,
    null,
];

/** Values that were seen at a key of that name, wrong ones above all. */
export const likely: Readonly<Record<string, readonly unknown[]>> = {
    cidr: ["10.77.0.0/26", "10.77.0.0/27", "10.77.0.0/16", "10.2.128.0/17", "10.77.0.5/16", "10.64.0.0/12", 10],
    serviceCidr: ["10.1.64.0/20", "10.2.64.0/20", "172.20.0.0/33", "172.20.0.1/16", 172],
    name: ["a".repeat(48), "a".repeat(52), "a".repeat(64), "dev--01", "staging--01", "dev-01", "Dev_01", "dev-", 7],
    id: ["111111111111", "555555555555", "12345", 222222222222],
    revision: ["HEAD", "", 7],
    publicCidrs: [[], ["0.0.0.0/0"], ["0.0.0.0/1", "128.0.0.0/1"], "203.0.113.0/24"],
    environments: [[], ["qa"], [7]],
    spokeCidrs: [[], ["10.0.0.0/20"], ["10.3.0.0/20"], ["10.0.0.5/16"]],
    sourceCidrs: [["0.0.0.0/0"], ["10.0.0.0/8"], ["10.3.0.0/20"], ["203.0.113.0/24"], ["10.1.0.0/20"]],
    mode: ["natAllowList", "peering", "transitGateway", "vpn"],
    nat: ["none", "perAz", "many"],
    public: [true, false, "yes"],
    privateSubnetIds: [[], ["subnet-0123456789abcdef0"], ["subnet-0123456789abcdef0", "subnet-0123456789abcdef0"]],
    privateRouteTableIds: [[], ["table"]],
    natPublicIps: [[], ["203.0.113.300"]],
    permissionsBoundary: ["arn:aws:iam::999999999999:policy/boundary", "arn:aws:iam::111111111111:role/x"],
    path: ["fleet", "/fleet", "../x", "/"],
    recoveryWindowInDays: [0, 1, 6, 31],
    replicaRegions: [["eu-west-1"], ["us-esat-1"], ["eu-west-2", "eu-west-2"]],
    availabilityZones: [
        ["eu-west-1a"],
        ["a", "b", "c", "d", "e"].map((zone) => `eu-west-1${zone}`),
        ["eu-west-1a", "eu-west-1a"],
    ],
    stack: ["organization/fleet/prod", "organization/fleet/dev", "hub", "a/b/c/d", 7],
    install: ["helm", "capability", "existing", "operator"],
    ssoClientSecret: ["plain", { secure: "" }],
    privateKey: ["plain", { secure: "" }],
    password: ["plain", { secure: "" }],
    argocd: [{ install: "existing", ssoClientSecret: { secure: "secret" } }, { ssoClientSecret: "plain" }],
    chart: [{ version: "10.9.0", path: "charts/argo-cd", repository: "https://charts.example.com" }],
    version: ["10.9", "^10.0.0"],
    repository: ["http://charts.example.com", "charts"],
    identityCenterArn: ["arn:aws:sso:::instance/*", "ssoins-1234567890abcdef"],
    roles: [{ VIEWER: [{ type: "SSO_USER", id: "u-1" }] }, { OWNER: [{ type: "SSO_USER", id: "u-1" }] }],
    type: ["GROUP"],
    url: ["https://github.com/example-org", "git@github.com:example-org/b.git", "github.com/x", "file:///etc"],
    installationId: ["0", "a"],
    tenants: [[{ name: "platform" }], [{ name: "shop" }, { name: "shop" }]],
    taints: [Array.from({ length: 51 }, () => ({ key: "example.com/gpu", effect: "NoSchedule" }))],
    labels: [{ "kubernetes.io/role": "x" }, { "-": "x" }, { "a/b/c": "x" }, { tier: "-" }],
    kubernetesVersion: ["1.20", "1.32", "1.36", "v1.35", 1.35],
    nodePools: [["gpu"], [7]],
    addons: [{ "kube-proxy": "v1.34.1-eksbuild.2" }, { coredns: "latest" }],
    compute: [
        { nodeGroups: {} },
        {},
        { auto: {}, nodeGroups: {} },
        { nodeGroups: { ["a".repeat(37)]: { instanceTypes: ["m7g.large"], minSize: 1, desiredSize: 1, maxSize: 1 } } },
    ],
    auto: [{ nodePools: ["gpu"] }],
    principalArn: [
        "arn:aws:iam::222222222222:role/fleet-deployer",
        "arn:aws:iam::999999999999:role/read",
        "arn:aws:iam::222222222222:role/*",
        "arn:aws:iam::222222222222:user/read",
    ],
    access: ["owner", "role", "capability"],
    karpenter: [true, "yes"],
    externalSecrets: [{ prefixes: [] }, { prefixes: ["*"] }],
    server: ["http://k8s.example.com", "https://me:pw@k8s.example.com", "k8s.example.com"],
    tokenSerial: [0, 1.5],
    context: ["nobody"],
    kubeconfig: [
        "plain",
        { secure: "no kubeconfig" },
        { secure: kubeconfig({ contexts: [] }) },
        { secure: kubeconfig({ cluster: { server: "https://k", "certificate-authority": "/etc/ca" } }) },
        { secure: kubeconfig({ cluster: { server: "http://k", "certificate-authority-data": "Y2E=" } }) },
        { secure: kubeconfig({ cluster: { server: "https://k" } }) },
        {
            secure: kubeconfig({
                cluster: {
                    server: "https://k",
                    "certificate-authority-data": "Y2E=",
                    "insecure-skip-tls-verify": true,
                },
            }),
        },
    ],
};

/** What a key is given in place of its value, one after the other; `undefined` stands for taking it away. */
export function wrongValues(key: string, parent: string, value: unknown): unknown[] {
    const always = [undefined, null, 7, "", " ", [value], ...(likely[`${parent}.${key}`] ?? likely[key] ?? [])];
    if (Array.isArray(value)) {
        return [...always, [], [...value, value[0]], ...listed.map((entry) => [...value, entry])];
    }
    if (typeof value === "number") {
        return [...always, -1, 0, 1.5, "many"];
    }
    return /^\d+$/.test(key) ? [...always, ...(likely[parent] ?? []).flat()] : always;
}
