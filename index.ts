import * as pulumi from "@pulumi/pulumi";

import { ExistingSpoke } from "./components/existing-spoke.ts";
import { Hub } from "./components/hub.ts";
import { Spoke } from "./components/spoke.ts";
import { argocdInstall } from "./config/argocd-install.ts";
import { requireKubernetesMove } from "./config/kubernetes-move.ts";
import { readLastOutputs } from "./config/last-outputs.ts";
import { loadConfig } from "./config/load.ts";
import { readNeighbours } from "./config/other-stacks.ts";
import { requireHubAgrees } from "./config/hub-identity.ts";
import { requireHubReaches } from "./config/hub-reach.ts";
import { readSecretKeys, readStackConfig } from "./config/read.ts";
import { FleetStack } from "./contract/fleet-stack.ts";
import { readHubNetwork } from "./contract/hub-network.ts";
import type { ExistingSpokeOutputs, HubOutputs, SpokeOutputs } from "./contract/stack-outputs.ts";

/** The program of every stack. `fleet:role` decides what it builds; what it returns are the stack's outputs. */
export default async function fleet(): Promise<{
    [Name in keyof (HubOutputs | SpokeOutputs | ExistingSpokeOutputs)]: pulumi.Input<unknown>;
}> {
    const stack = pulumi.getStack();
    const config = loadConfig(stack, readStackConfig(), readNeighbours(stack), readSecretKeys());

    if (!("kubeconfig" in config)) {
        requireKubernetesMove(stack, config, await readLastOutputs());
    }

    if (config.role === "hub") {
        const { repositories } = config.argocd;
        return new Hub("hub", { ...config, stack, argocd: argocdInstall(stack, config), repositories }).outputs;
    }

    const hub = new FleetStack(config.hub.stack);
    if ("kubeconfig" in config) {
        return new ExistingSpoke("spoke", {
            ...config,
            kubeconfig: pulumi.secret(config.kubeconfig),
            hub: {
                clusterName: hub.output("clusterName"),
                vaultRegistrationsMount: hub.output("vaultRegistrationsMount"),
            },
        }).outputs;
    }
    const hubNetwork = await readHubNetwork(hub);
    requireHubReaches(stack, config, hubNetwork);
    requireHubAgrees(stack, config, {
        iamPath: await hub.value("iamPath"),
        vaultTenants: await hub.value("vaultTenants"),
    });
    return new Spoke("spoke", {
        ...config,
        stack,
        hubNetwork,
        chartRegistryUrl: await hub.valueIfAny("chartRegistryUrl"),
        hub: {
            clusterName: hub.output("clusterName"),
            clusterArn: hub.output("clusterArn"),
            access: config.hub.access,
            argocdInstall: hub.output("argocdInstall"),
            argocdRoleArn: hub.output("argocdRoleArn"),
            externalSecretsRoleArn: hub.output("externalSecretsRoleArn"),
        },
    }).outputs;
}
