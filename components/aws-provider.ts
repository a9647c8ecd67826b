import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { deployRoleArn } from "../contract/names.ts";
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
