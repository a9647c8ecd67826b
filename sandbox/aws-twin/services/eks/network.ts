import { cidrsOverlap, parseCidr } from "../../../../contract/cidr.ts";
import type { Props } from "../../../engine/kit/types.ts";
import { requireItem } from "../../references.ts";
import { optionalText, propsOf, textOf, textsOf, type Context } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";
import { requireSecurityGroup } from "../ec2/inline-rules.ts";

const INVALID = "InvalidParameterException";

/** Checks subnets and security groups of a cluster; gives the VPC they are in. */
export function requireClusterNetwork(context: Context, inputs: Props): string {
    const config = propsOf(inputs["vpcConfig"]);
    const { vpcId, zones } = requireSubnets(context, textsOf(config, "subnetIds"));
    if (zones.size < 2) {
        throw new Error(
            `${INVALID}: Subnets specified must be in at least two different AZs (got ${[...zones].join(", ")})`,
        );
    }
    for (const group of textsOf(config, "securityGroupIds")) {
        if (requireSecurityGroup(context, group) !== vpcId) {
            throw new Error(`${INVALID}: Security group ${group} is not in the VPC of the subnets, ${vpcId}`);
        }
    }
    if (config["endpointPublicAccess"] === false && config["endpointPrivateAccess"] !== true) {
        throw new Error(`${INVALID}: Private and public endpoint access cannot both be false`);
    }
    return vpcId;
}

/** The one VPC of some subnets, and their zones. */
export function requireSubnets(context: Context, ids: readonly string[]): { vpcId: string; zones: Set<string> } {
    const subnets = ids.map((id) => requireItem(context, T.subnet, id, "InvalidSubnetID.NotFound", "subnet ID"));
    const vpcs = new Set(subnets.map(({ outputs }) => textOf(outputs, "vpcId")));
    const [vpcId] = vpcs;
    if (vpcId === undefined || vpcs.size > 1) {
        throw new Error(`${INVALID}: Subnets must be in one VPC (got ${[...vpcs].join(", ") || "no subnet"})`);
    }
    return { vpcId, zones: new Set(subnets.map(({ outputs }) => textOf(outputs, "availabilityZone"))) };
}

/** The Services' range: given, or EKS's choice. It must not overlap the VPC's. */
export function serviceCidr(context: Context, inputs: Props, vpcId: string): string {
    const given = optionalText(propsOf(inputs["kubernetesNetworkConfig"]), "serviceIpv4Cidr");
    const vpc = requireItem(context, T.vpc, vpcId, "InvalidVpcID.NotFound", "vpc ID");
    const block = textOf(vpc.outputs, "cidrBlock");
    const choice = [given ?? "172.20.0.0/16", ...(given === undefined ? ["10.100.0.0/16"] : [])].find(
        (range) => !overlap(range, block),
    );
    if (choice !== undefined) return choice;
    throw new Error(`${INVALID}: The specified service CIDR ${given ?? ""} overlaps the VPC's CIDR ${block}`);
}

function overlap(a: string, b: string): boolean {
    const [left, right] = [parseCidr(a), parseCidr(b)];
    return left !== undefined && right !== undefined && cidrsOverlap(left, right);
}

/** Services live in a private range of /24 to /12. https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html */
export function serviceCidrProblem(text: string): string | undefined {
    const cidr = parseCidr(text);
    const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
    const fits = cidr !== undefined && cidr.prefix >= 12 && cidr.prefix <= 24;
    if (fits && privateRanges.some((range) => overlap(range, text))) return undefined;
    return `must be a block between /12 and /24 in ${privateRanges.join(", ")}, got "${text}"`;
}
