import assert from "node:assert/strict";

import { loadConfig } from "../../../config/load.ts";
import { ConfigError } from "../../../config/problems.ts";
import type { HubConfig, SpokeConfig } from "../../../config/schema/index.ts";

/** A tree of configuration that a test changes. */
export type Tree = { [key: string]: any };

/** The least a hub needs. */
export function hub(): Tree {
    return {
        ...both(),
        role: "hub",
        environment: "hub",
        spokeAccounts: ["222222222222"],
        argocd: { chart: { version: "10.9.0" } },
    };
}

/** The least a spoke needs. */
export function spoke(): Tree {
    return { ...both(), role: "spoke", environment: "dev", hub: { stack: "organization/fleet/hub" } };
}

function both(): Tree {
    return {
        owner: "platform-team",
        tenant: "platform",
        account: { id: "111111111111" },
        region: "eu-west-1",
        network: { cidr: "10.0.0.0/16", availabilityZones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] },
        cluster: {
            name: "c-01",
            kubernetesVersion: "1.35",
            endpoint: { public: true, publicCidrs: ["203.0.113.0/24"] },
            compute: {
                nodeGroups: { general: { instanceTypes: ["m7g.large"], minSize: 1, desiredSize: 2, maxSize: 3 } },
            },
        },
        git: { url: "https://github.com/example-org/gitops-fleet.git", revision: "main" },
    };
}

/** The configuration of a stack that makes its cluster. */
export function loadOwn(stack: string, raw: Tree): HubConfig | SpokeConfig {
    const config = loadConfig(stack, raw);
    assert.ok(!("kubeconfig" in config));
    return config;
}

/** Every problem of a configuration, as the message's lines show them. Fails when there is none. */
export function problems(raw: Tree, secretKeys?: ReadonlySet<string>): string[] {
    try {
        loadConfig("dev", raw, undefined, secretKeys);
    } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
        const [first, ...lines] = error.message.split("\n");
        const count = lines.length === 1 ? "1 problem" : `${lines.length} problems`;
        assert.equal(first, `Pulumi.dev.yaml has ${count}; nothing was created.`);
        return lines.map((line) => line.trim());
    }
    throw new Error("the configuration was accepted");
}

/** The only problem of the spoke after `change`. */
export function problemOf(change: (raw: Tree) => void, raw: Tree = spoke(), secretKeys?: ReadonlySet<string>): string {
    change(raw);
    const lines = problems(raw, secretKeys);
    assert.equal(lines.length, 1, lines.join("\n"));
    return lines[0] ?? "";
}
