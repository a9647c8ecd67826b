import type { Dice } from "../../../harness/dice.ts";
import type { Tree } from "../fixture.ts";
import { kubeconfig } from "./bases.ts";

/** Values that somebody, somewhere, has put into a configuration. */
const nasty: readonly unknown[] = [
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

type Slot = { parent: Tree | unknown[]; key: string | number };

/** One to three changes of a configuration, of any kind and anywhere in it. `others` lend their values. */
export function mutate(config: Tree, others: readonly Tree[], dice: Dice): Tree {
    const mutant = structuredClone(config);
    dice.times(1, dice.chance(0.7) ? 1 : 3, () => dice.pick(mutations)(mutant, others, dice));
    return mutant;
}

/** Every wanted key removed, renamed, and given values that are wrong at such a key or anywhere, one at a time. */
export function sweep(config: Tree, wanted: (path: readonly string[]) => boolean): Tree[] {
    return paths(config)
        .filter(wanted)
        .flatMap((path) => {
            const key = path.at(-1) ?? "";
            const value = path.reduce<unknown>((node, part) => (node as Tree)[part], config);
            const renamed = structuredClone(config);
            const slot = {
                parent: path.slice(0, -1).reduce<unknown>((node, part) => (node as Tree)[part], renamed) as Tree,
                key,
            };
            if (!Array.isArray(slot.parent)) {
                removeAt(slot);
                write({ ...slot, key: `${key}_X` }, value);
            }
            const changed = wrongValues(key, path.at(-2) ?? "", value).map((wrong) => {
                const mutant = structuredClone(config);
                const parent = path.slice(0, -1).reduce<unknown>((node, part) => (node as Tree)[part], mutant) as Tree;
                if (wrong === undefined) {
                    removeAt({ parent, key });
                } else {
                    write({ parent, key }, structuredClone(wrong));
                }
                return mutant;
            });
            return [renamed, ...changed];
        });
}

/** `undefined` stands for taking it away. */
function wrongValues(key: string, parent: string, value: unknown): unknown[] {
    const always = [undefined, null, 7, "", " ", [value], ...(likely[`${parent}.${key}`] ?? likely[key] ?? [])];
    if (Array.isArray(value)) {
        return [...always, [], [...value, value[0]], ...listed.map((entry) => [...value, entry])];
    }
    if (typeof value === "number") {
        return [...always, -1, 0, 1.5, "many"];
    }
    return /^\d+$/.test(key) ? [...always, ...(likely[parent] ?? []).flat()] : always;
}

const mutations: readonly ((mutant: Tree, others: readonly Tree[], dice: Dice) => void)[] = [
    function remove(mutant, _, dice) {
        removeAt(anySlot(mutant, dice));
    },
    function retype(mutant, _, dice) {
        const slot = anySlot(mutant, dice);
        const value = read(slot);
        write(
            slot,
            dice.pick([
                String(value),
                Number(value),
                [value],
                { value },
                value === "true",
                JSON.stringify(value) ?? "",
            ]),
        );
    },
    function misspell(mutant, _, dice) {
        const slot = anySlot(mutant, dice);
        if (typeof slot.key === "string") {
            const value = read(slot);
            removeAt(slot);
            write({ ...slot, key: typo(slot.key, dice) }, value);
        }
    },
    function swap(mutant, _, dice) {
        const [a, b] = [anySlot(mutant, dice), anySlot(mutant, dice)];
        const [first, second] = [structuredClone(read(a)), structuredClone(read(b))];
        write(a, second);
        write(b, first);
    },
    function nest(mutant, _, dice) {
        const slot = anySlot(mutant, dice);
        write(slot, dice.pick([{ [String(slot.key)]: read(slot) }, [read(slot)], [[read(slot)]]]));
    },
    function flatten(mutant, _, dice) {
        const slot = anySlot(mutant, dice);
        const value = read(slot);
        write(slot, typeof value === "object" && value !== null ? Object.values(value)[0] : value);
    },
    function repeat(mutant, _, dice) {
        const slot = anySlot(mutant, dice);
        const value = read(slot);
        write(slot, Array.isArray(value) ? [...value, ...value.slice(0, 1)] : value);
    },
    function shorten(mutant, _, dice) {
        const slot = anySlot(mutant, dice);
        const value = read(slot);
        write(slot, Array.isArray(value) || typeof value === "string" ? value.slice(0, dice.pick([0, 1, 2])) : {});
    },
    function enlarge(mutant, _, dice) {
        const slot = anySlot(mutant, dice);
        const value = read(slot);
        write(slot, dice.pick([Array(1000).fill(value), String(value).repeat(500), Number.MAX_SAFE_INTEGER, 65_536]));
    },
    function graft(mutant, others, dice) {
        const other = dice.pick(others);
        const path = dice.pick(paths(other));
        const value = path.reduce<unknown>((node, key) => (node as Tree)[key], other);
        const parent = path.slice(0, -1).reduce<unknown>((node, key) => (node as Tree | undefined)?.[key], mutant);
        if (typeof parent === "object" && parent !== null) {
            write({ parent, key: path.at(-1) ?? "" }, structuredClone(value));
        }
    },
    function level(mutant, _, dice) {
        const { parent } = anySlot(mutant, dice);
        const number = dice.pick([0, 1, -1]);
        for (const [key, value] of Object.entries(parent)) {
            write({ parent, key }, typeof value === "number" && dice.chance(0.7) ? number : value);
        }
    },
    edit,
    edit,
    replace,
    replace,
    replace,
    replace,
    add,
];

/** One character of a text, or one step of a number. */
function edit(mutant: Tree, _: readonly Tree[], dice: Dice): void {
    const slot = anySlot(mutant, dice);
    const value = read(slot);
    if (typeof value === "string") {
        write(slot, typo(value, dice));
    } else if (typeof value === "number") {
        write(slot, dice.pick([value + 1, value - 1, value * 10, -value, value + 0.5]));
    } else if (typeof value === "boolean") {
        write(slot, !value);
    }
}

/** Another value: often one that was seen at such a key. */
function replace(mutant: Tree, _: readonly Tree[], dice: Dice): void {
    const slot = anySlot(mutant, dice);
    const seen = likely[String(slot.key)] ?? (Array.isArray(slot.parent) ? listed : nasty);
    write(slot, structuredClone(dice.pick(dice.chance(0.5) ? seen : nasty)));
}

const listed = ["203.0.113.7", "0.0.0.0/0", "eu-west-1a", "eu-west-2a", "12345", "", " ", "Not A Label", 7, null];

const likely: Readonly<Record<string, readonly unknown[]>> = {
    cidr: ["10.77.0.0/26", "10.77.0.0/27", "10.77.0.0/16", "10.2.128.0/17", "10.77.0.5/16", "10.64.0.0/12", 10],
    serviceCidr: ["10.1.64.0/20", "10.2.64.0/20", "172.20.0.0/33", "172.20.0.1/16", 172],
    name: ["a".repeat(48), "a".repeat(52), "dev--01", "staging--01", "dev-01", "Dev_01", "dev-", 7],
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
    taints: [Array(51).fill({ key: "example.com/gpu", effect: "NoSchedule" })],
    labels: [{ "kubernetes.io/role": "x" }, { "-": "x" }, { "a/b/c": "x" }, { tier: "-" }],
    kubernetesVersion: ["1.20", "1.32", "1.36", "v1.35", 1.35],
    nodePools: [["gpu"], [7]],
    addons: [{ "kube-proxy": "v1.34.1-eksbuild.2" }, { coredns: "latest" }],
    compute: [{ nodeGroups: {} }, {}, { auto: {}, nodeGroups: {} }],
    auto: [{ nodePools: ["gpu"] }],
    principalArn: [
        "arn:aws:iam::222222222222:role/fleet-deployer",
        "arn:aws:iam::999999999999:role/read",
        "arn:aws:iam::222222222222:role/*",
        "arn:aws:iam::222222222222:user/read",
    ],
    access: ["owner", "role", "capability"],
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

/** A key that does not exist. */
function add(mutant: Tree, _: readonly Tree[], dice: Dice): void {
    const { parent } = anySlot(mutant, dice);
    if (!Array.isArray(parent)) {
        parent[dice.pick(["extra", "", "name", "a.b", "Ünïcode", "constructor"])] = structuredClone(dice.pick(nasty));
    }
}

/** One deletion, insertion, substitution or swap of neighbours. */
export function typo(word: string, dice: Dice): string {
    const at = Math.floor(dice.roll() * (word.length + 1));
    const letter = dice.pick("abcdefghijklmnopqrstuvwxyzABCXYZ0159-_./ ".split(""));
    return dice.pick([
        word.slice(0, at) + word.slice(at + 1),
        word.slice(0, at) + letter + word.slice(at),
        word.slice(0, at) + letter + word.slice(at + 1),
        word.slice(0, at) + (word[at + 1] ?? "") + (word[at] ?? "") + word.slice(at + 2),
    ]);
}

/** Every path in a tree, to maps, lists and leaves. */
export function paths(node: unknown): string[][] {
    return typeof node !== "object" || node === null
        ? []
        : Object.entries(node).flatMap(([key, value]) => [[key], ...paths(value).map((rest) => [key, ...rest])]);
}

function anySlot(root: Tree, dice: Dice): Slot {
    const all = paths(root);
    const path = all.length === 0 ? ["nothing"] : dice.pick(all);
    const parent = path.slice(0, -1).reduce<unknown>((node, key) => (node as Tree)[key], root) as Tree;
    return { parent, key: path.at(-1) ?? "" };
}

function read({ parent, key }: Slot): unknown {
    return (parent as Tree)[key];
}

function write({ parent, key }: Slot, value: unknown): void {
    (parent as Tree)[key] = value;
}

function removeAt({ parent, key }: Slot): void {
    if (Array.isArray(parent)) {
        parent.splice(Number(key), 1);
    } else {
        delete parent[key];
    }
}
