import assert from "node:assert/strict";

import type { PlannedResource } from "../../sandbox/plan/registration.ts";
import { committedStacks, stackNames, type StackName } from "./stacks.ts";

/** Everything a resource needs, directly or not: by dependency, and by the provider that manages it. */
function needs(resources: readonly PlannedResource[], from: PlannedResource): Set<string> {
    const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    const reached = new Set<string>();
    const queue = [from];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        for (const urn of [...next.dependencies, next.provider]) {
            const needed = byUrn.get(urn);
            if (needed !== undefined && !reached.has(urn)) {
                reached.add(urn);
                queue.push(needed);
            }
        }
    }
    return reached;
}

/** What is deleted, and what must still be there by then. */
async function goesBefore(stack: StackName, first: string, second: string): Promise<void> {
    const { resources } = (await committedStacks())[stack];
    const find = (pattern: string) => resources.filter(({ type, name }) => `${type} ${name}`.match(pattern));
    const [later, earlier] = [find(second), find(first)];
    assert.ok(earlier.length > 0 && later.length > 0, `${first} or ${second} is not in ${stack}`);
    for (const resource of earlier) {
        const needed = needs(resources, resource);
        for (const other of later) {
            assert.ok(needed.has(other.urn), `${stack}: ${resource.name} may be deleted after ${other.name}`);
        }
    }
}

/** Principals of a policy document that this stack itself makes. */
function ownPrincipals(document: unknown, roleUrns: ReadonlyMap<string, string>): string[] {
    const { Statement } = JSON.parse(String(document)) as { Statement: { Principal?: { AWS?: string | string[] } }[] };
    const arns = Statement.flatMap(({ Principal }) => [Principal?.AWS ?? []].flat());
    return arns.map((arn) => roleUrns.get(arn)).filter((urn) => urn !== undefined);
}

describe("plan: order of an up", function () {
    this.timeout(60_000);
    it("makes every role before the policies that name it as principal", async () => {
        let checked = 0;
        for (const { resources, outputs } of Object.values(await committedStacks())) {
            const roles = resources.filter(({ type }) => type === "aws:iam/role:Role");
            const urns = new Map(
                roles.map(({ urn, inputs }) => [
                    `arn:aws:iam::${String(outputs.accountId)}:role${String(inputs.path)}${String(inputs.name)}`,
                    urn,
                ]),
            );
            for (const resource of resources.filter(({ inputs }) => typeof inputs.policy === "string")) {
                if (!resource.type.startsWith("aws:")) {
                    continue;
                }
                for (const role of ownPrincipals(resource.inputs.policy, urns)) {
                    checked++;
                    assert.ok(needs(resources, resource).has(role), `${resource.name} may come before ${role}`);
                }
            }
        }
        // Each cluster's key names its control plane; the hub's own registration names External Secrets twice.
        assert.equal(checked, 4 + 2);
    });
});

describe("plan: order of a destroy", function () {
    this.timeout(60_000);
    it("takes the root Application before Argo CD, Argo CD before its nodes", async () => {
        await goesBefore("hub", ":Application ", ":AppProject ");
        await goesBefore("hub", ":AppProject ", ":Release ");
        await goesBefore("hub", ":Release ", ":NodeGroup .*-nodes");
        await goesBefore("hub", ":Release ", ":Addon .*-coredns");
        await goesBefore("hub", ":Release ", ":PodIdentityAssociation .*argocd");
    });

    for (const stack of stackNames) {
        it(`${stack}: takes nodes before cluster, cluster before network`, async () => {
            await goesBefore(stack, "eks/nodeGroup:", "eks/cluster:");
            await goesBefore(stack, "eks/nodeGroup:", "ec2/natGateway:");
            await goesBefore(stack, "eks/nodeGroup:", "ec2/route:");
            await goesBefore(stack, "eks/nodeGroup:", "AmazonEKS_CNI_Policy");
            await goesBefore(stack, "eks/cluster:", "ec2/vpc:");
            await goesBefore(stack, "eks/cluster:", "ec2/subnet:.*private");
            await goesBefore(stack, "eks/cluster:", "AmazonEKSClusterPolicy");
            await goesBefore(stack, "eks/cluster:", ":LogGroup .*-eks-logs");
        });
    }

    it("lets the deployer in until everything in Kubernetes is gone", async () => {
        for (const what of [":Application ", ":AppProject ", ":Release ", "core/v1:Secret ", "core/v1:Namespace "]) {
            await goesBefore("hub", what, ":AccessPolicyAssociation .*-deployer");
        }
    });

    it("withdraws a spoke's registration before the hub's access", async () => {
        for (const stack of ["dev", "staging", "prod"] as const) {
            await goesBefore(stack, ":SecretVersion ", ":AccessPolicyAssociation .*hub-access");
        }
    });
});
