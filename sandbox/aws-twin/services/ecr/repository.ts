import { arnHere, findItem, itemsWith, requireItem } from "../../references.ts";
import { flag, list, object, text } from "../../schema/field.ts";
import { keyArn, matching, oneOf } from "../../schema/formats.ts";
import { propsOf, textOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import type { Item } from "../../state/store.ts";
import { T } from "../../tokens.ts";
import { requireEnabledKey } from "../kms/find-key.ts";

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
const repositoryName = matching(
    /^(?=.{2,256}$)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
    "2 to 256 lower-case letters and digits, with single ._- between them, in folders divided by /",
);

/** An empty ECR repository: the twin takes no images. */
export const repository: ResourceType = {
    token: T.repository,
    tagged: true,
    name: { property: "name", auto: (name, random) => `${name}-${random}`, max: 256 },
    inputs: {
        encryptionConfigurations: list(
            object({
                encryptionType: text({ default: "AES256", replaces: true, check: oneOf("AES256", "KMS") }),
                kmsKey: text({ replaces: true, check: keyArn }),
            }),
            { max: 1, replaces: true },
        ),
        forceDelete: flag(),
        imageScanningConfiguration: object({ scanOnPush: flag({ required: true }) }),
        imageTagMutability: text({ default: "MUTABLE", check: oneOf("IMMUTABLE", "MUTABLE") }),
        name: text({ replaces: true, check: repositoryName }),
    },
    computed: ["arn", "registryId", "repositoryUrl"],
    create: (context, inputs) => {
        const { accountId, region } = context.place;
        const name = textOf(inputs, "name");
        if (findItem(context, T.repository, name) !== undefined) {
            throw new Error(
                `RepositoryAlreadyExistsException: The repository with name '${name}' already exists in the registry ` +
                    `with id '${accountId}'`,
            );
        }
        const [encryption] = Array.isArray(inputs["encryptionConfigurations"])
            ? inputs["encryptionConfigurations"].map((each) => propsOf(each))
            : [];
        const { encryptionType, kmsKey } = encryption ?? {};
        if (typeof kmsKey === "string") {
            if (encryptionType !== "KMS") {
                throw new Error("InvalidParameterException: kmsKey belongs to encryption type KMS only");
            }
            requireEnabledKey(context, kmsKey);
        }
        return {
            id: name,
            computed: {
                arn: arnHere(context, "ecr", `repository/${name}`),
                registryId: accountId,
                repositoryUrl: `${accountId}.dkr.ecr.${region}.amazonaws.com/${name}`,
            },
        };
    },
    remove: (context, item) => {
        // Its policies go with it, as in AWS.
        for (const type of [T.repositoryPolicy, T.lifecyclePolicy]) {
            for (const attached of itemsWith(context, type, "repository", item.id)) context.store.remove(attached);
        }
    },
};

/** @throws Error with ECR's RepositoryNotFoundException. */
export function requireRepository(context: Context, name: string): Item {
    return requireItem(context, T.repository, name, "RepositoryNotFoundException", "repository with name");
}
