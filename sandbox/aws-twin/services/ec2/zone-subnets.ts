import { requireItem } from "../../references.ts";
import { textOf, type Context } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";

/** What keeps a network interface in each of some subnets takes those of one VPC, at most one in each zone. */
export function requireZoneSubnets(context: Context, vpcId: string, ids: readonly string[]): void {
    const zones = new Set<string>();
    for (const id of ids) {
        const { outputs } = requireItem(context, T.subnet, id, "InvalidSubnetID.NotFound", "subnet ID");
        requireInVpc(`subnet ${id}`, textOf(outputs, "vpcId"), vpcId);
        const zone = textOf(outputs, "availabilityZone");
        if (zones.has(zone)) {
            throw new Error(`DuplicateSubnetsInSameZone: Duplicate Subnets for same AZ (${zone}, ${id})`);
        }
        zones.add(zone);
    }
}

/** @throws Error when something is in another VPC. */
export function requireInVpc(what: string, has: string, wanted: string): void {
    if (has !== wanted) throw new Error(`InvalidParameterValue: ${what} is in ${has}, not in ${wanted}`);
}
