import assert from "node:assert/strict";

import { T } from "../../sandbox/aws-twin/tokens.ts";
import { keyPolicyText, policyText, trust } from "./support/fleet.ts";
import { DEV, HUB, World } from "./support/world.ts";

const DEPLOYER = `arn:aws:iam::${HUB}:role/fleet-deployer`;

describe("The AWS twin's keys and secrets", () => {
    let world: World;
    beforeEach(() => {
        world = new World();
    });

    const makeKey = (inputs = {}) => world.create(T.key, "key", inputs);

    it("holds a deleted key for its window, unusable, and forgets it afterwards", async () => {
        const key = await makeKey({ deletionWindowInDays: 7 });
        await world.delete(key);
        assert.equal(world.twin.kmsKey(key.outputs["arn"] as string)?.state, "PendingDeletion");
        assert.deepEqual(
            world.twin.inventory().map(({ status }) => status),
            ["PENDING_DELETION until 2026-11-28"],
        );
        assert.equal(await world.read(T.key, key.id), null);
        const pending = /KMSInvalidStateException: .* is pending deletion/;
        await assert.rejects(world.create(T.alias, "a", { name: "alias/a", targetKeyId: key.id }), pending);
        await assert.rejects(world.create(T.secret, "s", { name: "s", kmsKeyId: key.id }), pending);
        assert.deepEqual(world.twin.advance(6), []);
        assert.deepEqual(world.twin.advance(1), [`${HUB} ${T.key} ${key.id}`]);
        assert.deepEqual(world.twin.inventory(), []);
        await assert.rejects(world.create(T.alias, "a", { name: "alias/a", targetKeyId: key.id }), /NotFoundException/);
    });

    it("keeps deletion windows between 7 and 30 days", async () => {
        await assert.rejects(makeKey({ deletionWindowInDays: 6 }), /whole number from 7 to 30, got 6/);
        await assert.rejects(makeKey({ deletionWindowInDays: 31 }), /whole number from 7 to 30, got 31/);
        await assert.rejects(world.create(T.secret, "s", { recoveryWindowInDays: 5 }), /from 7 to 30 or 0, got 5/);
    });

    it("refuses a key policy that locks its writer out, unless told otherwise", async () => {
        const policy = policyText({
            Effect: "Allow",
            Principal: { AWS: DEPLOYER },
            Action: "kms:Decrypt",
            Resource: "*",
        });
        await assert.rejects(makeKey({ policy }), /will not allow you to update the key policy in the future/);
        const key = await makeKey({ policy, bypassPolicyLockoutSafetyCheck: true });
        assert.match(key.id, /^[0-9a-f-]{36}$/);
    });

    it("refuses policies that are no policies, or that name a role which does not exist", async () => {
        const nobody = `arn:aws:iam::${HUB}:role/fleet/nobody`;
        await assert.rejects(makeKey({ policy: "{}" }), /MalformedPolicyDocumentException: .*Version must be/);
        await assert.rejects(makeKey({ policy: "no json" }), /policy is not valid JSON/);
        await assert.rejects(
            makeKey({ policy: keyPolicyText(HUB, nobody) }),
            /MalformedPolicyDocumentException: .*Invalid principal in policy: "AWS":"arn:aws:iam::111111111111:role\/fleet\/nobody"/,
        );
        const secret = await world.create(T.secret, "s", { name: "s" });
        const policy = policyText({
            Effect: "Allow",
            Principal: { AWS: nobody },
            Action: "secretsmanager:*",
            Resource: "*",
        });
        await assert.rejects(
            world.create(T.secretPolicy, "p", { secretArn: secret.id, policy }),
            /MalformedPolicyDocumentException: .*Invalid principal/,
        );
    });

    it("has one alias of a name, in its own account and region", async () => {
        const key = await makeKey();
        await world.create(T.alias, "a", { name: "alias/fleet/a", targetKeyId: key.id });
        await assert.rejects(
            world.create(T.alias, "b", { name: "alias/fleet/a", targetKeyId: key.id }),
            /AlreadyExistsException: An alias with the name arn:aws:kms:eu-west-1:111111111111:alias\/fleet\/a already exists/,
        );
        await assert.rejects(world.create(T.alias, "c", { name: "fleet/a", targetKeyId: key.id }), /must be alias\//);
        const arn = key.outputs["arn"] ?? "";
        await assert.rejects(
            world.in(DEV).create(T.alias, "d", { name: "alias/fleet/a", targetKeyId: arn }),
            /InvalidArnException/,
        );
    });

    it("has one secret of a name, also while one is scheduled for deletion", async () => {
        const make = (name: string) => world.create(T.secret, name, { name: "fleet/hub-01/dev-01" });
        const secret = await make("one");
        assert.match(
            secret.id,
            /^arn:aws:secretsmanager:eu-west-1:111111111111:secret:fleet\/hub-01\/dev-01-[A-Za-z0-9]{6}$/,
        );
        await assert.rejects(
            make("two"),
            /ResourceExistsException: .* the secret fleet\/hub-01\/dev-01 already exists/,
        );
        await world.delete(secret);
        await assert.rejects(make("three"), /already scheduled for deletion/);
        await assert.rejects(
            world.create(T.secretVersion, "v", { secretId: secret.id, secretString: "x" }),
            /marked for deletion/,
        );
        world.twin.advance(30);
        assert.notEqual((await make("four")).id, secret.id);
    });

    it("deletes a secret without recovery at once", async () => {
        const secret = await world.create(T.secret, "s", { name: "s", recoveryWindowInDays: 0 });
        await world.delete(secret);
        assert.deepEqual(world.twin.inventory(), []);
    });

    it("moves AWSCURRENT and AWSPREVIOUS, and keeps the current version of a deleted resource", async () => {
        const secret = await world.create(T.secret, "s", { name: "s" });
        const made = [];
        for (const secretString of ["one", "two", "three"]) {
            made.push(await world.create(T.secretVersion, secretString, { secretId: secret.id, secretString }));
        }
        const versions = () =>
            world.twin
                .secrets(HUB, "eu-west-1")[0]
                ?.versions.map(({ secretString, stages }) => [secretString, ...stages]);
        assert.deepEqual(versions(), [
            ["two", "AWSPREVIOUS"],
            ["three", "AWSCURRENT"],
        ]);
        for (const version of made) await world.delete(version);
        assert.deepEqual(versions(), [["three", "AWSCURRENT"]]);
    });

    it("encrypts a secret with the writer's permissions on its key", async () => {
        const administration = {
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${HUB}:root` },
            Action: "kms:PutKeyPolicy",
            Resource: "*",
        };
        const publisher = {
            Sid: "Publisher",
            Effect: "Allow",
            Principal: { AWS: DEPLOYER },
            Action: ["kms:GenerateDataKey", "kms:Decrypt"],
            Resource: "*",
            Condition: { StringEquals: { "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com" } },
        };
        const key = await makeKey({ policy: policyText(administration) });
        const secret = await world.create(T.secret, "s", { name: "s", kmsKeyId: key.id });
        const write = (name: string) => world.create(T.secretVersion, name, { secretId: secret.id, secretString: "x" });
        await assert.rejects(
            write("one"),
            /AccessDeniedException: Access to KMS is not allowed: .* may not kms:GenerateDataKey/,
        );
        await world.update(key, { policy: policyText(administration, publisher) });
        await write("two");
    });

    it("blocks a public secret policy when asked to", async () => {
        const secret = await world.create(T.secret, "s", { name: "s" });
        const policy = policyText({
            Effect: "Allow",
            Principal: "*",
            Action: "secretsmanager:GetSecretValue",
            Resource: "*",
        });
        await assert.rejects(
            world.create(T.secretPolicy, "p", { secretArn: secret.id, policy, blockPublicPolicy: true }),
            /PublicPolicyException/,
        );
        const made = await world.create(T.secretPolicy, "p", { secretArn: secret.id, policy });
        await world.delete(made);
        assert.equal(world.twin.secrets(HUB, "eu-west-1")[0]?.policy, undefined);
    });

    it("puts the default policy back when a key's policy resource is deleted", async () => {
        await world.create(T.role, "reader", {
            name: "reader",
            assumeRolePolicy: trust({ Service: "ec2.amazonaws.com" }),
        });
        const key = await makeKey();
        const policy = keyPolicyText(HUB, `arn:aws:iam::${HUB}:role/reader`);
        const made = await world.create(T.keyPolicy, "p", { keyId: key.id, policy });
        const document = () => world.twin.kmsKey(key.outputs["arn"] as string)?.policy.document;
        assert.equal(document(), policy);
        await world.delete(made);
        assert.match(document() ?? "", /Enable IAM User Permissions/);
    });
});
