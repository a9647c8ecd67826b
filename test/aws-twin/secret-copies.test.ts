import assert from "node:assert/strict";

import { textOf } from "../../sandbox/aws-twin/schema/resource-type.ts";
import { T } from "../../sandbox/aws-twin/tokens.ts";
import type { Props } from "../../sandbox/engine/kit/types.ts";
import { keyPolicyText, policyText } from "./support/fleet.ts";
import { HUB, type Made, REGION, World } from "./support/world.ts";

const DEPLOYER = `arn:aws:iam::${HUB}:role/fleet-deployer`;
const THERE = "eu-central-1";

describe("The AWS twin's copies of secrets", () => {
    let here: World;
    let there: World;
    beforeEach(() => {
        here = new World();
        there = here.in(HUB);
        there.config = { ...there.config, region: THERE };
    });

    const keyIn = async (world: World, account = HUB): Promise<string> => {
        const { outputs } = await world.create(T.key, `key-${JSON.stringify(world.config["region"])}`, {
            policy: keyPolicyText(account),
        });
        return textOf(outputs, "arn");
    };

    const makeSecret = (replicas: Props[], more: Props = {}): Promise<Made> =>
        here.create(T.secret, "s", { name: "fleet/hub-01/dev-01", replicas, ...more });

    it("have content, policy and a key of their own region", async () => {
        const kmsKeyId = await keyIn(there);
        const secret = await makeSecret([{ region: THERE, kmsKeyId }], { kmsKeyId: await keyIn(here) });
        await here.create(T.secretPolicy, "p", {
            secretArn: secret.id,
            policy: policyText({ Effect: "Deny", Principal: "*", Action: "secretsmanager:*", Resource: "*" }),
        });
        await here.create(T.secretVersion, "v", { secretId: secret.id, secretString: "facts" });
        const [copy, ...rest] = here.twin.secrets(HUB, THERE);
        assert.deepEqual(rest, []);
        assert.equal(copy?.arn, secret.id.replace(REGION, THERE));
        assert.equal(copy.region, THERE);
        assert.equal(copy.kmsKeyArn, kmsKeyId);
        assert.equal(copy.versions[0]?.secretString, "facts");
        assert.match(copy.policy?.document ?? "", /Deny/);
        assert.equal(here.twin.secrets(HUB, REGION)[0]?.arn, secret.id);
    });

    it("come and go with an update of the secret", async () => {
        const secret = await makeSecret([]);
        const copied = await here.update(secret, { ...secret.inputs, replicas: [{ region: THERE }] });
        assert.deepEqual((await here.diff(secret, copied.inputs)).replace, []);
        assert.equal(here.twin.secrets(HUB, THERE)[0]?.kmsKeyArn, undefined);
        await here.update(copied, { ...secret.inputs, replicas: [] });
        assert.deepEqual(here.twin.secrets(HUB, THERE), []);
    });

    it("need a region that is another one, exists and is listed once", async () => {
        await assert.rejects(
            makeSecret([{ region: REGION }]),
            /Invalid replica region\. eu-west-1 is the secret's own/,
        );
        await assert.rejects(
            makeSecret([{ region: "eu-west-9" }]),
            /replicas\[0\]\.region must be one of .*got "eu-west-9"/,
        );
        const twice: Props[] = [{ region: THERE }, { region: THERE, kmsKeyId: await keyIn(there) }];
        await assert.rejects(makeSecret(twice), /A region is listed twice/);
    });

    it("need a key of their region", async () => {
        const kmsKeyId = (await keyIn(here)).split("/")[1] ?? "";
        await assert.rejects(makeSecret([{ region: THERE, kmsKeyId }]), /NotFoundException: Key .* eu-central-1/);
    });

    it("take a name in their region, and find it taken", async () => {
        await there.create(T.secret, "other", { name: "fleet/hub-01/dev-01" });
        await assert.rejects(makeSecret([{ region: THERE }]), /ResourceExistsException/);
        await here.create(T.secret, "first", { name: "shared", replicas: [{ region: THERE }] });
        await assert.rejects(there.create(T.secret, "second", { name: "shared" }), /ResourceExistsException/);
    });

    it("need their key's leave to be written", async () => {
        const foreign = there.in("222222222222");
        foreign.config = { ...foreign.config, region: THERE };
        const closed = await keyIn(foreign, "222222222222");
        const secret = await makeSecret([{ region: THERE, kmsKeyId: closed }]);
        await assert.rejects(
            here.create(T.secretVersion, "v", { secretId: secret.id, secretString: "x" }),
            new RegExp(`Access to KMS is not allowed: ${DEPLOYER} may not kms:GenerateDataKey`),
        );
    });
});
