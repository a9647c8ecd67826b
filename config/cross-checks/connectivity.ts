import { cidrContains, cidrsOverlap, coversInternet, isPrivate, parseCidr, type Cidr } from "../../contract/cidr.ts";
import { shown, type Problem } from "../problems.ts";
import { type Known, present, vpcRange } from "./known.ts";

/** Whether the hub's way to the cluster fits the cluster's endpoint, its network and Vault. */
export function connectivityProblems(known: Known): Problem[] {
    const { connectivity, network } = known;
    if (connectivity === undefined) {
        return [];
    }
    const { mode } = connectivity;
    return present(
        known.role === "spoke" && known.cluster && endpointProblem(mode, known.cluster.endpoint.public),
        known.role === "hub" && network && offerProblem(mode, network),
        network && mode !== "natAllowList" && tableProblem(mode, network),
        network && "spokeCidrs" in connectivity && spokeRangeProblem(connectivity.spokeCidrs, network),
        known.vault && vaultRangeProblem(known, known.vault.sourceCidrs, mode),
        known.role === "spoke" && known.vault && network && vaultRouteProblem(mode, network, known.vault.sourceCidrs),
    );
}

type Mode = NonNullable<Known["connectivity"]>["mode"];
type Network = NonNullable<Known["network"]>;

/**
 * EKS resolves the name of an endpoint that is public too to public addresses for everybody outside the VPC, so a
 * private connection would never be used; one that is private only has no public address to allow.
 */
function endpointProblem(mode: Mode, isPublic: boolean): Problem | undefined {
    if (isPublic === (mode === "natAllowList")) {
        return undefined;
    }
    const text = isPublic
        ? `true, but by ${mode} the hub needs a name that resolves to private addresses. Fix: set it to false.`
        : "false, but by natAllowList the hub comes from the internet. " +
          "Fix: set it to true, or set fleet:connectivity to peering or transitGateway.";
    return { code: "E-NET-012", key: "fleet:cluster.endpoint.public", text };
}

function offerProblem(mode: Mode, network: Network): Problem | undefined {
    const silent = "existing" in network ? network.existing.natPublicIps.length === 0 : network.nat === "none";
    return mode === "natAllowList" && silent
        ? {
              code: "E-NET-013",
              key: "fleet:connectivity.mode",
              text:
                  "natAllowList, but this hub's network has no NAT addresses for its spokes to admit. " +
                  `Fix: ${"existing" in network ? "list them in fleet:network.existing.natPublicIps" : "set fleet:network.nat to perAz"}, ` +
                  "or use peering or transitGateway.",
          }
        : undefined;
}

function tableProblem(mode: Mode, network: Network): Problem | undefined {
    return "existing" in network && network.existing.privateRouteTableIds.length === 0
        ? {
              code: "E-NET-015",
              key: "fleet:network.existing.privateRouteTableIds",
              text: `empty, but ${mode} adds a route to each private route table. Fix: list them.`,
          }
        : undefined;
}

function spokeRangeProblem(spokeCidrs: readonly string[], network: Network): Problem | undefined {
    const own = rangeOf(network);
    // A larger range is fine: inside the VPC its own, longer prefix wins.
    const inside = spokeCidrs.find((text) => within(parseCidr(text), own));
    return inside === undefined
        ? undefined
        : {
              code: "E-NET-014",
              key: "fleet:connectivity.spokeCidrs",
              text: `${inside} is inside this hub's own VPC. Fix: list the spokes' ranges.`,
          };
}

/** Vault must be able to come from there, by the way that the mode leaves open. */
function vaultRangeProblem({ role, network }: Known, sourceCidrs: readonly string[], mode: Mode): Problem | undefined {
    const key = "fleet:vault.sourceCidrs";
    const ranges = sourceCidrs.map(parseCidr).filter((range) => range !== undefined);
    if (ranges.length === 0) {
        return undefined;
    }
    if (role === "hub") {
        return { code: "E-NET-016", key, text: "Vault calls spokes, not a hub. Fix: remove it." };
    }
    if (coversInternet(ranges)) {
        return {
            code: "E-SEC-001",
            key,
            text: `${shown(sourceCidrs)} covers the internet. Fix: list Vault's addresses.`,
        };
    }
    const hidden = mode === "natAllowList" ? sourceCidrs.find((text) => hasPrivate(parseCidr(text))) : undefined;
    if (hidden !== undefined) {
        const text =
            `${hidden} is private, but by natAllowList Vault comes from the internet. ` +
            "Fix: list its public addresses, or use transitGateway.";
        return { code: "E-NET-016", key, text };
    }
    const own = network && rangeOf(network);
    const overlapping = sourceCidrs.find((text) => overlap(parseCidr(text), own));
    return overlapping === undefined
        ? undefined
        : { code: "E-NET-014", key, text: `${overlapping} overlaps the VPC. Fix: choose disjoint ranges.` };
}

function vaultRouteProblem(mode: Mode, network: Network, sourceCidrs: readonly string[]): Problem | undefined {
    const closed = !("existing" in network) && network.nat === "none";
    const routed = mode === "peering" || (mode === "transitGateway" && sourceCidrs.length > 0);
    return closed && !routed
        ? {
              code: "E-NET-017",
              key: "fleet:network.nat",
              text:
                  "none, which leaves External Secrets no way to fleet:vault. Fix: set it to single or perAz, " +
                  "or use transitGateway with Vault's ranges in fleet:vault.sourceCidrs.",
          }
        : undefined;
}

function rangeOf(network: Network): Cidr | undefined {
    return parseCidr(vpcRange({ network })?.cidr ?? "");
}

function within(inner: Cidr | undefined, outer: Cidr | undefined): boolean {
    return inner !== undefined && outer !== undefined && cidrContains(outer, inner);
}

function overlap(a: Cidr | undefined, b: Cidr | undefined): boolean {
    return a !== undefined && b !== undefined && cidrsOverlap(a, b);
}

function hasPrivate(range: Cidr | undefined): boolean {
    return range !== undefined && isPrivate(range);
}
