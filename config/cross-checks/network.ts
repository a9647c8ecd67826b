import { cidrsOverlap, parseCidr } from "../../contract/cidr.ts";
import { shown, type Problem } from "../problems.ts";
import { type Known, present, vpcRange } from "./known.ts";

/** AWS takes no subnet smaller than this. */
const smallestSubnet = 28;

/** More zones make subnets smaller and NAT dearer, and no cluster safer. */
const mostZones = 4;

/** Whether subnets, zones and Services fit into the VPC. */
export function networkProblems({ network, cluster, region }: Known): Problem[] {
    if (network === undefined) {
        return [];
    }
    const own = "existing" in network ? undefined : network;
    const range = vpcRange({ network });
    return present(
        own && (zoneProblem(own) ?? sizeProblem(own)),
        own && region && zoneRegionProblem(own, region),
        "existing" in network && existingSubnetProblem(network.existing),
        range && cluster && serviceRangeProblem(range.cidr, cluster),
    );
}

type Network = NonNullable<Known["network"]>;
type OwnNetwork = Exclude<Network, { existing: unknown }>;
type ExistingNetwork = Extract<Network, { existing: unknown }>["existing"];
type Cluster = NonNullable<Known["cluster"]>;

function zoneProblem({ availabilityZones }: OwnNetwork): Problem | undefined {
    const key = "fleet:network.availabilityZones";
    const zones = new Set(availabilityZones).size;
    if (zones < 2) {
        const text = `EKS needs 2 different zones or more (got ${shown(availabilityZones)}). Fix: add a zone.`;
        return { code: "E-NET-007", key, text };
    }
    if (zones > mostZones || zones < availabilityZones.length) {
        const text = `not 2 to ${mostZones} different zones (got ${shown(availabilityZones)}). Fix: remove some.`;
        return { code: "E-NET-009", key, text };
    }
    return undefined;
}

function sizeProblem({ cidr, availabilityZones: { length: zones } }: OwnNetwork): Problem | undefined {
    const vpcPrefix = parseCidr(cidr)?.prefix ?? 0;
    const needed = vpcPrefix + Math.ceil(Math.log2(zones + 1)) + Math.ceil(Math.log2(zones));
    return needed <= smallestSubnet
        ? undefined
        : {
              code: "E-NET-006",
              key: "fleet:network.cidr",
              text:
                  `${zones} availability zones do not fit in ${cidr}: public subnets would be /${needed}, ` +
                  `AWS takes none smaller than /${smallestSubnet}. Fix: use a larger range or fewer zones.`,
          };
}

function zoneRegionProblem({ availabilityZones }: OwnNetwork, region: string): Problem | undefined {
    const strangers = availabilityZones.filter((zone) => !new RegExp(`^${region}[a-z]$`).test(zone));
    return strangers.length === 0
        ? undefined
        : {
              code: "E-NET-008",
              key: "fleet:network.availabilityZones",
              text: `not in region ${region} (got ${strangers.join(", ")}). Fix: use zones such as ${region}a.`,
          };
}

function existingSubnetProblem({ privateSubnetIds, publicSubnetIds }: ExistingNetwork): Problem | undefined {
    const key = "fleet:network.existing.privateSubnetIds";
    if (new Set(privateSubnetIds).size < 2) {
        const text =
            `EKS needs 2 different private subnets or more, in different zones (got ${shown(privateSubnetIds)}). ` +
            "Fix: list another.";
        return { code: "E-NET-011", key, text };
    }
    const all = [...privateSubnetIds, ...publicSubnetIds];
    const twice = all.find((id, index) => all.indexOf(id) < index);
    return twice === undefined
        ? undefined
        : { code: "E-NET-011", key, text: `${twice} is listed twice, here or as public. Fix: list each subnet once.` };
}

function serviceRangeProblem(cidr: string, { serviceCidr }: Cluster): Problem | undefined {
    const [vpc, services] = [parseCidr(cidr), parseCidr(serviceCidr)];
    return vpc === undefined || services === undefined || !cidrsOverlap(vpc, services)
        ? undefined
        : {
              code: "E-NET-005",
              key: "fleet:cluster.serviceCidr",
              text: `${serviceCidr} overlaps the VPC's ${cidr}. Fix: choose disjoint ranges.`,
          };
}
