import { cidrContains, cidrsOverlap, parseCidr } from "../contract/cidr.ts";
import type { HubNetwork } from "../contract/hub-network.ts";
import { vpcRange } from "./cross-checks/known.ts";
import { ConfigError, shown, type Problem } from "./problems.ts";
import type { SpokeConfig } from "./schema/index.ts";

/** Most ranges that EKS takes for a public endpoint. https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html */
const longestAllowList = 40;

type Reach = Pick<SpokeConfig, "cluster" | "connectivity" | "network" | "vault">;

/**
 * Checks that the hub, as it is deployed, can reach the spoke in the way that the spoke's configuration says.
 *
 * @throws {ConfigError} with every problem, before any resource exists
 */
export function requireHubReaches(stack: string, config: Reach, hub: HubNetwork): void {
    const found = hubReachProblems(config, hub);
    if (found.length > 0) {
        throw new ConfigError(stack, found);
    }
}

/** What {@link requireHubReaches} finds. */
export function hubReachProblems(config: Reach, hub: HubNetwork): Problem[] {
    const { mode } = config.connectivity;
    return mode === "natAllowList" ? allowListProblems(config, hub) : privateProblems(config, hub);
}

function allowListProblems({ cluster, vault }: Reach, hub: HubNetwork): Problem[] {
    if (hub.natPublicIps.length === 0) {
        return [
            cannot(
                "natAllowList, but the hub has no NAT addresses to admit",
                "give the hub's network NAT gateways, or use peering or transitGateway",
            ),
        ];
    }
    const { publicCidrs } = cluster.endpoint;
    const callers = [...hub.natPublicIps, ...(vault?.sourceCidrs ?? [])];
    const count = publicCidrs.length + callers.length;
    const text =
        `${publicCidrs.length} ranges, and ${callers.length} of the hub's and Vault's, are ${count} > ` +
        `${longestAllowList}. Fix: merge ranges.`;
    return count > longestAllowList ? [{ code: "E-NET-018", key: "fleet:cluster.endpoint.publicCidrs", text }] : [];
}

function privateProblems({ connectivity, network, cluster, vault }: Reach, hub: HubNetwork): Problem[] {
    const vpc = vpcRange({ network });
    const ranges = [
        ...(vpc === undefined ? [] : [vpc]),
        { key: "fleet:cluster.serviceCidr", cidr: cluster.serviceCidr },
    ];
    const overlaps = ranges
        .filter(({ cidr }) => overlap(cidr, hub.vpcCidr))
        .map(({ key, cidr }) => ({
            code: "E-NET-014",
            key,
            text: `${cidr} overlaps the hub's VPC (${hub.vpcCidr}); ${connectivity.mode} needs disjoint ranges. Fix: choose another.`,
        }));
    return connectivity.mode === "transitGateway"
        ? [...overlaps, ...transitGatewayProblems(connectivity.transitGatewayId, vpc?.cidr ?? "", hub)]
        : [...overlaps, ...peeringProblems(vault?.sourceCidrs ?? [], hub)];
}

function peeringProblems(vaultCidrs: readonly string[], hub: HubNetwork): Problem[] {
    const beyond = vaultCidrs.filter((range) => !contains(hub.vpcCidr, range));
    return [
        ...(hub.privateRouteTableIds.length > 0
            ? []
            : [
                  cannot(
                      "peering, but the hub names no private route tables",
                      "list them in the hub's fleet:network.existing.privateRouteTableIds",
                  ),
              ]),
        ...beyond.map((range) => ({
            code: "E-NET-016",
            key: "fleet:vault.sourceCidrs",
            text:
                `${range} is outside the hub's VPC (${hub.vpcCidr}), and peering is not transitive. ` +
                "Fix: use transitGateway, or run Vault in the hub's VPC.",
        })),
    ];
}

function transitGatewayProblems(transitGatewayId: string, cidr: string, hub: HubNetwork): Problem[] {
    if (hub.transitGatewayId !== transitGatewayId) {
        const attached = hub.transitGatewayId === "" ? "to none" : `to ${hub.transitGatewayId}`;
        return [
            cannot(
                `transitGateway ${transitGatewayId}, but the hub is attached ${attached}`,
                "name the same gateway in the hub's fleet:connectivity",
            ),
        ];
    }
    const routed = hub.transitGatewayCidrs.some((range) => contains(range, cidr));
    return routed
        ? []
        : [
              cannot(
                  `transitGateway, but the hub routes ${shown(hub.transitGatewayCidrs)} to it, not ${cidr}`,
                  "add it to the hub's fleet:connectivity.spokeCidrs",
              ),
          ];
}

function cannot(problem: string, fix: string): Problem {
    return { code: "E-NET-013", key: "fleet:connectivity", text: `${problem}. Fix: ${fix}.` };
}

function contains(outer: string, inner: string): boolean {
    const [around, within] = [parseCidr(outer), parseCidr(inner)];
    return around !== undefined && within !== undefined && cidrContains(around, within);
}

function overlap(a: string, b: string): boolean {
    const [left, right] = [parseCidr(a), parseCidr(b)];
    return left !== undefined && right !== undefined && cidrsOverlap(left, right);
}
