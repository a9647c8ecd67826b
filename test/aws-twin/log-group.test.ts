import assert from "node:assert/strict";

import { logKeyPolicy } from "../../components/cluster/log-key.ts";
import { textOf } from "../../sandbox/aws-twin/schema/resource-type.ts";
import { T } from "../../sandbox/aws-twin/tokens.ts";
import { HUB, REGION, World } from "./support/world.ts";

const name = "/aws/eks/hub-01/cluster";

describe("The AWS twin's log groups", () => {
    const make = async (region: string, group: string) => {
        const world = new World();
        const policy = JSON.stringify(logKeyPolicy(region, HUB, group));
        const key = await world.create(T.key, "key", { policy });
        const kmsKeyId = textOf(key.outputs, "arn");
        return { world, key, kmsKeyId, create: () => world.create(T.logGroup, "logs", { name, kmsKeyId }) };
    };

    it("take the key that CloudWatch Logs may use for them", async () => {
        const { create, kmsKeyId } = await make(REGION, name);
        assert.equal((await create()).outputs["kmsKeyId"], kmsKeyId);
    });

    it("take no key that is another group's", async () => {
        const { create } = await make(REGION, `${name}x`);
        await assert.rejects(
            create(),
            /InvalidParameterException: The specified KMS key does not exist or is not allowed to be used with LogGroup 'arn:aws:logs:eu-west-1:111111111111:log-group:\/aws\/eks\/hub-01\/cluster' \(kms:Encrypt: /,
        );
    });

    it("take no key that only another region's service may use", async () => {
        const { create } = await make("eu-central-1", name);
        await assert.rejects(create(), /is not allowed to be used with LogGroup/);
    });

    it("look at the key again when they get another one", async () => {
        const { world, create, key, kmsKeyId } = await make(REGION, name);
        const logs = await create();
        const without = await world.update(logs, { name });
        await world.update(key, { policy: JSON.stringify(logKeyPolicy(REGION, HUB, "/other")) });
        await assert.rejects(world.update(without, { name, kmsKeyId }), /is not allowed to be used with LogGroup/);
    });
});
