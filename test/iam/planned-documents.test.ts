import assert from "node:assert/strict";

import type { PlannedResource } from "../../sandbox/plan/registration.ts";
import { firstPreviews, type StackName } from "../plan/stacks.ts";
import { addonDocuments } from "./planned/documents/addons.ts";
import { clusterDocuments } from "./planned/documents/cluster.ts";
import { hubIdentityDocuments, spokeAccessDocuments } from "./planned/documents/identity.ts";
import { networkDocuments } from "./planned/documents/network.ts";
import { registrationDocuments } from "./planned/documents/registration.ts";
import type { Documents, Stack } from "./planned/documents/stack.ts";
import { hubVaultDocuments, spokeVaultDocuments } from "./planned/documents/vault.ts";

const stacks: Readonly<Record<StackName, Stack>> = {
    hub: { name: "hub", account: "111111111111", cluster: "hub-01", environment: "hub" },
    dev: { name: "spoke", account: "222222222222", cluster: "dev-01", environment: "dev" },
    staging: { name: "spoke", account: "333333333333", cluster: "staging-01", environment: "staging" },
    prod: { name: "spoke", account: "444444444444", cluster: "prod-01", environment: "prod" },
};

/** Who may do what in a stack, in full, written down a second time. */
function expected(stack: Stack): Documents {
    return {
        ...networkDocuments(stack),
        ...clusterDocuments(stack),
        ...registrationDocuments(stack),
        ...(stack.name === "hub"
            ? { ...hubIdentityDocuments(stack), ...hubVaultDocuments() }
            : { ...spokeAccessDocuments(), ...spokeVaultDocuments(stack), ...addonDocuments(stack) }),
    };
}

/** Inputs with "policy" in their name that decide about no access. */
const harmless = ["aws:eks/cluster:Cluster upgradePolicy"];

describe("the planned policies", () => {
    for (const [name, stack] of Object.entries(stacks)) {
        it(`of ${name}, each and all, are exactly these`, async () => {
            const { resources } = (await firstPreviews())[name as StackName];
            const found = resources.flatMap(policies);
            const documents = expected(stack);
            const names = found.map(([policy]) => policy).toSorted();
            assert.deepEqual(
                names,
                Object.keys(documents).toSorted(),
                "add an assertion to test/iam/planned/documents",
            );
            for (const [policy, value] of found) assert.deepEqual(value, documents[policy], policy);
        });
    }

    it("leave no role of the fleet a session of more than an hour", async () => {
        for (const { resources } of Object.values(await firstPreviews())) {
            for (const { name, type, inputs } of resources) {
                if (type !== "aws:iam/role:Role") continue;
                // One hour is the default; a role that another account or a pod may assume says so itself.
                const assumed = /"(sts:TagSession)"/.test(String(inputs.assumeRolePolicy));
                assert.equal(inputs.maxSessionDuration, assumed ? 3600 : undefined, name);
            }
        }
    });
});

function policies({ type, name, inputs }: PlannedResource): [string, unknown][] {
    if (!/^(aws|vault):/.test(type)) return [];
    return Object.entries(inputs)
        .filter(([input]) => /polic|permissionsBoundary/i.test(input) && !harmless.includes(`${type} ${input}`))
        .map(([input, value]) => [`${name} ${input}`, parsed(value)]);
}

function parsed(value: unknown): unknown {
    return typeof value === "string" && value.startsWith("{") ? JSON.parse(value) : value;
}
