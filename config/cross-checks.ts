import { cidrsOverlap, coversInternet, parseCidr } from "../contract/cidr.ts";
import { hubExternalSecretsRoleName, spokeRoleName } from "../contract/names.ts";
import { shown, type Problem } from "./problems.ts";
import { hubSchema, type Role } from "./schema.ts";

const shape = hubSchema.shape;

/** Longest name IAM gives a role. */
const longestRoleName = 64;
/** AWS takes no subnet smaller than this. */
const smallestSubnet = 28;

/**
 * What no key shows alone. Each check runs as soon as the keys it needs are good, so that one bad key hides no other
 * problem.
 */
export function crossProblems(role: Role, raw: Readonly<Record<string, unknown>>): Problem[] {
    const network = shape.network.safeParse(raw.network).data;
    const cluster = shape.cluster.safeParse(raw.cluster).data;
    const environment = shape.environment.safeParse(raw.environment).data;
    const environments = shape.environments.safeParse(raw.environments).data;
    const region = shape.region.safeParse(raw.region).data;
    const git = shape.git.safeParse(raw.git).data;
    return [
        network && zoneProblem(network),
        network && region && zoneRegionProblem(network, region),
        network && cluster && serviceRangeProblem(network, cluster),
        cluster && endpointProblem(cluster),
        cluster && roleNameProblem(role, cluster.name),
        environment && environments && environmentProblem(environment, environments, cluster?.name),
        git && environment && revisionProblem(git, environment),
    ].filter((problem) => problem !== undefined && problem !== "");
}

type Network = ReturnType<typeof shape.network.parse>;
type Cluster = ReturnType<typeof shape.cluster.parse>;

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

function endpointProblem({ endpoint }: Cluster): Problem | undefined {
    if (!endpoint.public) {
        return undefined;
    }
    const ranges = endpoint.publicCidrs.map(parseCidr).filter((range) => range !== undefined);
    const problem =
        ranges.length === 0
            ? "an empty list admits the whole internet"
            : coversInternet(ranges)
              ? `${shown(endpoint.publicCidrs)} covers the internet`
              : undefined;
    return problem === undefined
        ? undefined
        : {
              code: "E-SEC-001",
              key: "fleet:cluster.endpoint.publicCidrs",
              text: `${problem}. Fix: list office or VPN ranges, or set public to false.`,
          };
}

function roleNameProblem(role: Role, cluster: string): Problem | undefined {
    const roleName = role === "hub" ? hubExternalSecretsRoleName(cluster) : spokeRoleName(cluster);
    const longest = longestRoleName - (roleName.length - cluster.length);
    return roleName.length <= longestRoleName
        ? undefined
        : {
              code: "E-NAME-001",
              key: "fleet:cluster.name",
              text:
                  `${shown(cluster)} (${cluster.length}): IAM role "${roleName}" would be ${roleName.length} > ` +
                  `${longestRoleName}. Fix: use at most ${longest} characters.`,
          };
}

function environmentProblem(
    environment: string,
    environments: readonly string[],
    cluster: string | undefined,
): Problem | undefined {
    if (environment === "hub" || environments.includes(environment)) {
        return undefined;
    }
    const known = environments.join(", ");
    return {
        code: "E-CFG-005",
        key: "fleet:environment",
        text:
            environment === cluster
                ? `${shown(environment)} is a cluster name; environments are ${known}. Fix: use one of them.`
                : `not an environment (got ${shown(environment)}; environments are ${known}). ` +
                  `Fix: use one of them, or list it in fleet:environments.`,
    };
}

function revisionProblem(git: { revision: string }, environment: string): Problem | undefined {
    return environment === "prod" && git.revision === "HEAD"
        ? {
              code: "E-GIT-003",
              key: "fleet:git.revision",
              text: "HEAD follows whatever the default branch is. Fix: name a branch or a tag.",
          }
        : undefined;
}
