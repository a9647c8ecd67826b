import assert from "node:assert/strict";
import { ApiError, rejects, request, serviceAccountToken, TestClient } from "./client.ts";
import { ARGOCD_ROLE, SECRET_ARN, SECRETS_ROLE, SPOKE_ROLE } from "./chain-policies.ts";
import { FakeSource } from "./fleet.ts";

function setup() {
    const source = new FakeSource();
    return { source, client: new TestClient(source) };
}

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
