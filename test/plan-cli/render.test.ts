import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";

import { wantsColor } from "../../sandbox/plan/color.ts";
import { renderPlan } from "../../sandbox/plan/render.ts";
import { planReportSchema, type PlanReport } from "../../sandbox/plan/report.ts";

const plain = { color: false, width: 80 };

/** A stack with a component that holds two alike, and one resource outside of any. */
const report: PlanReport = planReportSchema.parse({
    version: 1,
    ok: false,
    errors: [],
    policyPack: {
        name: "fleet",
        version: "0.1.0",
        rules: [
            { name: "closed", description: "Close it.", level: "mandatory", severity: "high" },
            { name: "unused", description: "Not run.", level: "disabled", severity: null },
        ],
    },
    stacks: [
        {
            name: "dev",
            role: "spoke",
            clusterName: "dev-01",
            environment: "dev",
            accountId: "222222222222",
            region: "eu-west-1",
            reads: ["organization/fleet/hub"],
            creates: [
                { type: "aws:ec2/vpc:Vpc", name: "loose", parent: null, kind: "resource" },
                { type: "fleet:a:Outer", name: "outer", parent: null, kind: "component" },
                { type: "pulumi:providers:aws", name: "aws", parent: "outer", kind: "provider" },
                { type: "fleet:a:Inner", name: "one", parent: "outer", kind: "component" },
                { type: "fleet:a:Inner", name: "two", parent: "outer", kind: "component" },
                { type: "aws:iam/role:Role", name: "one-role", parent: "one", kind: "resource" },
                { type: "aws:iam/role:Role", name: "two-role", parent: "two", kind: "resource" },
                { type: "vault:index/mount:Mount", name: "two-mount", parent: "two", kind: "resource" },
            ],
            outputs: {
                clusterName: { known: true, value: "dev-01" },
                natPublicIps: { known: false },
                spokes: { known: true, value: ["a", "b"] },
            },
            policies: {
                evaluations: { closed: 3 },
                violations: [
                    {
                        rule: "closed",
                        level: "mandatory",
                        severity: "high",
                        resource: { type: "aws:ec2/vpc:Vpc", name: "loose" },
                        message: "loose: is open.",
                        remediation: "close it.",
                    },
                ],
                remediated: [{ rule: "tidy", type: "aws:iam/role:Role", name: "one-role" }],
            },
        },
    ],
});

describe("The plan as text", () => {
    it("nests resources under components, alike ones together", () => {
        assert.equal(
            renderPlan(report, plain),
            `dev  role spoke, cluster dev-01, account 222222222222, eu-west-1
${"─".repeat(80)}
  Would create 4 resources, 1 provider, 3 components

  (no component)  ec2.Vpc
  Outer           aws provider
  └─ Inner ×2     iam.Role ×2, vault.Mount

  Outputs; reads those of organization/fleet/hub
    clusterName   dev-01
    natPublicIps  known after deployment
    spokes        a, b

  Policies  1 rule, 3 evaluations, 1 violation
    corrected by tidy: one-role (iam.Role)

    ✖ mandatory  closed  high
      loose (ec2.Vpc)
      is open.
      Fix: close it.

Policy pack fleet 0.1.0: evaluations of each rule
  RULE    SEVERITY  LEVEL      dev
  closed  high      mandatory    3
  unused  -         disabled     -

1 stack, 8 to create, 1 mandatory violation. Nothing was created.`,
        );
    });

    it("says the same in colour", () => {
        const coloured = renderPlan(report, { ...plain, color: true });
        assert.notEqual(coloured, renderPlan(report, plain));
        assert.equal(stripVTControlCharacters(coloured), renderPlan(report, plain));
    });

    it("sums the evaluations up when there are more stacks than fit", () => {
        const stacks = Array.from({ length: 12 }, (_, index) => ({ ...report.stacks[0]!, name: `stack-${index}` }));
        const text = renderPlan({ ...report, stacks }, plain);
        assert.match(text, /RULE {4}SEVERITY {2}LEVEL {6}all\n {2}closed {2}high {6}mandatory {3}36\n/);
    });
});

describe("Colours", () => {
    const terminal = { isTTY: true, hasColors: () => true };

    it("are for terminals that can show them", () => {
        assert.equal(wantsColor(terminal, {}), true);
        assert.equal(wantsColor({ isTTY: true, hasColors: () => false }, {}), false);
        assert.equal(wantsColor({}, {}), false);
    });

    it("can be forced and refused", () => {
        assert.equal(wantsColor({}, { FORCE_COLOR: "1" }), true);
        assert.equal(wantsColor(terminal, { FORCE_COLOR: "0" }), false);
        assert.equal(wantsColor(terminal, { NO_COLOR: "1" }), false);
    });
});
