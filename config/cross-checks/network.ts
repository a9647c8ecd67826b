import { cidrsOverlap, parseCidr } from "../../contract/cidr.ts";
import { shown, type Problem } from "../problems.ts";
import { type Known, present } from "./known.ts";

/** AWS takes no subnet smaller than this. */
const smallestSubnet = 28;

/** Whether subnets, zones and Services fit into the VPC. */
export function networkProblems({ network, cluster, region }: Known): Problem[] {
    return present(
        network && zoneProblem(network),
        network && region && zoneRegionProblem(network, region),
        network && cluster && serviceRangeProblem(network, cluster),
    );
}

type Network = NonNullable<Known["network"]>;
type Cluster = NonNullable<Known["cluster"]>;

function zoneProblem({ cidr, availabilityZones }: Network): Problem | undefined {
    const zones = new Set(availabilityZones).size;
    if (zones < 2) {
        return {
            code: "E-NET-007",
            key: "fleet:network.availabilityZones",
            text: `EKS needs 2 different zones or more (got ${shown(availabilityZones)}). Fix: add a zone.`,
        };
    }
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

function zoneRegionProblem({ availabilityZones }: Network, region: string): Problem | undefined {
    const strangers = availabilityZones.filter((zone) => !new RegExp(`^${region}[a-z]$`).test(zone));
    return strangers.length === 0
        ? undefined
        : {
              code: "E-NET-008",
              key: "fleet:network.availabilityZones",
              text: `not in region ${region} (got ${strangers.join(", ")}). Fix: use zones such as ${region}a.`,
          };
}

function serviceRangeProblem({ cidr }: Network, { serviceCidr }: Cluster): Problem | undefined {
    const [vpc, services] = [parseCidr(cidr), parseCidr(serviceCidr)];
    return vpc === undefined || services === undefined || !cidrsOverlap(vpc, services)
        ? undefined
        : {
              code: "E-NET-005",
              key: "fleet:cluster.serviceCidr",
              text: `${serviceCidr} overlaps the VPC's ${cidr}. Fix: choose disjoint ranges.`,
          };
}
