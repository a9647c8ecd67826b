import type { ResourceValidationPolicy } from "@pulumi/policy";

import { coversInternet, parseCidr } from "../../../contract/cidr.ts";
import { failClosed } from "../../fail-closed.ts";

const clusterType = "aws:eks/cluster:Cluster";

/** The API answers inside the VPC; outside, at most to a list of addresses that is not the internet in pieces. */
export const eksEndpointRestricted: ResourceValidationPolicy = {
    name: "eks-endpoint-restricted",
    description: "Turn the private endpoint on, and limit the public one to known addresses or turn it off.",
    severity: "high",
    framework: {
        name: "CIS Amazon EKS Benchmark",
        version: "1.8.0",
        reference: "5.4.1, 5.4.2",
        specification: "Restrict access to the control plane endpoint",
    },
    validateResource: failClosed((args, report) => {
        const { type, name, props } = args;
        if (type !== clusterType) {
            args.notApplicable(`is about ${clusterType}`);
        }
        const vpc: Record<string, unknown> = props.vpcConfig ?? {};
        if (vpc.endpointPrivateAccess !== true) {
            report(`${name}: the private endpoint is off. Fix: set vpcConfig.endpointPrivateAccess to true.`);
        }
        // AWS turns the public endpoint on unless told otherwise, and opens it to everybody unless given a list.
        if (vpc.endpointPublicAccess !== false) {
            const problem = allowListProblem(vpc.publicAccessCidrs);
            if (problem !== undefined) {
                report(
                    `${name}: ${problem}. ` +
                        "Fix: list office or VPN ranges in vpcConfig.publicAccessCidrs, or turn the public endpoint off.",
                );
            }
        }
    }),
};

function allowListProblem(list: unknown): string | undefined {
    const entries: unknown[] = Array.isArray(list) ? [...list] : [];
    if (entries.length === 0) {
        return "the public endpoint admits the whole internet";
    }
    const ranges = entries.map((entry) => (typeof entry === "string" ? parseCidr(entry) : undefined));
    const known = ranges.filter((range) => range !== undefined);
    if (known.length < ranges.length) {
        return `the allow-list has entries that are not IPv4 ranges (got ${JSON.stringify(entries)})`;
    }
    return coversInternet(known) ? `the allow-list ${JSON.stringify(entries)} covers the internet` : undefined;
}
