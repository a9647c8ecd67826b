import assert from "node:assert/strict";
import { ApiError, request, serviceAccountToken, TestClient } from "./client.ts";
import {
    ARGOCD_ROLE,
    chainPolicies,
    DEPLOYER_ROLE,
    FakeSource,
    KEY_ARN,
    OPERATOR_ROLE,
    policy,
    SECRET_ARN,
    SECRETS_ROLE,
    SPOKE_ROLE,
} from "./fleet.ts";

function setup() {
    const source = new FakeSource();
    return { source, client: new TestClient(source) };
}

async function rejects(promise: Promise<unknown>, code: string, message: RegExp): Promise<void> {
    await assert.rejects(promise, (error) => {
        assert.ok(error instanceof ApiError, String(error));
        assert.equal(error.code, code);
        assert.match(error.message, message);
        return true;
    });
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

/** Calls of hub External Secrets to a twin changed before. */
async function reader(change: (source: FakeSource) => void = () => {}) {
    const source = new FakeSource();
    change(source);
    const client = new TestClient(source);
    const credentials = await client.podCredentials("external-secrets", "external-secrets");
    return (input: unknown, operation = "GetSecretValue") => client.secretsManager(credentials, operation, input);
}

describe("Secrets Manager", () => {
    it("answers a secret by its ARN with and without the random characters, never by a foreign name", async () => {
        const get = await reader();
        for (const SecretId of [SECRET_ARN, SECRET_ARN.slice(0, -7)]) {
            assert.equal((await get({ SecretId }))["VersionId"], "5f0c7d5e-0000-4000-8000-000000000001");
        }
        await rejects(get({ SecretId: "fleet/hub-01/dev-01" }), "AccessDeniedException", /Resource wanted/);
    });

    it("tells a missing secret only to who may read it", async () => {
        const get = await reader();
        const SecretId = SECRET_ARN.replace("dev-01", "dev-02");
        await rejects(get({ SecretId }), "ResourceNotFoundException", /can't find the specified secret/);
        await rejects(
            get({ SecretId: SecretId.replace("fleet/", "other/") }),
            "AccessDeniedException",
            /Resource wanted/,
        );
    });

    it("refuses a secret that is pending deletion", async () => {
        const get = await reader(({ secretList: [secret] }) =>
            Object.assign(secret ?? {}, { deletedDate: "2026-11-19T00:00:00Z" }),
        );
        await rejects(get({ SecretId: SECRET_ARN }), "InvalidRequestException", /marked for deletion/);
    });

    it("refuses another account a secret under the default key", async () => {
        const get = await reader(({ secretList: [secret] }) => delete secret?.kmsKeyArn);
        await rejects(get({ SecretId: SECRET_ARN }), "InvalidRequestException", /default KMS service key/);
    });

    it("refuses a secret whose key is pending deletion", async () => {
        const get = await reader(({ keys }) => Object.assign(keys.get(KEY_ARN) ?? {}, { state: "PendingDeletion" }));
        await rejects(get({ SecretId: SECRET_ARN }), "DecryptionFailure", /is PendingDeletion/);
    });

    it("tells which version is missing", async () => {
        const get = await reader();
        await rejects(
            get({ SecretId: SECRET_ARN, VersionStage: "AWSPREVIOUS" }),
            "ResourceNotFoundException",
            /AWSPREVIOUS/,
        );
    });

    it("describes a secret without its value and without the key", async () => {
        const policies = chainPolicies();
        for (const { Statement } of [policies.secretsIdentity, policies.secretPolicy]) {
            Object.assign(Statement[0] ?? {}, { Action: "secretsmanager:DescribeSecret" });
        }
        policies.keyPolicy.Statement.pop();
        const client = new TestClient(new FakeSource(policies));
        const credentials = await client.podCredentials("external-secrets", "external-secrets");
        const described = await client.secretsManager(credentials, "DescribeSecret", { SecretId: SECRET_ARN });
        assert.equal(described["KmsKeyId"], KEY_ARN);
        assert.deepEqual(described["VersionIdsToStages"], { "5f0c7d5e-0000-4000-8000-000000000001": ["AWSCURRENT"] });
        assert.equal(JSON.stringify(described).includes('dev-01\\"'), false);
    });

    it("refuses other operations and parameters by name", async () => {
        const get = await reader();
        await rejects(get({}, "PutSecretValue"), "UnknownOperationException", /does not serve "PutSecretValue"/);
        await rejects(get({ SecretId: SECRET_ARN, Filter: "x" }), "ValidationException", /does not take "Filter"/);
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

describe("Pod Identity", () => {
    it("gives the associated role's credentials with their six transitive tags, for six hours", async () => {
        const { client } = setup();
        const authorization = serviceAccountToken("argocd", "argocd-application-controller");
        const answer = await client.endpoints.podIdentity(request("GET", "/v1/credentials", { authorization }));
        const credentials: Record<string, string> = JSON.parse(answer.body.toString());
        assert.deepEqual(Object.keys(credentials), [
            "AccessKeyId",
            "SecretAccessKey",
            "Token",
            "Expiration",
            "AccountId",
        ]);
        assert.equal(credentials["Expiration"], "2026-11-20T18:00:00Z");
        const tagging = client.decisions.list().find(({ action }) => action === "sts:TagSession");
        assert.equal(tagging?.principal, "pods.eks.amazonaws.com");
        assert.equal(tagging.allowed, true);
    });

    it("refuses tokens that no cluster issued or accepts, and pods without an association", async () => {
        const { client } = setup();
        const ask = async (authorization: string) => {
            const answer = await client.endpoints.podIdentity(request("GET", "/v1/credentials", { authorization }));
            const { code, message }: { code: string; message: string } = JSON.parse(answer.body.toString());
            throw new ApiError(code, message);
        };
        const token = serviceAccountToken("argocd", "argocd-application-controller");
        await rejects(ask("nonsense"), "InvalidTokenException", /no cluster issued/);
        await rejects(
            ask(serviceAccountToken("a", "b", "https://elsewhere")),
            "InvalidTokenException",
            /no cluster issued/,
        );
        await rejects(
            ask(`${token}forged`),
            "InvalidTokenException",
            /does not accept the token.*invalid bearer token/,
        );
        await rejects(
            ask(serviceAccountToken("argocd", "default")),
            "ResourceNotFoundException",
            /no pod identity association/,
        );
    });

    it("passes no tags for an association that disables them, so that a trust policy on them denies", async () => {
        const { client, source } = setup();
        const [association] = source.clusters[0]?.podIdentityAssociations ?? [];
        assert.ok(association);
        association.disableSessionTags = true;
        await rejects(
            client.podCredentials("argocd", "argocd-application-controller"),
            "AccessDeniedException",
            /aws:RequestTag\/kubernetes-namespace wanted argocd, got nothing/,
        );
    });

    it("does not give the role to a pod of another cluster with the same names", async () => {
        const { client, source } = setup();
        const [hub, dev] = source.clusters;
        assert.ok(hub && dev);
        dev.podIdentityAssociations.push(...hub.podIdentityAssociations);
        const authorization = serviceAccountToken("argocd", "argocd-application-controller", dev.issuer);
        const answer = await client.endpoints.podIdentity(request("GET", "/v1/credentials", { authorization }));
        assert.equal(answer.status, 400);
        assert.match(answer.body.toString(), /aws:SourceAccount wanted 111111111111, got 222222222222/);
    });
});

describe("the operator's credentials", () => {
    it("are for the bearer of the operator's token only", async () => {
        const { client } = setup();
        for (const authorization of ["", "wrong", "Bearer wrong"]) {
            const answer = await client.endpoints.operator(request("GET", "/operator/credentials", { authorization }));
            assert.equal(answer.status, 401);
            assert.doesNotMatch(answer.body.toString(), /SecretAccessKey/);
        }
        const bearer = { authorization: "Bearer operator-token" };
        assert.equal((await client.endpoints.operator(request("GET", "/operator/credentials", bearer))).status, 200);
    });
});

describe("no secret", () => {
    it("shows in the decision log", async () => {
        const { client } = setup();
        const hub = await client.podCredentials("argocd", "argocd-application-controller");
        const spoke = await client.assumeRole(hub, SPOKE_ROLE);
        await client.authenticate(client.eksToken(spoke, "dev-01"));
        const secrets = await client.podCredentials("external-secrets", "external-secrets");
        await client.secretsManager(secrets, "GetSecretValue", { SecretId: SECRET_ARN });
        const log = JSON.stringify(client.decisions.list());
        for (const { SecretAccessKey, Token } of [hub, spoke, secrets]) {
            assert.equal(log.includes(SecretAccessKey), false);
            assert.equal(log.includes(Token), false);
        }
        assert.ok(log.includes(ARGOCD_ROLE) && log.includes(SECRETS_ROLE));
    });
});
