import assert from "node:assert/strict";

import { planSubnets } from "../../../components/network/subnet-plan.ts";
import { cidrsOverlap, parseCidr } from "../../../contract/cidr.ts";

const zones = ["a", "b", "c", "d", "e", "f"];

describe("components/network: subnet plan", () => {
    it("gives most of a /16 to the nodes of three zones", () => {
        assert.deepEqual(planSubnets("10.0.0.0/16", ["a", "b", "c"]), [
            { availabilityZone: "a", privateCidr: "10.0.0.0/18", publicCidr: "10.0.192.0/20" },
            { availabilityZone: "b", privateCidr: "10.0.64.0/18", publicCidr: "10.0.208.0/20" },
            { availabilityZone: "c", privateCidr: "10.0.128.0/18", publicCidr: "10.0.224.0/20" },
        ]);
    });

    it("keeps every subnet inside the VPC and apart from the others", () => {
        for (let count = 2; count <= zones.length; count++) {
            const plan = planSubnets("10.4.0.0/20", zones.slice(0, count));
            const ranges = plan.flatMap((zone) => [zone.privateCidr, zone.publicCidr]).map((text) => parseCidr(text));
            const vpc = parseCidr("10.4.0.0/20");
            for (const [index, range] of ranges.entries()) {
                assert.ok(range && vpc && cidrsOverlap(range, vpc));
                for (const other of ranges.slice(index + 1)) {
                    assert.ok(other && !cidrsOverlap(range, other), `${count} zones`);
                }
            }
        }
    });

    it("refuses what AWS would", () => {
        assert.throws(
            () => planSubnets("10.0.0.0/25", ["a", "b", "c"]),
            /Network cidr: 10\.0\.0\.0\/25 is too small for 3/,
        );
        assert.throws(() => planSubnets("10.0.0.0", ["a", "b"]), /Network cidr: "10\.0\.0\.0" is not an IPv4 CIDR/);
    });
});
