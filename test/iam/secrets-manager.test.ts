import assert from "node:assert/strict";
import { rejects, TestClient } from "./client.ts";
import { chainPolicies, KEY_ARN, SECRET_ARN, SECRETS_ROLE } from "./chain-policies.ts";
import { FakeSource } from "./fleet.ts";

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

    it("does not find a secret of another region than the request's", async () => {
        const SecretId = SECRET_ARN.replace("eu-west-1", "us-east-1");
        const get = await reader(({ secretList: [secret], roles }) => {
            Object.assign(secret ?? {}, { region: "us-east-1", arn: SecretId });
            const [identity] = roles.get(SECRETS_ROLE)?.identityPolicies ?? [];
            assert.ok(identity?.document);
            identity.document = identity.document.replace("secretsmanager:eu-west-1", "secretsmanager:*");
        });
        await rejects(get({ SecretId }), "ResourceNotFoundException", /can't find/);
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
