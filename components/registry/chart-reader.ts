import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { addonRoleName, chartRegistryPattern, chartRepositoryArn } from "../../contract/names.ts";
import { policyJson, type PolicyDocument } from "../identity/policy-document.ts";
import { chartPulling } from "./chart-pulling.ts";

/** Inputs of {@link ChartReader}. */
export interface ChartReaderArgs {
    /** The spoke's cluster. It has a role for External Secrets: distributed mode asks for one. */
    clusterName: string;
    /** The hub's output chartRegistryUrl. */
    registryUrl: string;
}

/**
 * A distributed spoke's side of pulling from its hub's chart registry: what its External Secrets may do there, which
 * fetches the registry's token for the cluster's own Argo CD.
 */
export class ChartReader extends pulumi.ComponentResource {
    /** `opts.dependsOn` has to hold the role. */
    constructor(name: string, args: ChartReaderArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:registry:ChartReader", name, {}, opts);
        new aws.iam.RolePolicy(
            `${name}-permissions`,
            {
                name: "chart-registry",
                role: addonRoleName(args.clusterName, "externalSecrets"),
                policy: policyJson(chartReaderPermissions(args.registryUrl)),
            },
            pulumi.mergeOptions({ parent: this }, { dependsOn: opts?.dependsOn }),
        );
        this.registerOutputs({});
    }
}

/**
 * Pulling whatever charts the hub has: which those are, its stack says, and the repositories' own policies hold.
 *
 * @throws {pulumi.RunError} for a URL that is not of the contract's form.
 */
export function chartReaderPermissions(registryUrl: string): PolicyDocument {
    const { accountId, region, folder } = chartRegistryPattern.exec(registryUrl)?.groups ?? {};
    if (accountId === undefined || region === undefined || folder === undefined) {
        throw new pulumi.RunError(`${registryUrl} is not a chart registry. Fix: run \`pulumi up\` of the hub.`);
    }
    return {
        Version: "2012-10-17",
        Statement: chartPulling([chartRepositoryArn(region, accountId, `${folder}/*`)]),
    };
}
