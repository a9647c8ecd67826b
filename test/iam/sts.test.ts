import assert from "node:assert/strict";
import { rejects, request, TestClient } from "./client.ts";
import { DEPLOYER_ROLE, OPERATOR_ROLE, policy, SPOKE_ROLE } from "./chain-policies.ts";
import { FakeSource } from "./fleet.ts";

function setup() {
    const source = new FakeSource();
    return { source, client: new TestClient(source) };
}

describe("STS", () => {
    it("tells a session who it is", async () => {
        const { client } = setup();
        const xml = await client.sts(await client.operatorCredentials(), { Action: "GetCallerIdentity" });
        assert.match(xml, /<Arn>arn:aws:sts::999999999999:assumed-role\/fleet-operator\/operator<\/Arn>/);
        assert.match(xml, /<UserId>AROA0+1:operator<\/UserId><Account>999999999999<\/Account>/);
    });

    it("refuses what it does not serve by name", async () => {
        const { client } = setup();
        const credentials = await client.operatorCredentials();
        await rejects(
            client.sts(credentials, { Action: "GetSessionToken" }),
            "InvalidAction",
            /does not serve "GetSessionToken"/,
        );
        await rejects(
            client.assumeRole(credentials, DEPLOYER_ROLE, { Policy: "{}" }),
            "ValidationError",
            /does not know AssumeRole's parameter "Policy"/,
        );
    });

    it("refuses credentials it did not issue, another's token, a changed request, and expired ones", async () => {
        const { client } = setup();
        const good = await client.operatorCredentials();
        const call = { Action: "GetCallerIdentity" };
        await rejects(client.sts({ ...good, AccessKeyId: "ASIAX" }, call), "InvalidClientTokenId", /security token/);
        await rejects(client.sts({ ...good, Token: "x" }, call), "InvalidClientTokenId", /security token/);
        await rejects(client.sts({ ...good, SecretAccessKey: "x" }, call), "SignatureDoesNotMatch", /does not match/);
        const unsigned = await client.endpoints.api(request("POST", "/", {}, "Action=GetCallerIdentity"));
        assert.match(unsigned.body.toString(), /<Code>MissingAuthenticationToken</);
        client.now = new Date(client.now.getTime() + 3600_000);
        await rejects(client.sts(good, call), "ExpiredToken", /expired/);
    });

    it("refuses a request signed more than 15 minutes ago", async () => {
        const { client } = setup();
        const signed = client.signed(await client.operatorCredentials(), "sts", "Action=GetCallerIdentity", {});
        client.now = new Date(client.now.getTime() + 15 * 60_000 + 1000);
        assert.match((await client.endpoints.api(signed)).body.toString(), /<Code>RequestExpired</);
    });

    it("ends the sessions of a role that was recreated", async () => {
        const { client, source } = setup();
        const credentials = await client.operatorCredentials();
        source.addRole(OPERATOR_ROLE, policy({ Effect: "Deny", Principal: "*", Action: "sts:AssumeRole" }), {});
        await rejects(
            client.sts(credentials, { Action: "GetCallerIdentity" }),
            "InvalidClientTokenId",
            /security token/,
        );
    });

    it("words a denial as AWS does and adds the reason", async () => {
        const { client } = setup();
        await rejects(
            client.assumeRole(await client.operatorCredentials(), SPOKE_ROLE),
            "AccessDenied",
            /^User: arn:aws:sts::999999999999:assumed-role\/fleet-operator\/operator is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role\/fleet\/dev-01-argocd-spoke because no Allow in the identity policy "deployers"/,
        );
    });

    it("gives a decision's id as request id", async () => {
        const { client } = setup();
        const body = `Action=AssumeRole&RoleSessionName=test&RoleArn=${encodeURIComponent(SPOKE_ROLE)}`;
        const answer = await client.endpoints.api(client.signed(await client.operatorCredentials(), "sts", body, {}));
        assert.equal(answer.status, 403);
        assert.equal(answer.headers?.["x-amzn-requestid"], client.decisions.list().at(-1)?.id);
    });

    it("limits a chained session to one hour", async () => {
        const { client } = setup();
        const operator = await client.operatorCredentials();
        await client.assumeRole(operator, DEPLOYER_ROLE, { DurationSeconds: "3600" });
        await rejects(
            client.assumeRole(operator, DEPLOYER_ROLE, { DurationSeconds: "3601" }),
            "ValidationError",
            /1 hour/,
        );
        await rejects(client.assumeRole(operator, DEPLOYER_ROLE, { DurationSeconds: "899" }), "ValidationError", /899/);
    });

    it("asks for sts:TagSession as soon as a tag is passed", async () => {
        const { client } = setup();
        const tagged = { "Tags.member.1.Key": "team", "Tags.member.1.Value": "fleet" };
        await rejects(
            client.assumeRole(await client.operatorCredentials(), DEPLOYER_ROLE, tagged),
            "AccessDenied",
            /is not authorized to perform: sts:TagSession/,
        );
    });

    it("keeps transitive tags through a chain and drops the others", async () => {
        const { client, source } = setup();
        const Action = ["sts:AssumeRole", "sts:TagSession"];
        const third = "arn:aws:iam::222222222222:role/third";
        const fourth = "arn:aws:iam::222222222222:role/fourth";
        const Condition = {
            StringEquals: { "aws:PrincipalTag/kubernetes-namespace": "argocd" },
            Null: { "aws:PrincipalTag/team": "true" },
        };
        source.addRole(third, policy({ Effect: "Allow", Principal: { AWS: SPOKE_ROLE }, Action }), {});
        source.addRole(
            fourth,
            policy({ Effect: "Allow", Principal: { AWS: [SPOKE_ROLE, third] }, Action, Condition }),
            {},
        );
        const team = { "Tags.member.1.Key": "team", "Tags.member.1.Value": "x" };
        const first = await client.podCredentials("argocd", "argocd-application-controller");
        const second = await client.assumeRole(first, SPOKE_ROLE, team);
        await rejects(client.assumeRole(second, fourth), "AccessDenied", /aws:PrincipalTag\/team wanted true, got x/);
        await client.assumeRole(await client.assumeRole(second, third), fourth);
    });

    it("refuses a tag that would replace a transitive one, whatever its case", async () => {
        const { client } = setup();
        const first = await client.podCredentials("argocd", "argocd-application-controller");
        const tag = { "Tags.member.1.Key": "Kubernetes-Namespace", "Tags.member.1.Value": "x" };
        await rejects(
            client.assumeRole(first, SPOKE_ROLE, tag),
            "ValidationError",
            /conflicts with a transitive tag key/,
        );
    });
});

describe("other AWS services", () => {
    it("are refused by name", async () => {
        const { client } = setup();
        const signed = client.signed(await client.operatorCredentials(), "ec2", "Action=DescribeVpcs", {});
        const answer = await client.endpoints.api(signed);
        assert.equal(answer.status, 400);
        assert.match(answer.body.toString(), /not \\"ec2\\"/);
    });
});
