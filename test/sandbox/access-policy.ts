import assert from "node:assert/strict";
import { Adoption } from "./support/adoption.ts";
import { AwsConsole, type StackResource } from "./support/aws-console.ts";
import { eventually } from "./support/eventually.ts";
import type { Fleet } from "./support/fleet.ts";
import { SpokeSession } from "./support/spoke-session.ts";

const POLICY = "arn:aws:eks::aws:cluster-access-policy/";

export function accessPolicyTests(fleet: Fleet): void {
    describe("what the spoke's role may do on dev-01", () => {
        let session: SpokeSession;

        before(async () => {
            session = await SpokeSession.of(fleet, "dev-01", "222222222222");
        });
        after(async () => {
            await session.remove();
        });

        it("is everything, by the administrator's access policy and not as system:masters", async () => {
            assert.equal(await session.kubectl("auth", "can-i", "create", "pods", "--namespace", "podinfo"), "yes");
            assert.equal(await session.kubectl("auth", "can-i", "create", "clusterroles"), "yes");
            await assertIsSpokeRole(session);
        });

        describe("with the view policy instead", () => {
            let aws: AwsConsole;
            let admin: StackResource;
            let view: StackResource | undefined;

            before(async () => {
                aws = await AwsConsole.of(fleet, "dev");
                admin = aws.resource("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "dev-01-argocd-spoke");
                await aws.delete(admin);
                view = await aws.create(admin, { policyArn: `${POLICY}AmazonEKSViewPolicy` });
            });
            after(async () => {
                if (view !== undefined) await aws.delete(view);
                await aws.create(admin);
                await new Adoption(fleet, "dev-01").again();
                await fleet.settled();
            });

            it("is to look at pods, not to make them", async () => {
                await eventually("the API server asks again", async () => {
                    const answer = await session.kubectl("auth", "can-i", "create", "pods", "--namespace", "podinfo");
                    assert.match(answer, /^no - .* it has AmazonEKSViewPolicy \(cluster\)$/);
                });
                const pods = await session.kubectl("get", "pods", "--namespace", "podinfo", "--output", "name");
                assert.match(pods, /^pod\/podinfo-/);
                await assertIsSpokeRole(session);
            });
        });
    });
}

async function assertIsSpokeRole(session: SpokeSession): Promise<void> {
    const { status } = JSON.parse(await session.kubectl("auth", "whoami", "--output", "json")) as {
        status: { userInfo: { username: string; groups: string[]; extra: Record<string, string[]> } };
    };
    const { username, groups, extra } = status.userInfo;
    assert.match(username, /^arn:aws:sts::222222222222:assumed-role\/dev-01-argocd-spoke\/[\w-]+$/);
    assert.deepEqual(groups, ["system:authenticated"]);
    assert.deepEqual(extra["canonicalArn"], ["arn:aws:iam::222222222222:role/dev-01-argocd-spoke"]);
}
