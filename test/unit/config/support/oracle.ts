import { readFileSync } from "node:fs";
import { Ajv } from "ajv";

import type { Tree } from "../fixture.ts";

/**
 * What must be true of every configuration that is accepted, written down a second time: from AWS' and Kubernetes'
 * rules and the editors' committed schema, with nothing of `config/`.
 *
 * @returns what is wrong; nothing when the configuration may be accepted
 */
export function objections(config: Tree, others: Readonly<Record<string, Tree>>, stack: string): string[] {
    const file = { config: Object.fromEntries(Object.entries(config).map(([key, value]) => [`fleet:${key}`, value])) };
    if (!editorSchema(file)) {
        return (editorSchema.errors ?? []).map(({ instancePath, message }) => `schema: ${instancePath} ${message}`);
    }
    return rules.flatMap((rule) => {
        try {
            return rule(config, others, stack) ? [] : [rule.name];
        } catch (error) {
            return [`${rule.name}: ${String(error)}`];
        }
    });
}

const schemaFile = new URL("../../../../config/stack.schema.json", import.meta.url);
const editorSchema = new Ajv({ allErrors: true, strictTypes: true }).compile(
    JSON.parse(readFileSync(schemaFile, "utf8")),
);

type Rule = (config: Tree, others: Readonly<Record<string, Tree>>, stack: string) => boolean;

