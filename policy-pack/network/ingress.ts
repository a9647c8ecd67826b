import { coversInternet, parseCidr } from "../../contract/cidr.ts";
import { ingressRule, securityGroup, securityGroupRule } from "../rule/tokens.ts";
import { list, map, number, text, texts } from "../rule/values.ts";

/** One way into a security group. */
export interface Ingress {
    ranges: string[];
    from: number | undefined;
    to: number | undefined;
    protocol: string;
    description: string;
}

/** Resource types that let traffic into a security group. */
export const ingressTypes = [securityGroup, securityGroupRule, ingressRule] as const;

/** The ways in that a resource opens: a group's inline rules, or a rule of its own. */
export function ingressOf(type: string, props: Record<string, any>): Ingress[] {
    if (type === securityGroup) {
        return list(props["ingress"]).map((rule) => read(map(rule)));
    }
    if (type === securityGroupRule) {
        return props["type"] === "ingress" ? [read(props)] : [];
    }
    return [
        {
            ranges: [...texts(props["cidrIpv4"]), ...texts(props["cidrIpv6"])],
            from: number(props["fromPort"]),
            to: number(props["toPort"]),
            protocol: text(props["ipProtocol"]),
            description: text(props["description"]),
        },
    ];
}

function read(rule: Record<string, any>): Ingress {
    return {
        ranges: [...texts(rule["cidrBlocks"]), ...texts(rule["ipv6CidrBlocks"])],
        from: number(rule["fromPort"]),
        to: number(rule["toPort"]),
        protocol: text(rule["protocol"]),
        description: text(rule["description"]),
    };
}

/** Whether ranges are the internet: of IPv4 together, of IPv6 by one range of less than 32 bits (a provider's). */
export function reachesInternet(ranges: readonly string[]): boolean {
    const v4 = ranges.map(parseCidr).filter((range) => range !== undefined);
    const v6 = ranges.filter((range) => range.includes(":"));
    return (v4.length > 0 && coversInternet(v4)) || v6.some((range) => Number(range.split("/")[1] ?? 128) < 32);
}
