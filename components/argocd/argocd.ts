import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { type ChartLocation, chartSource } from "./chart-source.ts";
import { namespaceMetadata } from "./namespace.ts";

/** Inputs of {@link ArgoCd}. */
export interface ArgoCdArgs {
    /** Where the chart argo-cd comes from, at an exact version. */
    chart: ChartLocation;
    /** Values of that chart: what Git says Argo CD should be, so that it finds itself as it wants to be. */
    values: Readonly<Record<string, unknown>>;
    /** Client secret of SSO; the values refer to it as `$argocd-sso:clientSecret`. */
    ssoClientSecret?: string | undefined;
}

/** Argo CD reads values of the form `$<secret>:<key>` only from Secrets that carry this label. */
const readByArgocd = { "app.kubernetes.io/part-of": "argocd" };

/**
 * The first installation of Argo CD. From then on Argo CD manages itself from Git, so Pulumi looks at neither chart
 * version nor values again; deleting this component uninstalls the release.
 */
export class ArgoCd extends pulumi.ComponentResource {
    /** `opts.dependsOn` delays the release: pods need nodes, and their identity before they start. */
    constructor(name: string, args: ArgoCdArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:argocd:ArgoCd", name, {}, opts);
        const namespace = new kubernetes.core.v1.Namespace(
            `${name}-namespace`,
            { metadata: namespaceMetadata },
            { parent: this },
        );
        const password = new random.RandomPassword(`${name}-webhook`, { length: 40, special: false }, { parent: this });
        // What Git's webhooks must be signed with: `$argocd-webhook:github`.
        const secrets = [
            this.referredSecret(`${name}-webhook`, "argocd-webhook", { github: password.result }, namespace),
        ];
        if (args.ssoClientSecret !== undefined) {
            const clientSecret = { clientSecret: args.ssoClientSecret };
            secrets.push(this.referredSecret(`${name}-sso`, "argocd-sso", clientSecret, namespace));
        }
        new kubernetes.helm.v3.Release(
            `${name}-release`,
            {
                name: "argocd",
                namespace: namespace.metadata.name,
                ...chartSource(args.chart, "argo-cd"),
                version: args.chart.version,
                values: args.values,
                // Seconds until the pods must be ready.
                timeout: 600,
            },
            pulumi.mergeOptions(
                {
                    parent: this,
                    dependsOn: secrets,
                    ignoreChanges: ["chart", "repositoryOpts", "values", "version"],
                },
                { dependsOn: opts?.dependsOn },
            ),
        );
        this.registerOutputs({});
    }

    /** A Secret that the values refer to, made before the pods that read it. The SDK keeps its data secret. */
    private referredSecret(
        name: string,
        secretName: string,
        stringData: Record<string, pulumi.Input<string>>,
        namespace: kubernetes.core.v1.Namespace,
    ): kubernetes.core.v1.Secret {
        return new kubernetes.core.v1.Secret(
            name,
            {
                metadata: { name: secretName, namespace: namespace.metadata.name, labels: readByArgocd },
                stringData,
            },
            { parent: this },
        );
    }
}
