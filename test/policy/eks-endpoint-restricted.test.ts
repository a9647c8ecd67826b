import assert from "node:assert/strict";

import { UNKNOWN as unknown } from "../../sandbox/engine/kit/types.ts";
import { verdictOf } from "./support/verdict.ts";

const fix = "Fix: list office or VPN ranges in vpcConfig.publicAccessCidrs, or turn the public endpoint off.";

function verdict(vpcConfig: Record<string, unknown> | undefined) {
    return verdictOf("eks-endpoint-restricted", {
        type: "aws:eks/cluster:Cluster",
        name: "eks",
        props: vpcConfig === undefined ? {} : { vpcConfig },
    });
}

const limited = { endpointPrivateAccess: true, endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.0/24"] };

describe("policy: eks-endpoint-restricted", () => {
    it("passes a limited public endpoint, and none", async () => {
        assert.deepEqual(await verdict(limited), { violations: [] });
        assert.deepEqual(await verdict({ endpointPrivateAccess: true, endpointPublicAccess: false }), {
            violations: [],
        });
    });

    it("refuses a private endpoint that is off", async () => {
        const message = "eks: the private endpoint is off. Fix: set vpcConfig.endpointPrivateAccess to true.";
        assert.deepEqual(await verdict({ ...limited, endpointPrivateAccess: false }), { violations: [message] });
    });

    it("refuses the internet, whole or in pieces", async () => {
        for (const list of [["0.0.0.0/0"], ["0.0.0.0/1", "128.0.0.0/1"], ["203.0.113.0/24", "64.0.0.0/2"]]) {
            assert.deepEqual(await verdict({ ...limited, publicAccessCidrs: list }), {
                violations: [`eks: the allow-list ${JSON.stringify(list)} covers the internet. ${fix}`],
            });
        }
    });

    it("refuses what AWS opens when nothing is said", async () => {
        const open = `eks: the public endpoint admits the whole internet. ${fix}`;
        assert.deepEqual(await verdict({ endpointPrivateAccess: true }), { violations: [open] });
        assert.deepEqual(await verdict({ ...limited, publicAccessCidrs: [] }), { violations: [open] });
        assert.deepEqual(await verdict(undefined), {
            violations: ["eks: the private endpoint is off. Fix: set vpcConfig.endpointPrivateAccess to true.", open],
        });
    });

    it("refuses entries it cannot measure", async () => {
        assert.deepEqual(await verdict({ ...limited, publicAccessCidrs: ["::/0"] }), {
            violations: [`eks: the allow-list has entries that are not IPv4 ranges (got ["::/0"]). ${fix}`],
        });
    });

    it("refuses what is not known yet", async () => {
        for (const publicAccessCidrs of [unknown, ["203.0.113.0/24", unknown]]) {
            const result = await verdict({ ...limited, publicAccessCidrs });
            assert.ok(result !== "not applicable" && result.violations[0]?.includes("is not known yet"));
        }
    });
});
