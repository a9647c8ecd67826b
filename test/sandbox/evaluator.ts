import assert from "node:assert/strict";
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

            const allowing = await chainTests([
                "--import",
                path.join(repo, "test/sandbox/support/replace-evaluator.mjs"),
            ]);
            assert.deepEqual(broken(allowing.passed), []);
            assert.deepEqual(broken(allowing.failed).toSorted(), broken(real.passed).toSorted());
            // What is allowed with the real one is allowed all the same.
            const intact = (titles: string[]) => titles.filter((title) => !title.includes(" is broken ")).toSorted();
            assert.deepEqual(intact(allowing.passed), intact(real.passed));
        });
    });
}

async function chainTests(nodeOptions: string[]): Promise<{ passed: string[]; failed: string[] }> {
    const mocha = path.join(repo, "node_modules", "mocha", "lib", "cli", "cli.js");
    const words = ["--no-config", "--reporter", "json", CHAIN_TESTS];
    const { stdout } = await execa(process.execPath, ["--import", "tsx", ...nodeOptions, mocha, ...words], {
        cwd: repo,
        reject: false,
    });
    const report = JSON.parse(stdout.slice(stdout.indexOf("{"))) as Record<
        "passes" | "failures",
        { fullTitle: string }[]
    >;
    const titles = (list: { fullTitle: string }[]) => list.map(({ fullTitle }) => fullTitle);
    return { passed: titles(report.passes), failed: titles(report.failures) };
}
