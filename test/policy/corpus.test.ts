import assert from "node:assert/strict";

import { rules } from "../../policy-pack/rules.ts";
import { policyConfig } from "../../sandbox/plan/policy-config.ts";
import { readStackFile } from "../../sandbox/plan/runner.ts";
import { firstPreviews, stackNames, type StackName } from "../plan/stacks.ts";
import { repo, sharedPack, type Pack } from "./support/analyzer.ts";
import { defects } from "./support/defects.ts";
import { planted, type Defect } from "./support/planted.ts";

/** The pack as it judges a committed stack. */
async function packFor(stack: StackName, more: object = {}): Promise<Pack> {
    return sharedPack({ ...(await policyConfig(repo, await readStackFile(stack))), ...more });
}

/** Whether the expected rule sees a defect at the first preview. */
async function catches(pack: Pack, defect: Defect): Promise<boolean> {
    const previews = await firstPreviews();
    const { run, changed } = planted(previews[defect.stack], defect);
    const found: string[] = [];
    for (const resource of changed) {
        found.push(...(await pack.planned(resource, run)).findings.map(({ rule }) => rule));
    }
    if (!found.includes(defect.rule)) {
        found.push(...(await pack.plannedStack(run)).findings.map(({ rule }) => rule));
    }
    return found.includes(defect.rule);
}

describe("policy: the committed stacks at their first preview", function () {
    this.timeout(120_000);

    it("have no violation and nothing undecided; every rule's evaluations are counted", async () => {
        const previews = await firstPreviews();
        const counts = new Map(rules.map(({ name }) => [name, 0]));
        const findings: string[] = [];
        for (const stack of stackNames) {
            const pack = await packFor(stack);
            const run = previews[stack];
            const resources = run.resources.filter(({ read }) => !read);
            const answers = await Promise.all([
                pack.plannedStack(run),
                ...resources.map((resource) => pack.planned(resource, run)),
            ]);
            for (const rule of answers.flatMap(({ judged }) => judged)) {
                counts.set(rule, (counts.get(rule) ?? 0) + 1);
            }
            findings.push(
                ...answers.flatMap((answer) =>
                    answer.findings.map(({ rule, message }) => `${stack} ${rule} ${message}`),
                ),
            );
        }
        const undecided = findings.filter(
            (each) => each.includes("not known yet") || each.includes("can't run policy"),
        );
        console.log(`      false positives ${findings.length - undecided.length}, undecided ${undecided.length}`);
        console.log(`      evaluations ${[...counts].map(([rule, n]) => `${rule} ${n}`).join(", ")}`);
        assert.deepEqual(findings, []);
    });

    it("show every planted defect to the rule that is for it", async () => {
        const missed: string[] = [];
        for (const stack of ["hub", "prod"] as const) {
            const pack = await packFor(stack);
            const own = defects.filter((each) => each.stack === stack);
            const caught = await Promise.all(own.map((defect) => catches(pack, defect)));
            missed.push(
                ...own.flatMap(({ rule, title }, index) => (caught[index] === true ? [] : `${rule}: ${title}`)),
            );
        }
        console.log(`      mutants caught ${defects.length - missed.length} / ${defects.length}`);
        assert.deepEqual(missed, []);
        assert.ok(defects.length >= 80);
        const rulesWithout = rules.map(({ name }) => name).filter((name) => !defects.some(({ rule }) => rule === name));
        // What they are about is in no committed stack, so nothing can be planted there; rules.test.ts has their cases.
        assert.deepEqual(rulesWithout, ["sg-described", "sg-no-rule-conflict"]);
    });

    it("hide a defect when its rule is disabled", async () => {
        const pack = await packFor("prod", Object.fromEntries(rules.map(({ name }) => [name, "disabled"])));
        const own = defects.filter(({ stack }) => stack === "prod");
        const seen = await Promise.all(own.map((defect) => catches(pack, defect)));
        assert.deepEqual(
            own.flatMap(({ title }, index) => (seen[index] === true ? title : [])),
            [],
        );
    });
});
