import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { evaluate } from "../../sandbox/aws-twin/iam/evaluate.ts";
import { generateCases, toRequest } from "./cases.ts";
import { verdictOf } from "./verdict.ts";

interface Golden {
    seed: number;
    count: number;
    /** One letter for each case, as an independent evaluator decided it: see cross-check.ts. */
    verdicts: string;
}

describe("the evaluator against an independent one", () => {
    it("decides every generated request as @cloud-copilot/iam-simulate did", async () => {
        const file = path.join(import.meta.dirname, "cross-check.golden.json");
        const { seed, count, verdicts }: Golden = JSON.parse(await readFile(file, "utf8"));
        assert.ok(count >= 500 && verdicts.length === count);
        for (const each of generateCases(seed, count)) {
            const theirs = verdicts[each.id];
            assert.equal(verdictOf(evaluate(toRequest(each))), theirs, `case ${each.id}: ${JSON.stringify(each)}`);
        }
    });

    it("meets enough of each verdict to mean something", async () => {
        const file = path.join(import.meta.dirname, "cross-check.golden.json");
        const { verdicts }: Golden = JSON.parse(await readFile(file, "utf8"));
        for (const letter of ["A", "D", "-"]) {
            assert.ok(verdicts.split(letter).length - 1 > verdicts.length / 10, letter);
        }
    });
});
