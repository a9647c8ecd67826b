import type { Tree } from "../../fixture.ts";
import { range, share } from "./range.ts";
import type { Rule } from "./rule.ts";

/** What AWS says of networks, and what the ways between hub, spokes and Vault need. */
export const networkRules: readonly Rule[] = [
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
    function subnetsFit({ network }) {
        // A quarter of the range or less stays for public subnets, the smallest being AWS' /28 of 16 addresses.
        const zones = new Set(network.availabilityZones ?? ["a", "b"]).size;
        const powerOfTwo = (count: number) => 2 ** Math.ceil(Math.log2(count));
        const smallest = Number(range(vpcOf(network)).size) / powerOfTwo(zones + 1) / powerOfTwo(zones);
        return network.existing !== undefined || smallest >= 16;
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
];

function vpcOf(network: Tree): string {
    return network.existing?.cidr ?? network.cidr;
}
