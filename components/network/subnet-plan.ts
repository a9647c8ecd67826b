import { type Cidr, formatCidr, parseCidr, subdivide } from "../../contract/cidr.ts";

/** Ranges of one availability zone. */
export interface ZoneSubnets {
    availabilityZone: string;
    /** Nodes and pods. */
    privateCidr: string;
    /** Load balancers and NAT gateways: a quarter of the private range or less. */
    publicCidr: string;
}

/** AWS takes no subnet smaller than this. */
export const smallestSubnetPrefix = 28;

/** Prefix lengths that {@link planSubnets} uses for so many zones. */
export function subnetPrefixes(vpcPrefix: number, zones: number): { private: number; public: number } {
    const privatePrefix = vpcPrefix + Math.ceil(Math.log2(zones + 1));
    return { private: privatePrefix, public: privatePrefix + Math.ceil(Math.log2(zones)) };
}

/**
 * Cuts a VPC into one private and one public subnet per zone. The private blocks come first and are as large as they
 * can be, because the VPC CNI gives every pod an address; all public subnets share the block after them.
 *
 * @throws {RangeError} when the public subnets would be smaller than /28.
 */
export function planSubnets(vpcCidr: string, availabilityZones: readonly string[]): ZoneSubnets[] {
    const vpc = parseCidr(vpcCidr);
    if (vpc === undefined) {
        throw new RangeError(`Network cidr: "${vpcCidr}" is not an IPv4 CIDR`);
    }
    const prefixes = subnetPrefixes(vpc.prefix, availabilityZones.length);
    if (prefixes.public > smallestSubnetPrefix) {
        throw new RangeError(
            `Network cidr: ${vpcCidr} is too small for ${availabilityZones.length} availability zones`,
        );
    }
    const publicBlock: Cidr = subdivide(vpc, prefixes.private, availabilityZones.length);
    return availabilityZones.map((availabilityZone, index) => ({
        availabilityZone,
        privateCidr: formatCidr(subdivide(vpc, prefixes.private, index)),
        publicCidr: formatCidr(subdivide(publicBlock, prefixes.public, index)),
    }));
}
