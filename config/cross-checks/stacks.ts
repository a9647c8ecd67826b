import { cidrsOverlap, formatCidr, parseCidr, subdivide } from "../../contract/cidr.ts";
import type { Neighbours, OtherStack } from "../other-stacks.ts";
import { shown, type Problem } from "../problems.ts";
import { nearest } from "../suggest.ts";
import { type Known, present, vpcRange } from "./known.ts";

/** Where free ranges are looked for. */
const privateAddresses = { first: 10 * 2 ** 24, prefix: 8 };

/**
 * Whether this stack and the others of the fleet go together, by their files.
 *
 * @param clusterName that of `known` unless given: a cluster that exists already is not among the known keys
 */
export function stackProblems(
    known: Known,
    neighbours: Neighbours,
    clusterName: string | undefined = known.cluster?.name,
): Problem[] {
    const { stacks } = neighbours;
    return [
        ...present(
            vpcProblem(known, stacks),
            serviceProblem(known, stacks),
            ...stacks.map((other) => nameProblem(clusterName, other)),
        ),
        ...(known.role === "spoke" ? hubProblems(known, neighbours) : []),
    ];
}

function vpcProblem(known: Known, others: readonly OtherStack[]): Problem | undefined {
    const text = vpcCidr(known) ?? "";
    const range = parseCidr(text);
    if (range === undefined) {
        return undefined;
    }
    const taken = others.flatMap((other) => {
        const cidr = vpcCidr(other.known);
        return cidr === undefined ? [] : [{ name: other.name, cidr }];
    });
    const overlapping = taken.filter(({ cidr }) => overlap(text, cidr));
    if (overlapping.length === 0) {
        return undefined;
    }
    const blocks = Array.from({ length: 2 ** Math.min(12, range.prefix - privateAddresses.prefix) }, (_, index) =>
        formatCidr(subdivide(privateAddresses, range.prefix, index)),
    );
    const free = blocks.find((block) => !taken.some(({ cidr }) => overlap(block, cidr)));
    return {
        code: "E-NET-004",
        key: vpcRange(known)?.key ?? "fleet:network",
        text:
            `${text} overlaps ${overlapping.map(({ name, cidr }) => `stack ${name} (${cidr})`).join(", ")}; ` +
            `routes between hub and spokes need disjoint ranges. ` +
            `Fix: use another${free === undefined ? "" : `, for example ${free}`}.`,
    };
}

function serviceProblem({ cluster }: Known, others: readonly OtherStack[]): Problem | undefined {
    const overlapping = others.filter(({ known }) => overlap(cluster?.serviceCidr, vpcCidr(known)));
    return overlapping.length === 0
        ? undefined
        : {
              code: "E-NET-005",
              key: "fleet:cluster.serviceCidr",
              text:
                  `${cluster?.serviceCidr} overlaps the VPC of stack ` +
                  `${overlapping.map(({ name, known }) => `${name} (${vpcCidr(known)})`).join(", ")}, which pods ` +
                  `could not reach. Fix: choose disjoint ranges.`,
          };
}

function vpcCidr(known: Known): string | undefined {
    return vpcRange(known)?.cidr;
}

function overlap(a: string | undefined, b: string | undefined): boolean {
    const [left, right] = [parseCidr(a ?? ""), parseCidr(b ?? "")];
    return left !== undefined && right !== undefined && cidrsOverlap(left, right);
}

function nameProblem(own: string | undefined, { name, clusterName }: OtherStack): Problem | undefined {
    if (own === undefined || clusterName === undefined || normalised(own) !== normalised(clusterName)) {
        return undefined;
    }
    const key = "fleet:cluster.name";
    return own === clusterName
        ? {
              code: "E-NAME-003",
              key,
              text: `${shown(clusterName)} is also the cluster of stack ${name}. Fix: give each its own name.`,
          }
        : {
              code: "E-NAME-004",
              key,
              text:
                  `${shown(own)} and ${shown(clusterName)} of stack ${name} differ in case, hyphens or ` +
                  `underscores only. Fix: choose names that people tell apart.`,
          };
}

/** What people, and systems that know no case or underscore, take for the same name. */
function normalised(name: string): string {
    return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

function hubProblems(known: Known, { project, stack, stacks }: Neighbours): Problem[] {
    const hubs = stacks.filter((other) => other.known.role === "hub");
    const [, itsProject, itsName = ""] = known.hub?.stack.split("/") ?? [];
    const named = itsProject === project ? stacks.find(({ name }) => name === itsName) : undefined;
    const isSpoke = named?.known.role === "spoke" || (itsProject === project && itsName === stack);
    return present(
        isSpoke ? noHubProblem(itsName, project, hubs) : undefined,
        named && accountProblem(known, named),
        ...hubs.map((hub) => sharedAccountProblem(known, hub)),
    );
}

function noHubProblem(name: string, project: string, hubs: readonly OtherStack[]): Problem {
    const names = hubs.map((hub) => hub.name);
    const meant = nearest(name, names) ?? names[0];
    return {
        code: "E-REF-006",
        key: "fleet:hub.stack",
        text:
            `stack ${name} is a spoke (hubs: ${names.join(", ") || "none"}). ` +
            `Fix: name a hub${meant === undefined ? "" : `, for example <organization>/${project}/${meant}`}.`,
    };
}

function accountProblem({ account }: Known, { name, known }: OtherStack): Problem | undefined {
    const listed = known.spokeAccounts;
    return account === undefined || listed === undefined || known.role !== "hub" || listed.includes(account.id)
        ? undefined
        : {
              code: "E-ACC-004",
              key: "fleet:account.id",
              text:
                  `${shown(account.id)} is not among fleet:spokeAccounts of stack ${name} (${listed.join(", ")}). ` +
                  `Fix: add it to Pulumi.${name}.yaml and run \`pulumi up -s ${name}\` first.`,
          };
}

function sharedAccountProblem(known: Known, hub: OtherStack): Problem | undefined {
    const { account, environment, sharedAccount } = known;
    return environment !== "prod" ||
        sharedAccount === true ||
        account?.id !== hub.known.account?.id ||
        account === undefined
        ? undefined
        : {
              code: "E-ACC-002",
              key: "fleet:account.id",
              text:
                  `${shown(account.id)} is also the account of stack ${hub.name}: whoever administers production there ` +
                  `administers the hub. Fix: use another account, or set fleet:sharedAccount to true.`,
          };
}
