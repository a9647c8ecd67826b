import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { repo } from "./support/fleet.ts";

/** The tests of the chain's hops at the level of the endpoints. */
const CHAIN_TESTS = "test/iam/chain.test.ts";

export function evaluatorTests(): void {
    describe("with an evaluator that allows everything", () => {
        it("every hop that a test takes away is passed, and the test fails", async () => {
            const broken = (titles: string[]) => titles.filter((title) => title.includes(" is broken "));
            const real = await chainTests([]);
            assert.deepEqual(real.failed, []);
            assert.ok(broken(real.passed).length >= 30, `${broken(real.passed).length} mutants`);

            const allowing = await chainTests([path.join(repo, "test/sandbox/support/replace-evaluator.mjs")]);
            assert.deepEqual(broken(allowing.passed), []);
            assert.deepEqual(broken(allowing.failed).toSorted(), broken(real.passed).toSorted());
            // What is allowed with the real one is allowed all the same.
            const intact = (titles: string[]) => titles.filter((title) => !title.includes(" is broken ")).toSorted();
            assert.deepEqual(intact(allowing.passed), intact(real.passed));
        });
    });
}

/** Titles of the chain's tests that pass and that fail, with more modules loaded before them. */
async function chainTests(preloaded: string[]): Promise<{ passed: string[]; failed: string[] }> {
    const mocha = path.join(repo, "node_modules", "mocha", "bin", "mocha.js");
    const options = ["tsx", ...preloaded].flatMap((module) => ["--node-option", `import=${module}`]);
    const folder = await mkdtemp(path.join(tmpdir(), "fleet-evaluator-"));
    try {
        // By file: mocha ends before a pipe has taken the whole report.
        const file = path.join(folder, "report.json");
        const reporter = ["--reporter", "json", "--reporter-option", `output=${file}`];
        const words = [mocha, "--no-config", ...options, ...reporter, CHAIN_TESTS];
        await execa(process.execPath, words, { cwd: repo, reject: false });
        const report = JSON.parse(await readFile(file, "utf8")) as Record<
            "passes" | "failures",
            { fullTitle: string }[]
        >;
        const titles = (list: { fullTitle: string }[]) => list.map(({ fullTitle }) => fullTitle);
        return { passed: titles(report.passes), failed: titles(report.failures) };
    } finally {
        await rm(folder, { recursive: true });
    }
}
