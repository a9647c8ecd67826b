import { z } from "zod";

import type { Props } from "../../../engine/kit/types.ts";
import { text } from "../../schema/field.ts";
import { json } from "../../schema/formats.ts";
import { textOf, type ResourceType } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";
import { requireRepository } from "./repository.ts";

const count = z.int().min(1);
const tagStatus = z.enum(["untagged", "any"]);

/**
 * Rules for images without a tag, or for all; the twin does not know selections by tag.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
const document = z.strictObject({
    rules: z
        .array(
            z.strictObject({
                rulePriority: count,
                description: z.string().max(256).optional(),
                selection: z.discriminatedUnion("countType", [
                    z.strictObject({ tagStatus, countType: z.literal("imageCountMoreThan"), countNumber: count }),
                    z.strictObject({
                        tagStatus,
                        countType: z.literal("sinceImagePushed"),
                        countUnit: z.literal("days"),
                        countNumber: count,
                    }),
                ]),
                action: z.strictObject({ type: z.literal("expire") }),
            }),
        )
        .min(1),
});

/** Which images a repository drops. The twin has no images, so it only refuses what AWS would refuse. */
export const lifecyclePolicy: ResourceType = {
    token: T.lifecyclePolicy,
    inputs: {
        policy: text({ required: true, replaces: true, json: true, check: json }),
        repository: text({ required: true, replaces: true }),
    },
    computed: ["registryId"],
    create: (context, inputs) => {
        const { id } = requireRepository(context, textOf(inputs, "repository"));
        requireRules(id, inputs);
        return { id, computed: { registryId: context.place.accountId } };
    },
};

function requireRules(repository: string, inputs: Props): void {
    const { error, data } = document.safeParse(JSON.parse(textOf(inputs, "policy")));
    const problem =
        error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ") ??
        (new Set(data?.rules.map(({ rulePriority }) => rulePriority)).size === data?.rules.length
            ? undefined
            : "two rules have one rulePriority");
    if (problem === undefined) return;
    throw new Error(`InvalidParameterException: lifecycle policy of repository ${repository}: ${problem}`);
}
