import assert from "node:assert/strict";

import type { Props } from "../../sandbox/engine/kit/types.ts";
import { T } from "../../sandbox/aws-twin/tokens.ts";
import { type Made, World } from "./support/world.ts";

const role = "arn:aws:iam::111111111111:role/reader";
const statement = { Sid: "Read", Effect: "Allow", Principal: { AWS: role }, Action: ["ecr:BatchGetImage"] };
const document = (change: object = {}) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ ...statement, ...change }] });

const rule = {
    rulePriority: 1,
    selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 },
    action: { type: "expire" },
};

describe("The AWS twin's ECR repositories", () => {
    let world: World;
    let made: Made;
    beforeEach(async () => {
        world = new World();
        made = await world.create(T.repository, "chart", { name: "fleet/hub-01/fleet" });
    });

    const repository = (inputs: Props, name = "r") => world.create(T.repository, name, { name: "a/b", ...inputs });
    const policy = (text: string, name = made.id) =>
        world.create(T.repositoryPolicy, "p", { repository: name, policy: text });
    const lifecycle = (rules: object[], name = made.id) =>
        world.create(T.lifecyclePolicy, "l", { repository: name, policy: JSON.stringify({ rules }) });
    const reader = () =>
        world.create(T.role, "reader", {
            name: "reader",
            assumeRolePolicy: JSON.stringify({
                Version: "2012-10-17",
                Statement: [
                    { Effect: "Allow", Principal: { Service: "pods.eks.amazonaws.com" }, Action: "sts:AssumeRole" },
                ],
            }),
        });

    it("have an ARN, an address and the account's registry, and mutable tags unless told", () => {
        const { arn, repositoryUrl, registryId, imageTagMutability } = made.outputs;
        assert.deepEqual(
            { id: made.id, arn, repositoryUrl, registryId, imageTagMutability },
            {
                id: "fleet/hub-01/fleet",
                arn: "arn:aws:ecr:eu-west-1:111111111111:repository/fleet/hub-01/fleet",
                repositoryUrl: "111111111111.dkr.ecr.eu-west-1.amazonaws.com/fleet/hub-01/fleet",
                registryId: "111111111111",
                imageTagMutability: "MUTABLE",
            },
        );
    });

    it("have a good name, once", async () => {
        for (const name of ["A/b", "a//b", "/a", "a/", "a__b", "a", "a b"]) {
            await assert.rejects(repository({ name }), /name must be 2 to 256/, name);
        }
        await assert.rejects(repository({ name: made.id }), /RepositoryAlreadyExistsException/);
    });

    it("take what AWS takes, and replace what AWS cannot change", async () => {
        await assert.rejects(repository({ imageTagMutability: "NEVER" }), /imageTagMutability must be one of/);
        await assert.rejects(repository({ imageScanningConfiguration: {} }), /scanOnPush/);
        await assert.rejects(
            repository({ encryptionConfigurations: [{ encryptionType: "DES" }] }),
            /encryptionType must be one of/,
        );
        const kmsKey = "arn:aws:kms:eu-west-1:111111111111:key/none";
        await assert.rejects(
            repository({ encryptionConfigurations: [{ encryptionType: "KMS", kmsKey }] }),
            /NotFoundException: Key/,
        );
        await assert.rejects(repository({ encryptionConfigurations: [{ kmsKey }] }), /encryption type KMS only/);
        const replaced = async (change: Props) => (await world.diff(made, { ...made.inputs, ...change })).replace;
        assert.deepEqual(await replaced({ imageTagMutability: "IMMUTABLE" }), []);
        assert.equal((await replaced({ name: "fleet/hub-01/other" })).length, 1);
    });

    it("have a policy without Resource, about actions of ECR, for roles that exist", async () => {
        await assert.rejects(policy(document()), /InvalidParameterException: .*Invalid principal in policy/);
        await reader();
        await assert.rejects(policy(document({ Resource: "*" })), /element "Resource" is not supported here/);
        await assert.rejects(
            policy(document({ Action: "s3:GetObject" })),
            /a repository policy takes ecr: actions only/,
        );
        await assert.rejects(policy(document({ Principal: undefined })), /needs a Principal/);
        await assert.rejects(policy(document(), "fleet/none"), /RepositoryNotFoundException/);
        assert.equal((await policy(document())).id, made.id);
    });

    it("expire images by rules that AWS knows", async () => {
        assert.equal((await lifecycle([rule])).id, made.id);
        const counted = { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 9 };
        assert.equal((await lifecycle([rule, { ...rule, rulePriority: 2, selection: counted }])).id, made.id);
        for (const [rules, problem] of [
            [[], /rules: /],
            [[{ ...rule, action: { type: "keep" } }], /rules\.0\.action\.type/],
            [[{ ...rule, selection: { ...rule.selection, countUnit: "weeks" } }], /countUnit/],
            [[{ ...rule, selection: { ...counted, countUnit: "days" } }], /countUnit/],
            [[{ ...rule, priority: 1 }], /priority/],
            [[rule, rule], /two rules have one rulePriority/],
        ] as const) {
            await assert.rejects(lifecycle([...rules]), problem);
        }
        await assert.rejects(lifecycle([rule], "fleet/none"), /RepositoryNotFoundException/);
    });
});
