import assert from "node:assert/strict";
import path from "node:path";

import { planFleet, type StackPlan } from "../../sandbox/plan/fleet-plan.ts";
import { stacksToPlan } from "../../sandbox/plan/command.ts";
import { policyConfig } from "../../sandbox/plan/policy-config.ts";
import { PolicyPack } from "../../sandbox/plan/policy-pack.ts";
import { planReport, type PlanReport } from "../../sandbox/plan/report.ts";
import { UNKNOWN } from "../../sandbox/engine/kit/types.ts";
import { firstPreviews, stackNames } from "../plan/stacks.ts";

const repo = path.resolve(import.meta.dirname, "../..");
/** Rules about types that no committed stack has: ApplicationSets, users, workloads, security groups, … */
const notOfOurs = [
    "appset-generation",
    "target-role-external-id",
    "iam-no-users-no-keys",
    "cluster-secret-contract",
    "k8s-image-not-latest",
    "sg-described",
    "sg-no-rule-conflict",
    "sg-no-world-ingress",
];
const roleType = "aws:iam/role:Role";

describe("The plan of the committed stacks", () => {
    let pack: PolicyPack;
    let plans: StackPlan[];
    let report: PlanReport;

    before(async function () {
        this.timeout(60_000);
        const starting = PolicyPack.start(path.join(repo, "policy-pack"));
        const planned = await planFleet(await stacksToPlan(repo, undefined));
        pack = await starting;
        assert.deepEqual(planned.failures, []);
        plans = planned.plans;
        report = await reportOf(plans);
    });
    after(() => pack.stop());

    async function reportOf(judged: readonly StackPlan[]): Promise<PlanReport> {
        const stacks = [];
        for (const plan of judged) {
            await pack.configure(await policyConfig(repo, plan.config));
            stacks.push({ ...plan, verdicts: await pack.judge(plan.name, plan.run) });
        }
        return planReport(pack, stacks);
    }

    function planOf(name: string): StackPlan {
        const found = plans.find((plan) => plan.name === name);
        assert.ok(found, name);
        return found;
    }

    /** Replaces one input of the spoke's access role. */
    function trust(plan: StackPlan, assumeRolePolicy: unknown): StackPlan {
        const resources = plan.run.resources.map((resource) =>
            resource.type === roleType && resource.name === "spoke-hub-access-role"
                ? { ...resource, inputs: { ...resource.inputs, assumeRolePolicy } }
                : resource,
        );
        assert.notDeepEqual(resources, plan.run.resources);
        return { ...plan, run: { ...plan.run, resources } };
    }

    it("counts what the programs register, type by type, hub first", async () => {
        const previews = await firstPreviews();
        assert.deepEqual(
            report.stacks.map(({ name, creates }) => [name, countByType(creates)]),
            stackNames.map((name) => {
                const { resources } = previews[name];
                const created = resources.filter(({ type, read }) => type !== "pulumi:pulumi:Stack" && !read);
                return [name, countByType(created)];
            }),
        );
    });

    it("names the component of every resource, and says which stack is read", () => {
        const dev = report.stacks.find(({ name }) => name === "dev");
        assert.deepEqual(dev?.reads, ["organization/fleet/hub"]);
        const role = dev.creates.find(({ name }) => name === "spoke-hub-access-role");
        assert.deepEqual(role, {
            type: roleType,
            name: "spoke-hub-access-role",
            parent: "spoke-hub-access",
            kind: "resource",
        });
        const top = dev.creates.filter(({ parent }) => parent === null);
        assert.deepEqual(top, [{ type: "fleet:stack:Spoke", name: "spoke", parent: null, kind: "component" }]);
    });

    it("gives a spoke the outputs its hub will have, and marks what only a deployment tells", () => {
        const cluster = planOf("dev").run.resources.find(({ type }) => type === "aws:eks/cluster:Cluster");
        assert.ok(cluster);
        const { publicAccessCidrs } = cluster.inputs["vpcConfig"] as { publicAccessCidrs: unknown[] };
        assert.equal(publicAccessCidrs.length, 5, "the office, the hub's three NAT addresses, and Vault's");
        assert.ok(!publicAccessCidrs.includes(UNKNOWN));

        const outputs = report.stacks.find(({ name }) => name === "dev")?.outputs;
        assert.deepEqual(outputs?.["clusterName"], { known: true, value: "dev-01" });
        assert.deepEqual(outputs?.["vpcId"], { known: false });
    });

    it("has every rule judge something, but for those about what no stack has, and no violation", () => {
        const { stacks, policyPack, ok } = report;
        assert.equal(ok, true);
        assert.deepEqual(
            stacks.flatMap(({ policies }) => policies.violations),
            [],
        );
        const judged = new Set(
            stacks.flatMap(({ policies }) =>
                Object.entries(policies.evaluations).flatMap(([rule, n]) => (n > 0 ? rule : [])),
            ),
        );
        const idle = (policyPack?.rules ?? []).map(({ name }) => name).filter((name) => !judged.has(name));
        assert.deepEqual(idle, notOfOurs);
        // One cluster and one access role in a spoke.
        const prod = stacks.find(({ name }) => name === "prod")?.policies.evaluations;
        assert.equal(prod?.["eks-endpoint-restricted"], 1);
        assert.equal(prod["spoke-trust-exact-hub"], 1);
    });

    it("shows a spoke that trusts everybody, with the way to fix it", async () => {
        const document = { Statement: [{ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }] };
        const { stacks, ok } = await reportOf([trust(planOf("dev"), JSON.stringify(document))]);
        assert.equal(ok, false);
        const violations = stacks.flatMap(({ policies }) => policies.violations);
        const first = violations.find(({ rule }) => rule === "spoke-trust-exact-hub");
        assert.equal(first?.rule, "spoke-trust-exact-hub");
        assert.equal(first.level, "mandatory");
        assert.equal(first.severity, "critical");
        assert.deepEqual(first.resource, { type: roleType, name: "spoke-hub-access-role" });
        assert.equal(first.message, "spoke-hub-access-role: statement 0 trusts *.");
        assert.equal(first.remediation, "trust arn:aws:iam::111111111111:role/fleet/hub-01-argocd and nobody else.");
    });

    it("hands unknown values over as such", async () => {
        const { stacks } = await reportOf([trust(planOf("prod"), UNKNOWN)]);
        const [violation] = stacks.flatMap(({ policies }) => policies.violations);
        assert.match(violation?.message ?? "", /assumeRolePolicy is not known yet/);
    });
});

function countByType(resources: readonly { type: string }[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { type } of resources) {
        counts[type] = (counts[type] ?? 0) + 1;
    }
    return counts;
}
