import assert from "node:assert/strict";

import { runStack } from "../../sandbox/plan/runner.ts";
import { byGateway, fleets, plannedFleet, privately, sites, type Walk, walks } from "./network/fleets.ts";
import { changedConfig } from "./stacks.ts";

describe("plan: paths through the network", function () {
    this.timeout(60_000);
    for (const mode of Object.keys(fleets)) {
        for (const walk of Object.keys(walks) as Walk[]) {
            it(`${mode}: ${walk} gets there`, async () => {
                walks[walk](sites(await plannedFleet(mode)));
            });
        }
    }

    it("natAllowList makes no connection, the others leave the public endpoint off", async () => {
        const connections = async (mode: string) =>
            (await plannedFleet(mode)).spoke.resources.filter(({ type }) =>
                /peering|vpcAttachment|IngressRule/i.test(type),
            );
        assert.deepEqual(await connections("natAllowList"), []);
        for (const mode of Object.keys(fleets).filter((each) => each !== "natAllowList")) {
            assert.ok((await connections(mode)).length > 0, mode);
            const cluster = (await plannedFleet(mode)).spoke.resources.find(
                ({ type }) => type === "aws:eks/cluster:Cluster",
            );
            assert.ok(cluster);
            const { endpointPublicAccess, publicAccessCidrs } = cluster.inputs.vpcConfig as Record<string, unknown>;
            assert.deepEqual([endpointPublicAccess, publicAccessCidrs], [false, undefined]);
        }
    });

    it("a spoke that its hub cannot reach is refused, with what the hub lacks", async () => {
        const { hub } = await plannedFleet("natAllowList");
        const change = await privately(byGateway, ["10.9.0.0/24"]);
        await assert.rejects(
            runStack("dev", await changedConfig("dev", change), { hubOutputs: hub.outputs }),
            /E-NET-013 fleet:connectivity: transitGateway tgw-0123456789abcdef0, but the hub is attached to none\./,
        );
    });
});
