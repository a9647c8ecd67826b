import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import {
    anyExternalSecretsRoleName,
    type ArgocdInstall,
    chartRegistryUrl,
    chartRepositoryArn,
    chartRepositoryName,
    fleetRoleArn,
    hubCapabilityRoleName,
    hubExternalSecretsRoleName,
} from "../../contract/names.ts";
import { policyJson, type PolicyDocument, type PolicyStatement } from "../identity/policy-document.ts";
import type { MakesRoles } from "../identity/role-settings.ts";
import { chartPulling, pullActions } from "./chart-pulling.ts";

/** Inputs of {@link ChartRegistry}. */
export interface ChartRegistryArgs extends MakesRoles {
    accountId: string;
    region: string;
    /** The hub's cluster. */
    clusterName: string;
    /** Names of the charts. */
    charts: readonly string[];
    /** Decides who signs in for the hub's Argo CD: see {@link hubChartReader}. */
    install: ArgocdInstall;
    /** Accounts whose distributed spokes may pull. */
    spokeAccountIds: readonly string[];
    /** Whether Pulumi refuses to delete the repositories. */
    protect: boolean;
}

/** The fleet's own charts in ECR: a repository for each, and the hub's permission to pull. Nobody here may push. */
export class ChartRegistry extends pulumi.ComponentResource {
    /** What an Application's `repoURL` is. */
    readonly url: string;

    /** `opts.dependsOn` has to hold the hub's reader: a policy may name a role only when the role exists. */
    constructor(name: string, args: ChartRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:registry:ChartRegistry", name, {}, opts);
        const { accountId, region, clusterName, charts } = args;
        const withReader = pulumi.mergeOptions({ parent: this }, { dependsOn: opts?.dependsOn });
        for (const chart of charts) {
            const repository = new aws.ecr.Repository(
                `${name}-${chart}`,
                {
                    name: chartRepositoryName(clusterName, chart),
                    // A version that Argo CD has seen stays what it was.
                    imageTagMutability: "IMMUTABLE",
                    imageScanningConfiguration: { scanOnPush: true },
                    // Charts hold no secret, and Git has them too: a key of our own would guard nothing.
                    encryptionConfigurations: [{ encryptionType: "AES256" }],
                },
                { parent: this, protect: args.protect },
            );
            new aws.ecr.RepositoryPolicy(
                `${name}-${chart}-readers`,
                { repository: repository.name, policy: policyJson(chartRepositoryPolicy(args)) },
                withReader,
            );
            new aws.ecr.LifecyclePolicy(
                `${name}-${chart}-lifecycle`,
                { repository: repository.name, policy: JSON.stringify(untaggedExpire) },
                // A repository has one: deleting the old after the new were made would leave it with none.
                { parent: this, deleteBeforeReplace: true },
            );
        }
        new aws.iam.RolePolicy(
            `${name}-permissions`,
            {
                name: "chart-registry",
                role: hubChartReader(clusterName, args.install),
                policy: policyJson(hubChartPermissions(args)),
            },
            withReader,
        );
        this.url = chartRegistryUrl(region, accountId, clusterName);
        this.registerOutputs({ url: this.url });
    }
}

/**
 * Role that signs in to ECR for the hub's Argo CD. AWS's own Argo CD does so itself, with the capability's role
 * (EKS user guide, "Configure repository access"). Any other cannot: External Secrets fetches the token, and a token
 * opens what the role may that fetched it.
 */
export function hubChartReader(hub: string, install: ArgocdInstall): string {
    return install === "capability" ? hubCapabilityRoleName(hub) : hubExternalSecretsRoleName(hub);
}

type Readers = Pick<ChartRegistryArgs, "accountId" | "clusterName" | "install" | "spokeAccountIds" | "iam">;

/**
 * Pulling, by the hub's reader and by External Secrets of spokes, and by nobody else: the Deny holds also against
 * administrators of this account. It names the download alone, without which there is no chart; whoever pushes needs
 * the other two actions. There is no Resource: ECR takes none in a repository's policy.
 */
export function chartRepositoryPolicy(readers: Readers): PolicyDocument {
    const { accountId, clusterName, install, spokeAccountIds, iam } = readers;
    const hubReader = fleetRoleArn(accountId, hubChartReader(clusterName, install), iam?.path);
    // Names of clusters to come are not known; the accounts are, and each has to give its role the permission too.
    const spokeReaders = spokeAccountIds.map((id) => fleetRoleArn(id, anyExternalSecretsRoleName, iam?.path));
    const spokes: PolicyStatement = {
        Sid: "Spokes",
        Effect: "Allow",
        Principal: { AWS: spokeAccountIds.map((id) => `arn:aws:iam::${id}:root`) },
        Action: pullActions,
        Condition: { ArnLike: { "aws:PrincipalArn": spokeReaders } },
    };
    return {
        Version: "2012-10-17",
        Statement: [
            { Sid: "Hub", Effect: "Allow", Principal: { AWS: hubReader }, Action: pullActions },
            ...(spokeAccountIds.length > 0 ? [spokes] : []),
            {
                Sid: "NobodyElse",
                Effect: "Deny",
                Principal: { AWS: "*" },
                Action: ["ecr:GetDownloadUrlForLayer"],
                Condition: { ArnNotLike: { "aws:PrincipalArn": [hubReader, ...spokeReaders] } },
            },
        ],
    };
}

/** The hub's side of pulling its own charts. */
export function hubChartPermissions(
    args: Pick<ChartRegistryArgs, "accountId" | "region" | "clusterName" | "charts">,
): PolicyDocument {
    const { accountId, region, clusterName, charts } = args;
    return {
        Version: "2012-10-17",
        Statement: chartPulling(
            charts.map((chart) => chartRepositoryArn(region, accountId, chartRepositoryName(clusterName, chart))),
        ),
    };
}

/** What a failed push leaves behind goes after a week. Versions stay: an Application may still be at any of them. */
const untaggedExpire = {
    rules: [
        {
            rulePriority: 1,
            description: "Expire what no version points to",
            selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 },
            action: { type: "expire" },
        },
    ],
};
