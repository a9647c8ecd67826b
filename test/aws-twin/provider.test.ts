import assert from "node:assert/strict";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { checkProviderConfig } from "../../sandbox/aws-twin/provider-config.ts";
import { T } from "../../sandbox/aws-twin/tokens.ts";
import { OPERATOR_ROLE_ARN } from "../../sandbox/aws-twin/twin.ts";
import { fromWire, toWire } from "../../sandbox/aws-twin/wire.ts";
import { UNKNOWN, type Props } from "../../sandbox/engine/kit/types.ts";
import { keyPolicyText, makeEverything } from "./support/fleet.ts";
import { DEV, HUB, providerConfig, World } from "./support/world.ts";

describe("The AWS twin's provider", () => {
    let world: World;
    beforeEach(() => {
        world = new World();
    });

    const identity = async () => {
        const request = { token: "aws:index/getCallerIdentity:getCallerIdentity", args: {} };
        return (await world.call<{ result: Props }>("invoke", request)).result;
    };

    it("works in the account of the role it assumes, as that role", async () => {
        assert.equal((await identity())["accountId"], HUB);
        assert.equal((await identity())["arn"], `arn:aws:sts::${HUB}:assumed-role/fleet-deployer/pulumi`);
        world.config = { region: "eu-west-1" };
        assert.equal((await identity())["accountId"], "999999999999");
    });

    it("refuses an account that is not allowed, as the aws provider words it", async () => {
        world.config = providerConfig(HUB, { allowedAccountIds: [DEV] });
        await assert.rejects(world.call("configure", {}), /AWS account ID not allowed: 111111111111/);
        world.config = providerConfig(HUB, { forbiddenAccountIds: [HUB] });
        await assert.rejects(world.call("configure", {}), /AWS account ID not allowed: 111111111111/);
    });

    it("assumes only roles that exist and trust the caller", async () => {
        world.config = providerConfig(HUB, { assumeRoles: [{ roleArn: `arn:aws:iam::${HUB}:role/admin` }] });
        await assert.rejects(
            world.call("configure", {}),
            /Cannot assume IAM Role: .*User: arn:aws:iam::999999999999:role\/fleet-operator is not authorized to perform: sts:AssumeRole on resource: .*role\/admin because the role does not exist/,
        );
        const chain = [HUB, DEV].map((account) => ({ roleArn: `arn:aws:iam::${account}:role/fleet-deployer` }));
        world.config = providerConfig(DEV, { assumeRoles: chain });
        await assert.rejects(
            world.call("configure", {}),
            /IAM Role \(arn:aws:iam::222222222222:role\/fleet-deployer\) cannot be assumed: .*no Allow in the trust policy/,
        );
        assert.ok(world.twin.role(OPERATOR_ROLE_ARN));
    });

    it("refuses settings it does not know, regions that do not exist, and wrong account ids", () => {
        const reasons = (config: Props) =>
            checkProviderConfig(config).map(({ property, reason }) => `${property} ${reason}`);
        assert.deepEqual(reasons(providerConfig(HUB)), []);
        assert.match(
            reasons({ region: "eu-west-9" })[0] ?? "",
            /^region must be one of .*eu-west-1.*, got "eu-west-9"$/,
        );
        assert.match(
            reasons({ region: "eu-west-1", profile: "x" })[0] ?? "",
            /^profile is not a setting that the sandbox's AWS twin knows/,
        );
        assert.match(
            reasons({ region: "eu-west-1", allowedAccountIds: ["1"] })[0] ?? "",
            /allowedAccountIds\[0\] must be an account id/,
        );
        assert.deepEqual(reasons({}), ["region is required"]);
        assert.deepEqual(reasons({ region: UNKNOWN, defaultTags: { tags: { a: UNKNOWN } } }), []);
    });

    it("answers the four functions it knows, and names the others", async () => {
        const invoke = async (name: string, args: Props = {}) =>
            (await world.call<{ result: Props }>("invoke", { token: `aws:index/${name}:${name}`, args })).result;
        assert.equal((await invoke("getPartition"))["partition"], "aws");
        assert.equal((await invoke("getRegion"))["region"], "eu-west-1");
        const zones = await invoke("getAvailabilityZones", { state: "available" });
        assert.deepEqual(zones["names"], ["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
        assert.deepEqual(zones["zoneIds"], ["euw1-az1", "euw1-az2", "euw1-az3"]);
        assert.deepEqual((await invoke("getAvailabilityZones", { region: "ap-southeast-2" }))["zoneIds"], [
            "apse2-az1",
            "apse2-az2",
            "apse2-az3",
        ]);
        await assert.rejects(
            invoke("getAvailabilityZones", { filters: [] }),
            /argument "filters" is not one the twin knows/,
        );
        await assert.rejects(
            invoke("getBillingServiceAccount"),
            /does not answer the function aws:index\/getBillingServiceAccount/,
        );
    });

    it("previews what it would create and update, unknown where AWS would decide, and changes nothing", async () => {
        const before = world.twin.hash();
        const request = { urn: "urn:x", type: T.subnet, timeout: 0, preview: true };
        const inputs = { vpcId: UNKNOWN, cidrBlock: "10.0.0.0/24", availabilityZone: "eu-west-1b" };
        const { outputs } = await world.call<{ outputs: Props }>("create", { ...request, inputs });
        assert.equal(outputs["arn"], UNKNOWN);
        assert.equal(outputs["availabilityZone"], "eu-west-1b");
        assert.equal(outputs["availabilityZoneId"], UNKNOWN);
        assert.deepEqual(outputs["tagsAll"], { fleet: "hub-01" });
        assert.equal(world.twin.hash(), before);

        const template = await world.create(T.launchTemplate, "t", { namePrefix: "t-" });
        const made = world.twin.hash();
        const update = {
            ...request,
            type: T.launchTemplate,
            id: template.id,
            oldInputs: template.inputs,
            oldOutputs: template.outputs,
        };
        const changed = { ...template.inputs, description: "new" };
        const next = await world.call<{ outputs: Props }>("update", { ...update, inputs: changed });
        assert.deepEqual([next.outputs["latestVersion"], next.outputs["arn"]], [UNKNOWN, template.outputs["arn"]]);
        assert.equal(world.twin.hash(), made);
    });

    it("sends unknown values and bytes over the wire as they are", () => {
        const value = { a: [UNKNOWN, 1, null], b: { c: "x" } };
        assert.deepEqual(fromWire(toWire(value)), value);
        assert.deepEqual(fromWire('{"seed":{"$bytes":"AQI="}}'), { seed: Buffer.from([1, 2]) });
    });

    it("refuses to update what is not there, and takes a second deletion as done", async () => {
        const vpc = await world.create(T.vpc, "vpc", { cidrBlock: "10.0.0.0/16" });
        await world.delete(vpc);
        await world.delete(vpc);
        await assert.rejects(
            world.update(vpc, { cidrBlock: "10.0.0.0/16", tags: { a: "b" } }),
            /does not exist in 111111111111 eu-west-1; run `pulumi refresh`/,
        );
    });

    it("refuses tags that AWS refuses", async () => {
        const tagged = (tags: Props) => world.create(T.vpc, "vpc", { cidrBlock: "10.0.0.0/16", tags });
        await assert.rejects(tagged({ "aws:x": "y" }), /keys that begin with aws: are reserved/);
        await assert.rejects(tagged({ x: "y".repeat(257) }), /at most 256 characters/);
        assert.deepEqual(world.twin.inventory(), []);
    });

    it("puts a new resource in the place of one that a killed run made and never recorded", async () => {
        const lost = await world.create(T.logGroup, "logs", { name: "/fleet/logs" });
        const found = await world.create(T.logGroup, "logs", { name: "/fleet/logs" });
        assert.equal(world.twin.inventory().length, 1);
        assert.equal(found.id, lost.id);
        // Once the engine has shown that it has the resource, a second one of its URN is a replacement.
        await world.check(T.logGroup, "logs", found.inputs, found.inputs);
        await assert.rejects(
            world.create(T.logGroup, "logs", { name: "/fleet/logs" }),
            /ResourceAlreadyExistsException/,
        );
    });
});

describe("The AWS twin's state", () => {
    const stateFile = path.join(tmpdir(), `fleet-twin-state-${process.pid}.json`);
    afterEach(() => rmSync(stateFile, { force: true }));

    it("is the same after a restart, resource by resource", async () => {
        const world = new World({ stateFile });
        const everything = await makeEverything(world);
        const { twin } = world;
        world.twin = world.load();
        assert.equal(world.twin.hash(), twin.hash());
        assert.deepEqual(world.twin.inventory(), twin.inventory());
        for (const { type, id } of everything.values()) assert.equal((await world.read(type, id))?.id, id);
    });

    it("is readable by its owner only and says so when it is not a state", async () => {
        const world = new World({ stateFile });
        await world.create(T.vpc, "vpc", { cidrBlock: "10.0.0.0/16" });
        assert.equal(statSync(stateFile).mode & 0o777, 0o600);
        const state = JSON.parse(readFileSync(stateFile, "utf8")) as object;
        writeFileSync(stateFile, JSON.stringify({ ...state, version: 2 }));
        assert.throws(() => world.load(), /is not a state of this version of the AWS twin .*start anew with/s);
    });

    it("counts the days it was advanced by across a restart", async () => {
        const world = new World({ stateFile });
        const key = await world.create(T.key, "key", { deletionWindowInDays: 7 });
        await world.delete(key);
        world.twin.advance(4);
        world.twin = world.load();
        assert.deepEqual(world.twin.advance(3), [`${HUB} ${T.key} ${key.id}`]);
        assert.throws(() => world.twin.advance(-1), /whole number of 0 or more, got -1/);
    });

    it("is as it was when a creation is refused half-way", async () => {
        const world = new World({ stateFile });
        const key = await world.create(T.key, "key", {});
        await world.create(T.keyPolicy, "a", { keyId: key.id, policy: keyPolicyText(HUB) });
        const before = world.twin.hash();
        // It has written the key's policy by the time it is found to be the second of its key.
        const other = keyPolicyText(HUB, `arn:aws:iam::${HUB}:role/fleet-deployer`);
        await assert.rejects(world.create(T.keyPolicy, "b", { keyId: key.id, policy: other }), /exists already/);
        assert.equal(world.twin.hash(), before);
        assert.equal(world.load().hash(), before);
    });
});
