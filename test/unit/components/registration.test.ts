import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

import {
    registrationKeyPolicy,
    registrationSecretPolicy,
} from "../../../components/registration/registration-policies.ts";
import { type CredentialFreeAuth, RegistrationSecret } from "../../../components/registration/registration-secret.ts";
import { registrationSchema } from "../../../contract/registration-secret.ts";
import { place, policyOf, runMocked } from "../../harness/pulumi.ts";

const reader = "arn:aws:iam::111111111111:role/fleet/hub-01-external-secrets";
const publisher = "arn:aws:iam::222222222222:role/fleet-deployer";

const cluster = {
    ...place,
    clusterName: "dev-01",
    environment: "dev",
    kubernetesVersion: "1.35",
    vpcId: "vpc-1",
    git: { url: "https://github.com/x/y.git", revision: "main", path: "gitops" },
    auth: {
        type: "aws" as const,
        clusterName: "dev-01",
        roleArn: "arn:aws:iam::222222222222:role/fleet/dev-01-argocd-spoke",
    },
    capabilities: { vault: "true" as const },
    hubClusterName: "hub-01",
    hubExternalSecretsRoleArn: reader,
    deployRoleArn: publisher,
    protect: false,
};

function registration({ protect = false, preview = false } = {}) {
    return runMocked(
        () => {
            const { secretArn, keyArn } = new RegistrationSecret("reg", {
                ...place,
                clusterName: "dev-01",
                environment: "dev",
                kubernetesVersion: "1.35",
                vpcId: "vpc-1",
                git: { url: "https://github.com/x/y.git", revision: "main", path: "gitops" },
                server: "https://api.example.com",
                caData: "Y2E=",
                auth: {
                    type: "aws",
                    clusterName: "dev-01",
                    roleArn: "arn:aws:iam::222222222222:role/fleet/dev-01-argocd-spoke",
                },
                capabilities: { vault: "true" },
                hubClusterName: "hub-01",
                hubExternalSecretsRoleArn: reader,
                deployRoleArn: publisher,
                protect,
            });
            return { secretArn, keyArn };
        },
        { preview },
    );
}

