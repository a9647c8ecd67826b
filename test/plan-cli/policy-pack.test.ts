import assert from "node:assert/strict";
import path from "node:path";

import { PolicyPack } from "../../sandbox/plan/policy-pack.ts";
import { planReport } from "../../sandbox/plan/report.ts";
import { readStackFile, runStack } from "../../sandbox/plan/runner.ts";
import type { StackPlan } from "../../sandbox/plan/fleet-plan.ts";
import type { Verdicts } from "../../sandbox/plan/verdicts.ts";

const folder = (name: string) => path.join(import.meta.dirname, name);

describe("A policy pack in its analyzer process", () => {
    let pack: PolicyPack;
    let plan: StackPlan;
    let verdicts: Verdicts;

    before(async function () {
        this.timeout(60_000);
        const starting = PolicyPack.start(folder("pack"));
        const config = await readStackFile("hub");
        plan = { name: "hub", config, run: await runStack("hub", config, { preview: true }) };
        pack = await starting;
        verdicts = await pack.judge("hub", plan.run);
    });
    after(() => pack.stop());

    const violationsOf = (rule: string) => verdicts.violations.filter((violation) => violation.rule === rule);

    it("is named and listed as it describes itself, configured", () => {
        assert.equal(`${pack.name} ${pack.version}`, "sample 1.2.3");
        assert.deepEqual(
            pack.rules.map(({ name, level, severity }) => `${name} ${level} ${severity}`),
            [
                "takes-its-default advisory low",
                "level-from-config mandatory critical",
                "reads-an-unknown advisory null",
                "sees-options advisory null",
                "corrects remediate null",
                "off disabled null",
                "whole-stack advisory null",
            ],
        );
    });

    it("gets the defaults of its schemas, as from the engine", () => {
        assert.deepEqual(
            violationsOf("takes-its-default").map(({ message }) => message),
            ["hub-network-vpc from the schema"],
        );
    });

    it("fails the plan by a mandatory violation, and tells the rule's remediation", () => {
        const found = violationsOf("level-from-config");
        assert.deepEqual(
            found.map(({ level, resource, remediation }) => [level, resource?.name, remediation]),
            [
                ["mandatory", "hub-eks-log-key", "Set rotationPeriodInDays."],
                ["mandatory", "hub-eks-secrets-key", "Set rotationPeriodInDays."],
                ["mandatory", "hub-registration-key", "Set rotationPeriodInDays."],
            ],
        );
        assert.equal(planReport(pack, [{ ...plan, verdicts }]).ok, false);
        const advisory = verdicts.violations.filter(({ level }) => level === "advisory");
        assert.equal(planReport(pack, [{ ...plan, verdicts: { ...verdicts, violations: advisory } }]).ok, true);
    });

    it("is not told what is not known yet: that is an advisory, as from the engine", () => {
        const [violation, ...others] = violationsOf("reads-an-unknown");
        assert.equal(others.length, 0);
        assert.equal(violation?.level, "advisory");
        assert.match(violation.message, /^can't run policy .*value at \.vpcId can't be known during preview$/);
    });

    it("is told options and the provider", () => {
        const [violation] = violationsOf("sees-options");
        assert.equal(violation?.message, 'false pulumi:providers:aws hub-aws ["111111111111"]');
    });

    it("corrects inputs before they are judged", () => {
        assert.deepEqual(verdicts.remediated, [
            { rule: "corrects", type: "aws:kms/key:Key", name: "hub-eks-log-key" },
            { rule: "corrects", type: "aws:kms/key:Key", name: "hub-eks-secrets-key" },
            { rule: "corrects", type: "aws:kms/key:Key", name: "hub-registration-key" },
        ]);
        assert.deepEqual(violationsOf("corrects"), []);
    });

    it("sees the stack with its parents, outputs, and computed values as unknown", () => {
        const [violation] = violationsOf("whole-stack");
        assert.deepEqual(violation?.resource, { type: "aws:eks/cluster:Cluster", name: "hub-eks-cluster" });
        assert.equal(
            violation.message,
            "hub-01: fleet:cluster:EksCluster: string value at .arn can't be known during preview",
        );
    });

    it("counts what each rule judged, without what it is not about and without disabled rules", () => {
        assert.deepEqual(verdicts.evaluations, {
            "takes-its-default": 1,
            "level-from-config": 3,
            "reads-an-unknown": 1,
            "sees-options": 1,
            corrects: 3,
            "whole-stack": 1,
        });
    });

    it("says why, when it cannot be started", async function () {
        this.timeout(60_000);
        await assert.rejects(PolicyPack.start(folder("broken-pack")), /did not start.*\n.*this pack cannot be loaded/s);
    });
});
