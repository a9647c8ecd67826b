import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { deployRoleArn } from "../contract/names.ts";
import type { HubNetwork } from "../contract/hub-network.ts";
import type { StackArgs } from "./stack-args.ts";

/**
 * AWS in exactly one account and region. Credentials of another account fail here, before anything is created, and
 * every resource carries the tags that say whose it is.
 */
export function awsProvider(
    name: string,
    args: Pick<StackArgs, "account" | "region" | "owner" | "stack">,
    hubClusterName: pulumi.Input<string>,
    opts: pulumi.ResourceOptions,
): aws.Provider {
    return new aws.Provider(
        name,
        {
            region: args.region as aws.Region,
            allowedAccountIds: [args.account.id],
            assumeRoles: [{ roleArn: deployRoleArn(args.account) }],
            defaultTags: {
                tags: {
                    fleet: hubClusterName,
                    stack: args.stack,
                    owner: args.owner,
                    "managed-by": "pulumi",
                },
            },
        },
        opts,
    );
}

/** AWS in the account and region of a spoke's hub, as the hub's own deployer. The tags say which stack acted. */
export function hubAwsProvider(
    name: string,
    args: Pick<StackArgs, "owner" | "stack"> & { hubNetwork: Pick<HubNetwork, "accountId" | "deployRole" | "region"> },
    hubClusterName: pulumi.Input<string>,
    opts: pulumi.ResourceOptions,
): aws.Provider {
    const { accountId: id, deployRole, region } = args.hubNetwork;
    const { owner, stack } = args;
    return awsProvider(name, { account: { id, deployRole }, region, owner, stack }, hubClusterName, opts);
}

/** AWS in further regions of the stack's account, by region. */
export function regionalProviders(
    name: string,
    args: Pick<StackArgs, "account" | "owner" | "stack">,
    regions: readonly string[],
    hubClusterName: pulumi.Input<string>,
    opts: pulumi.ResourceOptions,
): Record<string, aws.Provider> {
    return Object.fromEntries(
        regions.map((region) => [region, awsProvider(`${name}-${region}`, { ...args, region }, hubClusterName, opts)]),
    );
}
