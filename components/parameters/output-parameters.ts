import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { outputParameterName } from "../../contract/names.ts";

/** Inputs of {@link OutputParameters}. */
export interface OutputParametersArgs {
    clusterName: string;
    /** The stack's outputs. None of them is secret; one that is plainly undefined gets no parameter. */
    outputs: Readonly<Record<string, pulumi.Input<string | number | string[] | undefined>>>;
    /** Other accounts of the organization that may read them. @default none */
    readerAccounts?: readonly string[] | undefined;
}

/**
 * The stack's outputs once more, in SSM under `/fleet/<cluster>/<output>`: for whoever has AWS but not this stack.
 * With readers in other accounts the parameters are advanced ones, which cost a little and can be shared.
 */
export class OutputParameters extends pulumi.ComponentResource {
    constructor(name: string, args: OutputParametersArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:parameters:OutputParameters", name, {}, opts);
        const readers = new Set(args.readerAccounts);
        const present = Object.entries(args.outputs).filter(([, value]) => value !== undefined);
        const parameters = present.map(([output, value]) => ({
            output,
            arn: new aws.ssm.Parameter(
                `${name}-${output}`,
                {
                    name: outputParameterName(args.clusterName, output),
                    description: `Output ${output} of the stack of cluster ${args.clusterName}`,
                    type: "String",
                    tier: readers.size > 0 ? "Advanced" : "Standard",
                    value: pulumi.output(value).apply(parameterText),
                },
                { parent: this },
            ).arn,
        }));
        if (readers.size > 0) {
            this.share(name, args.clusterName, parameters, readers);
        }
        this.registerOutputs({});
    }

    private share(
        name: string,
        clusterName: string,
        parameters: readonly { output: string; arn: pulumi.Output<string> }[],
        readers: ReadonlySet<string>,
    ): void {
        const share = new aws.ram.ResourceShare(
            `${name}-share`,
            // Accounts of the same organization only: others would have to accept an invitation.
            { name: `fleet-${clusterName}-outputs`, allowExternalPrincipals: false },
            { parent: this },
        );
        for (const { output, arn } of parameters) {
            new aws.ram.ResourceAssociation(
                `${name}-share-${output}`,
                { resourceShareArn: share.arn, resourceArn: arn },
                { parent: this },
            );
        }
        for (const principal of readers) {
            new aws.ram.PrincipalAssociation(
                `${name}-reader-${principal}`,
                { resourceShareArn: share.arn, principal },
                { parent: this },
            );
        }
    }
}

/** Text as it is; everything else, and the empty text, which SSM refuses, as JSON. */
export function parameterText(value: unknown): string {
    return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}
