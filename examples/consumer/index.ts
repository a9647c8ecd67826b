import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { FleetStack } from "../../contract/index.ts";
import { eksKubeconfig } from "./eks-kubeconfig.ts";

/** The team's namespace. The platform team makes it, and lets the team's role edit what is in it. */
const namespace = "storefront";

/** What the storefront team runs on one cluster of the fleet: which one, the stack's configuration says. */
export default function storefront() {
    const config = new pulumi.Config();
    const fleet = new FleetStack(config.require("fleetStack"));
    const clusterName = fleet.output("clusterName");

    const cluster = new kubernetes.Provider("cluster", {
        kubeconfig: eksKubeconfig({
            clusterName,
            region: fleet.output("region"),
            endpoint: fleet.output("clusterEndpoint"),
            caData: fleet.output("clusterCaData"),
            roleArn: config.require("roleArn"),
        }),
        // Another kubeconfig is the same cluster as long as this is the same ARN: nothing gets replaced.
        clusterIdentifier: fleet.output("clusterArn"),
    });

    const settings = new kubernetes.core.v1.ConfigMap(
        "settings",
        {
            metadata: { name: "storefront", namespace },
            data: { cluster: clusterName, environment: fleet.output("environment") },
        },
        { provider: cluster },
    );
    const labels = { app: "storefront" };
    const web = new kubernetes.apps.v1.Deployment(
        "web",
        {
            metadata: { name: "storefront", namespace },
            spec: {
                replicas: 1,
                selector: { matchLabels: labels },
                template: {
                    metadata: { labels },
                    spec: {
                        containers: [
                            {
                                name: "web",
                                image: "ghcr.io/stefanprodan/podinfo:6.9.2",
                                envFrom: [{ configMapRef: { name: settings.metadata.name } }],
                            },
                        ],
                    },
                },
            },
        },
        { provider: cluster },
    );
    return { cluster: clusterName, deployment: web.metadata.name };
}
