import type { PolicyStatement } from "../identity/policy-document.ts";

/** What `helm pull` of a chart calls; a repository's policy allows it and nothing else. */
export const pullActions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/** The reader's side: signing in, and pulling from these repositories. */
export function chartPulling(repositoryArns: readonly string[]): PolicyStatement[] {
    return [
        // AWS knows no narrower resource: the token is the caller's, and what it opens is the next statement's.
        { Sid: "SignIn", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
        { Sid: "PullCharts", Effect: "Allow", Action: pullActions, Resource: repositoryArns },
    ];
}
