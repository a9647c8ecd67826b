import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { argocdNamespace } from "../../contract/names.ts";
import { chartSource } from "./chart-source.ts";

/** Inputs of {@link ArgoCd}. */
export interface ArgoCdArgs {
    /** Where the chart argo-cd comes from: an HTTP repository or `oci://…`, and an exact version. */
    chart: { repository: string; version: string };
    /** Values of that chart: what Git says Argo CD should be, so that it finds itself as it wants to be. */
    values: Readonly<Record<string, unknown>>;
}

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
            { metadata: { name: argocdNamespace } },
            { parent: this },
        );
        const webhook = this.webhookSecret(name, namespace);
        new kubernetes.helm.v3.Release(
            `${name}-release`,
            {
                name: "argocd",
                namespace: namespace.metadata.name,
                ...chartSource(args.chart.repository, "argo-cd"),
                version: args.chart.version,
                values: args.values,
                // Seconds until the pods must be ready.
                timeout: 600,
            },
            pulumi.mergeOptions(
                {
                    parent: this,
                    dependsOn: [webhook],
                    ignoreChanges: ["chart", "repositoryOpts", "values", "version"],
                },
                { dependsOn: opts?.dependsOn },
            ),
        );
        this.registerOutputs({});
    }

    /** What Git's webhooks must be signed with. Argo CD's values refer to it as `$argocd-webhook:github`. */
    private webhookSecret(name: string, namespace: kubernetes.core.v1.Namespace): kubernetes.core.v1.Secret {
        const password = new random.RandomPassword(`${name}-webhook`, { length: 40, special: false }, { parent: this });
        return new kubernetes.core.v1.Secret(
            `${name}-webhook`,
            {
                metadata: {
                    name: "argocd-webhook",
                    namespace: namespace.metadata.name,
                    // Argo CD reads only Secrets that carry this label.
                    labels: { "app.kubernetes.io/part-of": "argocd" },
                },
                stringData: { github: password.result },
            },
            { parent: this },
        );
    }
}
