import assert from "node:assert/strict";

import { T } from "../../sandbox/aws-twin/tokens.ts";
import { policyText, trust } from "./support/fleet.ts";
import { DEV, HUB, type Made, World } from "./support/world.ts";

const ARGOCD = `arn:aws:iam::${HUB}:role/fleet/hub-01-argocd`;
const SPOKE = `arn:aws:iam::${DEV}:role/fleet/dev-01-argocd-spoke`;
const PODS = { Service: "pods.eks.amazonaws.com" };

describe("The AWS twin's roles", () => {
    let world: World;
    let spokeWorld: World;
    beforeEach(() => {
        world = new World();
        spokeWorld = world.in(DEV);
    });

    const makeHub = (label = "argocd"): Promise<Made> =>
        world.create(T.role, label, { name: "hub-01-argocd", path: "/fleet/", assumeRolePolicy: trust(PODS) });
    const spokeInputs = { name: "dev-01-argocd-spoke", path: "/fleet/", assumeRolePolicy: trust({ AWS: ARGOCD }) };

    it("refuses trust in a role that does not exist", async () => {
        await assert.rejects(
            spokeWorld.create(T.role, "spoke", spokeInputs),
            /MalformedPolicyDocument: .*Invalid principal in policy: "AWS":"arn:aws:iam::111111111111:role\/fleet\/hub-01-argocd"/,
        );
        await assert.rejects(
            spokeWorld.create(T.role, "spoke", {
                ...spokeInputs,
                assumeRolePolicy: trust({ AWS: "arn:aws:iam::*:role/x" }),
            }),
            /MalformedPolicyDocument/,
        );
    });

    it("pins trust to the role's unique id, until the policy is written again", async () => {
        const hub = await makeHub();
        const spoke = await spokeWorld.create(T.role, "spoke", spokeInputs);
        const pinned = () => world.twin.role(SPOKE)?.trustPolicy.principalIds[ARGOCD];
        const first = world.twin.role(ARGOCD)?.uniqueId;
        assert.match(first ?? "", /^AROA[A-Z2-7]{17}$/);
        assert.equal(pinned(), first);

        await world.delete(hub);
        await makeHub("argocd-again");
        const second = world.twin.role(ARGOCD)?.uniqueId;
        assert.notEqual(second, first);
        assert.equal(pinned(), first);
        const described = await spokeWorld.update(spoke, { ...spokeInputs, description: "no new trust" });
        assert.equal(pinned(), first);

        // A refresh shows the id in place of the ARN, so that the next update writes the policy again.
        const seen = await spokeWorld.read(T.role, spoke.id);
        assert.deepEqual(JSON.parse(seen?.inputs["assumeRolePolicy"] as string), JSON.parse(trust({ AWS: first })));
        const refreshed = { ...described, inputs: seen?.inputs ?? {}, outputs: seen?.outputs ?? {} };
        assert.deepEqual((await spokeWorld.diff(refreshed, described.inputs)).changed, ["assumeRolePolicy"]);
        await spokeWorld.update(refreshed, { ...spokeInputs, description: "no new trust" });
        assert.equal(pinned(), second);
    });

    it("has one role of a name in an account, whatever its path or case", async () => {
        await makeHub();
        await assert.rejects(
            world.create(T.role, "other", { name: "HUB-01-argocd", assumeRolePolicy: trust(PODS) }),
            /EntityAlreadyExists: Role with name HUB-01-argocd already exists/,
        );
        await spokeWorld.create(T.role, "same", { name: "hub-01-argocd", assumeRolePolicy: trust(PODS) });
    });

    it("refuses to delete a role that has policies, unless it is told to detach them", async () => {
        const role = await makeHub();
        const policyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
        const attachment = await world.create(T.rolePolicyAttachment, "a", { role: role.id, policyArn });
        await assert.rejects(
            world.delete(role),
            /DeleteConflict: Cannot delete entity, must detach all policies first/,
        );
        await world.delete(attachment);
        const policy = policyText({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
        const inline = await world.create(T.rolePolicy, "i", { role: role.id, name: "assume", policy });
        await assert.rejects(world.delete(role), /DeleteConflict: Cannot delete entity, must delete policies first/);
        await world.delete(inline);
        await world.delete(role);
        assert.deepEqual(world.twin.inventory(), []);
    });

    it("shows a role's inline and attached policies to IAM, with the text of those that it has", async () => {
        const role = await makeHub();
        const document = policyText({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
        const own = await world.create(T.policy, "own", { name: "own", policy: document });
        for (const policyArn of [own.id, "arn:aws:iam::aws:policy/ReadOnlyAccess"]) {
            await world.create(T.rolePolicyAttachment, policyArn, { role: role.id, policyArn });
        }
        await world.create(T.rolePolicy, "inline", { role: role.id, name: "inline", policy: document });
        assert.deepEqual(world.twin.role(ARGOCD)?.identityPolicies, [
            { name: "inline", kind: "inline", document },
            { name: "own", kind: "attached", arn: own.id, document },
            { name: "ReadOnlyAccess", kind: "attached", arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
        ]);
        await assert.rejects(world.delete(own), /DeleteConflict: Cannot delete a policy attached to entities/);
    });

    it("attaches only policies that exist, to roles that exist, once", async () => {
        const role = await makeHub();
        const attach = (name: string, policyArn: string, to = role.id) =>
            world.create(T.rolePolicyAttachment, name, { role: to, policyArn });
        await assert.rejects(
            attach("a", "arn:aws:iam::aws:policy/NoSuchPolicy"),
            /NoSuchEntity: .*knows these policies of AWS/,
        );
        await assert.rejects(attach("b", `arn:aws:iam::${HUB}:policy/none`), /NoSuchEntity: Policy .* does not exist/);
        await assert.rejects(
            attach("c", "arn:aws:iam::aws:policy/ReadOnlyAccess", "nobody"),
            /NoSuchEntity: The role with name 'nobody'/,
        );
        await attach("d", "arn:aws:iam::aws:policy/ReadOnlyAccess");
        await assert.rejects(attach("e", "arn:aws:iam::aws:policy/ReadOnlyAccess"), /EntityAlreadyExists/);
    });

    it("replaces a role by delete and create when its name stays, and by create and delete when Pulumi named it", async () => {
        const role = await makeHub();
        const moved = await world.diff(role, { ...role.inputs, path: "/other/" });
        assert.deepEqual([moved.replace, moved.deleteBeforeReplace], [["path"], true]);
        const automatic = await world.create(T.role, "auto", { assumeRolePolicy: trust(PODS) });
        assert.match(automatic.id, /^auto-[0-9a-f]{7}$/);
        const again = await world.check(T.role, "auto", { assumeRolePolicy: trust(PODS) }, automatic.inputs);
        assert.equal(again.inputs["name"], automatic.id);
        const { deleteBeforeReplace } = await world.diff(automatic, { ...again.inputs, path: "/other/" });
        assert.equal(deleteBeforeReplace, false);
    });

    it("takes a policy document as an object too, and compares documents by content", async () => {
        const document = {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Principal: PODS, Action: "sts:AssumeRole" }],
        };
        const role = await world.create(T.role, "r", { name: "r", assumeRolePolicy: document });
        assert.equal(role.inputs["assumeRolePolicy"], JSON.stringify(document));
        const reordered = JSON.stringify({ Statement: document.Statement, Version: document.Version }, null, 2);
        assert.deepEqual((await world.diff(role, { ...role.inputs, assumeRolePolicy: reordered })).changed, []);
    });
});
