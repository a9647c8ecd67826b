import { coversInternet, parseCidr } from "../../../contract/cidr.ts";
import { cisEks } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { cluster } from "../../rule/tokens.ts";
import { isOn, list, map, shown } from "../../rule/values.ts";

/** The API answers inside the VPC; outside, at most to a list of addresses that is not the internet in pieces. */
export const eksEndpointRestricted = resourceRule(
    {
        name: "eks-endpoint-restricted",
        description: "Turn the private endpoint on, and limit the public one to known addresses or turn it off.",
        severity: "high",
        framework: cisEks("5.4.1, 5.4.2", "Restrict access to the control plane endpoint"),
        why:
            "Whoever reaches the API may try stolen credentials and the next vulnerability. A list that is the internet " +
            "in two halves passes a check for 0.0.0.0/0, so the union is measured.",
        remediationSteps:
            "In Pulumi.<stack>.yaml set fleet:cluster.endpoint to {public: false}, or list office and VPN ranges in publicCidrs.",
        bad: {
            type: cluster,
            props: {
                vpcConfig: {
                    endpointPrivateAccess: true,
                    endpointPublicAccess: true,
                    publicAccessCidrs: ["0.0.0.0/1", "128.0.0.0/1"],
                },
            },
        },
        good: {
            type: cluster,
            props: {
                vpcConfig: {
                    endpointPrivateAccess: true,
                    endpointPublicAccess: true,
                    publicAccessCidrs: ["203.0.113.0/24"],
                },
            },
        },
    },
    [cluster],
    ({ props, fail }) => {
        const vpc = map(props["vpcConfig"]);
        if (!isOn(vpc["endpointPrivateAccess"])) {
            fail("the private endpoint is off. Fix: set vpcConfig.endpointPrivateAccess to true.");
        }
        // AWS turns the public endpoint on unless told otherwise, and opens it to everybody unless given a list.
        if (vpc["endpointPublicAccess"] !== false && vpc["endpointPublicAccess"] !== "false") {
            const problem = allowListProblem(vpc["publicAccessCidrs"]);
            if (problem !== undefined) {
                fail(
                    `${problem}. Fix: list office or VPN ranges in vpcConfig.publicAccessCidrs, or turn the public endpoint off.`,
                );
            }
        }
    },
);

function allowListProblem(allowed: unknown): string | undefined {
    const entries = list(allowed);
    if (entries.length === 0) {
        return "the public endpoint admits the whole internet";
    }
    const ranges = entries.map((entry) => (typeof entry === "string" ? parseCidr(entry) : undefined));
    const known = ranges.filter((range) => range !== undefined);
    if (known.length < ranges.length) {
        return `the allow-list has entries that are not IPv4 ranges (got ${shown(entries)})`;
    }
    return coversInternet(known) ? `the allow-list ${shown(entries)} covers the internet` : undefined;
}
