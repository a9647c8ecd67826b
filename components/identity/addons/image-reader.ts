import type { PolicyDocument } from "../policy-document.ts";
import type { AddonPlace } from "./place.ts";

/** Reading tags and manifests of the listed ECR repositories: what Argo CD Image Updater compares. */
export function imageReaderPermissions(
    { accountId, region }: AddonPlace,
    repositories: readonly string[],
): PolicyDocument {
    return {
        Version: "2012-10-17",
        Statement: [
            // The token is the account's; what it opens is the next statement's.
            { Sid: "SignIn", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
            {
                Sid: "ReadImages",
                Effect: "Allow",
                Action: ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer", "ecr:ListImages"],
                Resource: repositories.map((name) => `arn:aws:ecr:${region}:${accountId}:repository/${name}`),
            },
        ],
    };
}
