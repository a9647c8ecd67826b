import assert from "node:assert/strict";

import { loadConfig } from "../../../config/load.ts";
import { otherStack, type Neighbours } from "../../../config/other-stacks.ts";
import { ConfigError, type Problem } from "../../../config/problems.ts";
import fleet from "../../../index.ts";
import { plannedAnswers } from "../../../sandbox/plan/computed.ts";
import { runProgram } from "../../../sandbox/plan/program.ts";
import { Dice } from "../../harness/dice.ts";
import type { Tree } from "./fixture.ts";
import { asPulumiHandsItOver, cases, othersOf, stacks, type Case } from "./support/cases.ts";
import { objections } from "./support/oracle.ts";
import { sealed } from "./support/sealed.ts";
import { validators } from "./support/validators.ts";

const seed = 20_261_121;

const others = new Map(stacks.map((stack): [string, Record<string, Tree>] => [stack, othersOf(stack)]));
const neighbours = new Map(
    [...others].map(([stack, configs]): [string, Neighbours] => [
        stack,
        {
            project: "fleet",
            stack,
            stacks: Object.entries(configs).flatMap(([name, config]) => otherStack(name, { config })),
        },
    ]),
);

/** The problems of a configuration; none when it is accepted. Throws what is not a refusal. */
function problemsOf({ stack, config, secretKeys }: Case): readonly Problem[] {
    try {
        loadConfig(stack, config, neighbours.get(stack), secretKeys);
        return [];
    } catch (error) {
        if (error instanceof ConfigError) {
            const [, ...lines] = error.message.split("\n");
            assert.equal(lines.length, error.problems.length, error.message);
            for (const line of lines) {
                assert.match(line, /^ {2}E-[A-Z0-9]+-\d{3} fleet(:.+?)?: .+/);
                assert.ok(line.length < 1_500, line);
            }
            return error.problems;
        }
        throw error;
    }
}

/** How the program answers a configuration. */
interface Answer {
    problems: readonly Problem[];
    /** What is wrong with that; undefined when nothing is. */
    fault?: string;
}

function answer(each: Case): Answer {
    try {
        const problems = problemsOf(each);
        const [wrong] = problems.length === 0 ? objections(sealed(each), others.get(each.stack) ?? {}, each.stack) : [];
        return { problems, ...(wrong !== undefined && { fault: `accepted, although ${wrong}` }) };
    } catch (error) {
        const text = error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error);
        return { problems: [], fault: `fell over: ${text}` };
    }
}

describe("config: fuzz", function () {
    this.timeout(120_000);
    let refusals: [Case, readonly Problem[]][] = [];

    it("takes each of more than 5,000 changed stack files, or refuses it with codes and nothing else", () => {
        const changed = cases(new Dice(seed), (each) => problemsOf(each).length === 0);
        const answers = changed.map((each): [Case, Answer] => [each, answer(each)]);
        for (const [{ stack, config }, { fault }] of answers) {
            assert.equal(fault, undefined, `${stack}: ${JSON.stringify(config)}`);
        }
        refusals = answers.flatMap(([each, { problems }]) => (problems.length > 0 ? [[each, problems]] : []));
        const accepted = answers.length - refusals.length;
        assert.ok(answers.length > 5_000, `${answers.length} changed files`);
        assert.ok(accepted > 300 && refusals.length > 3_000, `${accepted} accepted, ${refusals.length} refused`);
    });

    it("has registered nothing when it refuses", async () => {
        // One for each set of codes: running a program takes longer than refusing its configuration.
        const codesOf = (problems: readonly Problem[]) => [...new Set(problems.map(({ code }) => code))].toSorted();
        const kinds = new Map(refusals.map(([each, problems]) => [codesOf(problems).join(), each]));
        for (const [codes, { stack, config, secretKeys }] of kinds) {
            let refused: unknown;
            const refusal = async () => {
                await fleet().catch((error: unknown) => (refused = error));
            };
            const { resources } = await runProgram(refusal, {
                stack,
                config: asPulumiHandsItOver(config),
                secretKeys: [...secretKeys].map((key) => `fleet:${key}`),
                answers: plannedAnswers({ accountId: "", region: "" }, {}),
            });
            const about = JSON.stringify({ stack, config });
            assert.ok(refused instanceof ConfigError, about);
            // The real files beside it may bring a problem more than those of this test.
            const given = codesOf(refused.problems);
            assert.deepEqual(
                codes.split(",").filter((code) => !given.includes(code)),
                [],
                about,
            );
            assert.deepEqual(
                resources.map(({ type }) => type),
                ["pulumi:pulumi:Stack"],
                about,
            );
        }
    });

    describe("would fail without", () => {
        const all = validators();
        const refusedBy = new Map(all.map(({ name }) => [name, new Set<Case>()]));

        before(() => {
            let current: Case | undefined;
            for (const { name, watch } of all) {
                watch(() => current !== undefined && refusedBy.get(name)?.add(current));
            }
            for (const [each] of refusals) {
                current = each;
                problemsOf(each);
            }
            for (const { restore } of all) {
                restore();
            }
        });

        for (const { name, disable, restore } of all) {
            it(name, () => {
                disable();
                try {
                    const noticed = [...(refusedBy.get(name) ?? [])].some((each) => answer(each).fault !== undefined);
                    assert.ok(noticed, `it refused ${refusedBy.get(name)?.size} cases, and nobody missed it`);
                } finally {
                    restore();
                }
            });
        }
    });
});
