import assert from "node:assert/strict";

import { T } from "../../sandbox/aws-twin/tokens.ts";
import { textOf } from "../../sandbox/aws-twin/schema/resource-type.ts";
import { DEV, HUB, World } from "./support/world.ts";

describe("The AWS twin's resource shares", () => {
    let world: World;
    let share: string;
    beforeEach(async () => {
        world = new World();
        share = (await world.create(T.resourceShare, "share", { name: "outputs" })).id;
    });

    const parameter = async (tier: string) => {
        const { outputs } = await world.create(T.parameter, `p-${tier}`, {
            name: `/fleet/hub-01/${tier}`,
            type: "String",
            value: "x",
            tier,
        });
        return textOf(outputs, "arn");
    };
    const include = (resourceArn: string, name = "r") =>
        world.create(T.resourceAssociation, name, { resourceArn, resourceShareArn: share });
    const admit = (principal: string, name = "p") =>
        world.create(T.principalAssociation, name, { principal, resourceShareArn: share });

    it("share advanced parameters with other accounts", async () => {
        const arn = await parameter("Advanced");
        assert.equal((await include(arn)).id, `${share},${arn}`);
        assert.equal((await admit(DEV)).id, `${share},${DEV}`);
        assert.match(share, /^arn:aws:ram:eu-west-1:111111111111:resource-share\/[0-9a-f-]{36}$/);
    });

    it("take nothing that is not there, not advanced, or in already", async () => {
        await assert.rejects(include("arn:aws:ssm:eu-west-1:111111111111:parameter/x"), /UnknownResourceException/);
        await assert.rejects(include(await parameter("Standard")), /only advanced ones are shared/);
        const arn = await parameter("Advanced");
        await include(arn);
        await assert.rejects(include(arn, "again"), /is associated already/);
        await admit(DEV);
        await assert.rejects(admit(DEV, "again"), /is associated already/);
    });

    it("admit accounts, and not their own", async () => {
        await assert.rejects(admit("ou-1234"), /principal must be an account id/);
        await assert.rejects(admit(HUB), /owns the share/);
    });

    it("have to exist", async () => {
        share = share.replace(/[0-9a-f]{12}$/, "000000000000");
        await assert.rejects(admit(DEV), /UnknownResourceException: The resource share/);
    });
});