const rules: readonly Rule[] = [
    function accountIsTwelveDigits({ account, spokeAccounts = [] }) {
        return [account.id, ...spokeAccounts].every((id: string) => /^\d{12}$/.test(id));
    },
    function textIsNotBlank({ owner, account, git, cluster, network }) {
        const groups: Tree[] = Object.values(cluster.compute.nodeGroups);
        return [
            owner,
            account.deployRole ?? "x",
            git.revision,
            ...(network.availabilityZones ?? []),
            ...groups.flatMap(({ instanceTypes, amiType = "x" }) => [...instanceTypes, amiType]),
        ].every((word: string) => /\S/.test(word));
    },
    function namesAreLabels({ environment, environments = [], tenant, cluster }) {
        const names = [environment, ...environments, tenant, ...Object.keys(cluster.compute.nodeGroups)];
        return names.every((name: string) => isLabel(name) && name.length <= 63) && isLabel(cluster.name);
    },
    function environmentIsKnown({ environment, environments = ["dev", "staging", "prod"] }) {
        return environment === "hub" || environments.includes(environment);
    },
    function rolesFitIntoIam({ role, cluster }) {
        const longest = role === "hub" ? "-external-secrets" : "-argocd-spoke";
        return cluster.name.length + longest.length <= 64;
    },
    function vpcIsNetwork({ network, cluster }) {
        return [vpcOf(network), cluster.serviceCidr ?? "172.20.0.0/16"].every((text: string) => {
            const { first, size, bits } = range(text);
            return first % size === 0n && bits >= 16 && bits <= 28;
        });
    },
    function servicesAreElsewhere({ network, cluster }, others) {
        const services = cluster.serviceCidr ?? "172.20.0.0/16";
        const vpcs = Object.values(others).map((other) => vpcOf(other.network as Tree));
        return [vpcOf(network), ...vpcs].every((vpc: string) => !share(services, vpc));
    },
    function vpcIsOurs({ network }, others) {
        return Object.values(others).every((other) => !share(vpcOf(network), vpcOf(other.network)));
    },
    function zonesAreOfTheRegion({ region, network }) {
        const zones: string[] = network.availabilityZones ?? [`${region}a`, `${region}b`];
        const different = new Set(zones).size;
        const fine = zones.every((zone) => zone.length === region.length + 1 && zone.startsWith(region));
        return fine && different >= 2 && different <= 4 && different === zones.length;
    },
    function nothingIsListedTwice({ environments = [], spokeAccounts = [], chartRegistry, cluster: { endpoint } }) {
        const lists = [environments, spokeAccounts, endpoint.publicCidrs ?? [], chartRegistry?.charts ?? []];
        return lists.every((list) => new Set(list).size === list.length);
    },
    function subnetsFit({ network }) {
        // A quarter of the range or less stays for public subnets, the smallest being AWS' /28 of 16 addresses.
        const zones = new Set(network.availabilityZones ?? ["a", "b"]).size;
        const powerOfTwo = (count: number) => 2 ** Math.ceil(Math.log2(count));
        const smallest = Number(range(vpcOf(network)).size) / powerOfTwo(zones + 1) / powerOfTwo(zones);
        return network.existing !== undefined || smallest >= 16;
    },
    function publicEndpointIsLimited({ cluster: { endpoint } }) {
        const ranges: string[] = endpoint.publicCidrs ?? [];
        const sizes = [...new Set(ranges)].map((text) => range(text).size);
        return !endpoint.public || (sizes.length > 0 && sizes.every((size) => size <= 2n ** 24n));
    },
    function rangesAreRanges({ cluster: { endpoint }, connectivity = {}, vault = {}, network: { existing = {} } }) {
        const exact: string[] = [...(connectivity.spokeCidrs ?? []), ...(vault.sourceCidrs ?? [])];
        const addresses: string[] = (existing.natPublicIps ?? []).map((address: string) => `${address}/32`);
        return [...exact, ...addresses, ...(endpoint.publicCidrs ?? [])].every((text: string) => {
            const { first, size } = range(text);
            return !exact.includes(text) || first % size === 0n;
        });
    },
    function theHubReachesTheSpoke({ role, cluster: { endpoint }, connectivity: { mode = "natAllowList" } = {} }) {
        return role === "hub" || endpoint.public === (mode === "natAllowList");
    },
    function theHubHasAddresses({ role, network, connectivity: { mode = "natAllowList" } = {} }) {
        const { nat = "single", existing } = network;
        const none = existing === undefined ? nat === "none" : (existing.natPublicIps ?? []).length === 0;
        return role !== "hub" || mode !== "natAllowList" || !none;
    },
    function routesHaveTables({ network: { existing }, connectivity: { mode = "natAllowList" } = {} }) {
        return existing === undefined || mode === "natAllowList" || (existing.privateRouteTableIds ?? []).length > 0;
    },
    function otherRangesAreElsewhere({
        network,
        connectivity: { spokeCidrs = [] } = {},
        vault: { sourceCidrs = [] } = {},
    }) {
        const own = range(vpcOf(network));
        return (
            sourceCidrs.every((text: string) => !share(text, vpcOf(network))) &&
            spokeCidrs.every((text: string) => !share(text, vpcOf(network)) || range(text).size > own.size)
        );
    },
    function vaultComesFromSomewhere({
        role,
        vault: { sourceCidrs = [] } = {},
        connectivity: { mode = "natAllowList" } = {},
    }) {
        const limited = sourceCidrs.every((text: string) => range(text).size <= 2n ** 24n);
        const isPublic = sourceCidrs.every((text: string) => !/^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(text));
        return sourceCidrs.length === 0 || (role === "spoke" && limited && (isPublic || mode !== "natAllowList"));
    },
    function secretsReachVault({ role, network: { nat }, vault, connectivity: { mode = "natAllowList" } = {} }) {
        const routed = mode === "peering" || (mode === "transitGateway" && (vault?.sourceCidrs ?? []).length > 0);
        return role === "hub" || vault === undefined || nat !== "none" || routed;
    },
    function subnetsAreDifferent({ network: { existing } }) {
        const { privateSubnetIds = ["a", "b"], publicSubnetIds = [] } = existing ?? {};
        const all = [...privateSubnetIds, ...publicSubnetIds];
        return privateSubnetIds.length >= 2 && new Set(all).size === all.length;
    },
    function boundaryIsOurs({ account, iam: { permissionsBoundary, path = "/fleet/" } = {} }) {
        const owner = permissionsBoundary?.split(":")[4] ?? "aws";
        return /^\/.+\/$/.test(path) && [account.id, "aws"].includes(owner);
    },
    function registrationIsKept({ region, environment, registration = {} }) {
        const { recoveryWindowInDays: days = 30, replicaRegions = [] } = registration;
        const regions = [region, ...replicaRegions];
        return (
            new Set(regions).size === regions.length && (days === 0 ? environment !== "prod" : days >= 7 && days <= 30)
        );
    },
    function nodeCountsAreOrdered({ cluster }) {
        const groups: Tree[] = Object.values(cluster.compute.nodeGroups);
        return groups.every(({ minSize, desiredSize, maxSize }) => minSize <= desiredSize && desiredSize <= maxSize);
    },
    function gitHasNoCredential({ git }) {
        return !git.url.includes("://") || git.url.startsWith("ssh:") || !/\/\/[^/]*@/.test(git.url);
    },
    function gitIsReachable({ git }) {
        return /^(https:\/\/[^/]|ssh:\/\/|http:\/\/(127\.0\.0\.1|localhost)|[\w.-]+@[\w.-]+:)/i.test(git.url.trim());
    },
    function gitPathStaysInside({ git: { path = "gitops" } }) {
        return path !== "" && path.split("/").every((part: string) => part !== "" && part !== "..");
    },
    function prodIsPinned({ environment, git }) {
        return environment !== "prod" || git.revision !== "HEAD";
    },
    function chartsComeSafely({ chartMirror, argocd }) {
        return [chartMirror, argocd?.chart.repository].every(
            (url: string | undefined) => url === undefined || /^(https|oci):\/\//i.test(url.trim()),
        );
    },
    function chartIsPinned({ argocd }) {
        return argocd === undefined || /^v?\d+\.\d+\.\d+\b/.test(argocd.chart.version);
    },
    function vaultIsSafe({ vault }) {
        return vault === undefined || /^https:\/\//i.test(vault.address.trim());
    },
    function clusterNameIsOurs({ cluster }, others) {
        const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
        return Object.values(others).every((other) => plain(other.cluster.name) !== plain(cluster.name));
    },
    function hubIsHub({ role, hub }, others, stack) {
        if (role === "hub") {
            return true;
        }
        const [organization, project, name, ...more] = hub.stack.split("/");
        const isStack = [organization, project, name].every((part) => part !== undefined && part !== "");
        return (
            isStack && more.length === 0 && (project !== "fleet" || (name !== stack && others[name]?.role !== "spoke"))
        );
    },
    function hubAdmitsTheAccount({ role, hub, account }, others) {
        const [, project, name] = role === "hub" ? [] : hub.stack.split("/");
        return project !== "fleet" || (others[name]?.spokeAccounts ?? [account.id]).includes(account.id);
    },
    function productionHasItsOwnAccount({ role, environment, account, sharedAccount }, others) {
        const hubs = Object.values(others).filter((other) => other.role === "hub");
        const shares = hubs.some((hub) => hub.account.id === account.id);
        return role === "hub" || environment !== "prod" || sharedAccount === true || !shares;
    },
];

function vpcOf(network: Tree): string {
    return network.existing?.cidr ?? network.cidr;
}

function isLabel(name: string): boolean {
    return (
        name.split("").every((letter) => "abcdefghijklmnopqrstuvwxyz0123456789-".includes(letter)) &&
        !/^-|-$|^$/.test(name)
    );
}

/** Throws for what is no IPv4 range. */
function range(text: string): { first: bigint; size: bigint; bits: number } {
    const [address = "", bits = "", ...more] = text.split("/");
    const octets = address.split(".").map(BigInt);
    if (more.length > 0 || octets.length !== 4 || octets.some((octet) => octet > 255n) || !/^\d{1,2}$/.test(bits)) {
        throw new Error(`no range: ${text}`);
    }
    const first = octets.reduce((sum, octet) => sum * 256n + octet, 0n);
    return { first, size: 2n ** BigInt(32 - Number(bits)), bits: Number(bits) };
}

function share(a: string, b: string): boolean {
    const [one, other] = [range(a), range(b)];
    return one.first < other.first + other.size && other.first < one.first + one.size;
}