describe("components/registration: RegistrationSecret", () => {
    it("is exactly these resources", async () => {
        assert.deepEqual((await registration()).inventory(), [
            "aws:kms/alias:Alias reg-alias",
            "aws:kms/key:Key reg-key",
            "aws:secretsmanager/secret:Secret reg-secret",
            "aws:secretsmanager/secretPolicy:SecretPolicy reg-policy",
            "aws:secretsmanager/secretVersion:SecretVersion reg-content",
            "fleet:registration:RegistrationSecret reg",
        ]);
    });

    it("publishes the contract's document, without a credential", async () => {
        const content = policyOf(
            (await registration()).only("aws:secretsmanager/secretVersion:SecretVersion"),
            "secretString",
        );
        assert.deepEqual(registrationSchema.parse(content), content);
        assert.deepEqual(content, {
            contract: "fleet.registration/v1",
            name: "dev-01",
            server: "https://api.example.com",
            caData: "Y2E=",
            auth: {
                type: "aws",
                clusterName: "dev-01",
                roleArn: "arn:aws:iam::222222222222:role/fleet/dev-01-argocd-spoke",
            },
            facts: {
                aws_cluster_name: "dev-01",
                aws_account_id: "222222222222",
                aws_region: "eu-west-1",
                aws_vpc_id: "vpc-1",
                environment: "dev",
                kubernetes_version: "1.35",
                fleet_repo_url: "https://github.com/x/y.git",
                fleet_repo_revision: "main",
                fleet_repo_basepath: "gitops",
                apps_repo_url: "https://github.com/x/y.git",
                apps_repo_revision: "main",
                apps_repo_basepath: "gitops",
            },
            capabilities: { vault: "true" },
        });
    });

    it("takes its facts from the cluster: another one in its place changes the content", async () => {
        const content = async (server: string, caData: string) => {
            const run = await runMocked(() => {
                new RegistrationSecret("reg", {
                    ...cluster,
                    server: pulumi.output(server),
                    caData: pulumi.output(caData),
                });
            });
            const document = policyOf(run.only("aws:secretsmanager/secretVersion:SecretVersion"), "secretString");
            return registrationSchema.parse(document);
        };
        const before = await content("https://old.example.com", "b2xk");
        const after = await content("https://new.example.com", "bmV3");
        assert.deepEqual([before.server, before.caData], ["https://old.example.com", "b2xk"]);
        assert.deepEqual(after, { ...before, server: "https://new.example.com", caData: "bmV3" });
    });

    it("has no place for a credential", () => {
        // @ts-expect-error: a token is one.
        const auth: CredentialFreeAuth = { type: "token", token: "x" };
        assert.equal(registrationSchema.shape.auth.safeParse(auth).success, true);
    });

    it("uses its own key, refuses a public policy, and can be recovered for 30 days", async () => {
        const run = await registration();
        const key = run.only("aws:kms/key:Key");
        assert.equal(key.inputs.enableKeyRotation, true);
        assert.equal(key.inputs.deletionWindowInDays, 30);
        assert.deepEqual(run.only("aws:secretsmanager/secret:Secret").inputs, {
            name: "fleet/hub-01/dev-01",
            description: "How hub hub-01 reaches cluster dev-01",
            kmsKeyId: run.value.keyArn,
            recoveryWindowInDays: 30,
        });
        const policy = run.only("aws:secretsmanager/secretPolicy:SecretPolicy");
        assert.equal(policy.inputs.blockPublicPolicy, true);
        assert.equal(policy.inputs.secretArn, run.value.secretArn);
    });

    it("has content only under its policy", async () => {
        const run = await registration();
        const content = run.only("aws:secretsmanager/secretVersion:SecretVersion");
        assert.ok(content.dependencies.includes(run.only("aws:secretsmanager/secretPolicy:SecretPolicy").urn));
    });

    it("knows both policies at the first preview", async () => {
        const run = await registration({ preview: true });
        assert.deepEqual(
            policyOf(run.only("aws:secretsmanager/secretPolicy:SecretPolicy"), "policy"),
            registrationSecretPolicy(reader, publisher),
        );
        assert.deepEqual(
            policyOf(run.only("aws:kms/key:Key"), "policy"),
            registrationKeyPolicy({
                ...place,
                hubClusterName: "hub-01",
                clusterName: "dev-01",
                publisherArn: publisher,
                readerArn: reader,
            }),
        );
    });

    it("protects secret and key, and nothing else, when told so", async () => {
        const { resources } = await registration({ protect: true });
        assert.deepEqual(
            resources
                .filter((each) => each.protect)
                .map(({ name }) => name)
                .toSorted(),
            ["reg-key", "reg-secret"],
        );
    });
});

describe("components/registration: documents", () => {
    it("one role may read the secret, and nobody else but its publisher", () => {
        assert.deepEqual(registrationSecretPolicy(reader, publisher), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "HubExternalSecrets",
                    Effect: "Allow",
                    Principal: { AWS: reader },
                    Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
                    Resource: "*",
                },
                {
                    Sid: "NobodyElse",
                    Effect: "Deny",
                    Principal: { AWS: "*" },
                    Action: ["secretsmanager:GetSecretValue"],
                    Resource: "*",
                    Condition: { StringNotEquals: { "aws:PrincipalArn": [reader, publisher] } },
                },
            ],
        });
    });

    it("the key opens this secret only, and only through Secrets Manager", () => {
        const [administration, ...users] = registrationKeyPolicy({
            ...place,
            hubClusterName: "hub-01",
            clusterName: "dev-01",
            publisherArn: publisher,
            readerArn: reader,
        }).Statement;
        const condition = {
            StringEquals: { "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com" },
            StringLike: {
                "kms:EncryptionContext:SecretARN":
                    "arn:aws:secretsmanager:eu-west-1:222222222222:secret:fleet/hub-01/dev-01-??????",
            },
        };
        assert.deepEqual(administration?.Principal, { AWS: "arn:aws:iam::222222222222:root" });
        assert.ok(!/Decrypt|Encrypt|DataKey|Grant/.test(JSON.stringify(administration)));
        assert.deepEqual(users, [
            {
                Sid: "Publisher",
                Effect: "Allow",
                Principal: { AWS: publisher },
                Action: ["kms:Decrypt", "kms:GenerateDataKey"],
                Resource: "*",
                Condition: condition,
            },
            {
                Sid: "HubExternalSecrets",
                Effect: "Allow",
                Principal: { AWS: reader },
                Action: ["kms:Decrypt"],
                Resource: "*",
                Condition: condition,
            },
        ]);
    });
});
