import { z } from "zod";

import * as field from "../fields.ts";
import { secret } from "../secrets.ts";

const chart = z.strictObject({
    repository: field.chartRepository
        .optional()
        .describe(
            "Helm repository of the chart argo-cd, https:// or oci://; by default upstream's. fleet:chartMirror replaces it.",
        ),
    path: field.repositoryPath
        .optional()
        .describe("Folder of this repository that holds the chart instead, for a network without any repository."),
    version: field.chartVersion.describe(
        "Version of the chart argo-cd for the first installation; later ones come from Git.",
    ),
});

const identity = z.strictObject({
    type: z.enum(["SSO_GROUP", "SSO_USER"]).describe("Whether the id is a group's or a person's."),
    id: field.word.describe("Id in IAM Identity Center."),
});

const capability = z.strictObject({
    identityCenterArn: field.identityCenterArn.describe("Instance of IAM Identity Center by which people sign in."),
    identityCenterRegion: field.region.optional().describe("Region of that instance; by default the stack's."),
    roles: z
        .partialRecord(z.enum(["ADMIN", "EDITOR", "VIEWER"]), z.array(identity).min(1))
        .describe("Who has which of the capability's roles; somebody has to be ADMIN."),
    vpcEndpointIds: z
        .array(field.word)
        .default([])
        .describe("VPC endpoints by which alone Argo CD's server is reached; none means its public address."),
});

const repository = z
    .strictObject({
        url: field.gitUrl.describe("Repository, or the beginning of the URLs of several that share the credential."),
        githubApp: z
            .strictObject({
                id: field.numericId.describe("Id of the GitHub App."),
                installationId: field.numericId.describe("Id of its installation in the organization."),
                privateKey: secret("Private key of the GitHub App, PEM."),
            })
            .optional()
            .describe("Sign in as a GitHub App; tokens last an hour."),
        ssh: z
            .strictObject({ privateKey: secret("Private key, PEM or OpenSSH; a read-only deploy key.") })
            .optional()
            .describe("Sign in with an SSH key."),
        token: z
            .strictObject({
                username: field.word.describe("User name; most Git hosts take any with a token."),
                password: secret("Token or password."),
            })
            .optional()
            .describe("Sign in with a user name and a token."),
    })
    .superRefine((given, context) => {
        const ways = (["githubApp", "ssh", "token"] as const).filter((way) => given[way] !== undefined);
        const overSsh = !/^https?:/.test(given.url);
        if (ways.length !== 1) {
            const has = ways.length === 0 ? "none" : ways.join(" and ");
            context.addIssue({
                code: "custom",
                message: `E-GIT-005 needs one credential, has ${has}. Fix: give one of githubApp, ssh or token.`,
            });
        } else if (overSsh !== (ways[0] === "ssh")) {
            context.addIssue({
                code: "custom",
                message: `E-GIT-006 ${ways[0]} does not fit the URL. Fix: use ${
                    overSsh ? "an https:// URL, or ssh" : "git@…, or githubApp or token"
                }.`,
            });
        }
    });

/** Argo CD on a hub. */
export const argocd = z
    .strictObject({
        install: z
            .enum(["helm", "capability", "existing"])
            .default("helm")
            .describe("Who runs Argo CD: a Helm release, AWS (the EKS capability), or somebody before this stack."),
        chart: chart.optional().describe("The chart of the first installation; for install helm, which needs it."),
        capability: capability
            .optional()
            .describe("What the EKS capability is told; for install capability, which needs it."),
        repositories: z.array(repository).default([]).describe("Credentials of private Git repositories."),
        ssoClientSecret: secret("Client secret of SSO; values refer to it as $argocd-sso:clientSecret.").optional(),
    })
    .describe("Argo CD on the hub.");
