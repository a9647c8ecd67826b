import { cidrsOverlap, parseCidr } from "../../../contract/cidr.ts";
import { fleetDesign } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { vpc } from "../../rule/tokens.ts";
import { text } from "../../rule/values.ts";

interface Settings {
    /** Range of each stack's VPC. */
    ranges: Record<string, string>;
    /** Ranges that no VPC may touch. */
    reserved: string[];
}

/** No two networks of the fleet share an address. */
export const vpcCidrRegistry = resourceRule<Settings>(
    {
        name: "vpc-cidr-registry",
        description: "Register each stack's VPC range, and give every stack its own.",
        severity: "medium",
        framework: fleetDesign("POLICIES 1.2", "Disjoint networks"),
        why: "Networks that overlap can never be peered, and renumbering a VPC means a new cluster.",
        remediationSteps: "Add the stack and its range to vpc-cidr-registry.ranges in policy-pack/config/fleet.json.",
        settings: {
            ranges: {
                description:
                    "Range of each stack's VPC, by name of the stack. A stack that is not listed is held to not overlap.",
                type: "object",
                additionalProperties: { type: "string" },
                default: {},
            },
            reserved: {
                description: "Ranges that no VPC may touch: what Services inside clusters use, and Docker's.",
                type: "array",
                items: { type: "string" },
                default: ["172.20.0.0/16", "172.17.0.0/16"],
            },
        },
        bad: { type: vpc, props: { cidrBlock: "172.20.128.0/17" } },
        good: { type: vpc, props: { cidrBlock: "10.3.0.0/16" } },
    },
    [vpc],
    ({ props, stack, settings, fail, skip }) => {
        const given = text(props["cidrBlock"]);
        if (given === "" && props["ipv4IpamPoolId"] !== undefined) {
            skip("is about VPCs whose range the program chooses");
        }
        const own = parseCidr(given);
        if (own === undefined) {
            fail(`${given === "" ? "it has no range" : `"${given}" is no IPv4 range`}. Fix: set cidrBlock.`);
            return;
        }
        const registered = settings.ranges[stack];
        if (registered !== undefined && registered !== given) {
            fail(`${given} is not ${registered}, which is registered for stack ${stack}. Fix: change one of them.`);
        }
        const others = Object.entries(settings.ranges).filter(([name]) => name !== stack);
        for (const [name, range] of [...others, ...settings.reserved.map((each) => ["reserved", each] as const)]) {
            const other = parseCidr(range);
            if (other !== undefined && cidrsOverlap(own, other)) {
                fail(`${given} overlaps ${range} (${name}). Fix: choose a range that nobody has.`);
            }
        }
    },
);
