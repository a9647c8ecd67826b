import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

import { loadConfig } from "../../../config/load.ts";
import { otherStack, type Neighbours } from "../../../config/other-stacks.ts";
import { structured } from "../../../config/read.ts";
import { ConfigError, type Problem } from "../../../config/problems.ts";
import { codesInSources } from "../../../docs/generate/messages.ts";
import fleet from "../../../index.ts";
import { plannedAnswers } from "../../../sandbox/plan/computed.ts";
import { runProgram } from "../../../sandbox/plan/program.ts";
import { Dice } from "../../harness/dice.ts";
import type { Tree } from "./fixture.ts";
import { completed } from "./support/complete.ts";
import { mutate, sweep } from "./support/mutate.ts";
import { objections } from "./support/oracle.ts";
import { crossValidator, fieldValidators } from "./support/validators.ts";

const stacks = ["hub", "dev", "staging", "prod"] as const;
const seed = 20_261_121;
/** Random changes of each stack. */
const random = 700;

interface Case {
    stack: string;
    config: Tree;
}

const files = Object.fromEntries(
    stacks.map((stack) => {
        const file = new URL(`../../../Pulumi.${stack}.yaml`, import.meta.url);
        const { config } = parse(readFileSync(file, "utf8")) as { config: Tree };
        return [stack, Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(6), value])) as Tree];
    }),
);

/** Values of the stack's own keys become text, lists and maps JSON. */
function asPulumiHandsItOver(config: Tree): Record<string, string> {
    return Object.fromEntries(
        Object.entries(config).map(([key, value]) => [
            `fleet:${key}`,
            typeof value === "string" ? value : JSON.stringify(value),
        ]),
    );
}

/** So a number that is a stack's own key is text to the program. */
function asProgramReadsIt(config: Tree): Tree {
    const handedOver = Object.entries(asPulumiHandsItOver(config));
    return Object.fromEntries(handedOver.map(([key, value]) => [key.slice(6), structured(value)]));
}

/** The other stacks. The hub takes spokes of its own account, too, so that nothing but the flag keeps prod out. */
function othersOf(stack: string): Record<string, Tree> {
    const others = structuredClone(Object.fromEntries(Object.entries(files).filter(([name]) => name !== stack)));
    others.hub?.spokeAccounts.push(others.hub.account.id);
    return others;
}

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
function problemsOf({ stack, config }: Case): readonly Problem[] {
    try {
        loadConfig(stack, config, neighbours.get(stack));
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

/** What is wrong with how the program answers a configuration; undefined when nothing is. */
function fault(each: Case): string | undefined {
    try {
        const problems = problemsOf(each);
        const [wrong] = problems.length === 0 ? objections(each.config, others.get(each.stack) ?? {}, each.stack) : [];
        return wrong === undefined ? undefined : `accepted, although ${wrong}`;
    } catch (error) {
        return `fell over: ${error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error)}`;
    }
}

describe("config: fuzz", function () {
    this.timeout(120_000);
    const dice = new Dice(seed);
    const swept = new Set<string>();
    /** Whether no key like this has been swept in such a stack; production has rules of its own. */
    const isNew = (stack: string, path: readonly string[], base: Tree): boolean => {
        const kind = stack === "staging" ? "dev" : stack;
        const mode = JSON.stringify(base.connectivity?.mode ?? "");
        const shape = `${kind} ${path.join(".").replaceAll(/\.\d+/g, "[]")} ${path[0] === "cluster" ? "" : mode}`;
        return swept.size < swept.add(shape).size;
    };
    const cases: Case[] = stacks.flatMap((stack) => {
        const accepts = (config: Tree) => problemsOf({ stack, config: asProgramReadsIt(config) }).length === 0;
        const file = files[stack] as Tree;
        const bases = [file, ...dice.times(16, 16, () => completed(file, accepts, dice))];
        const lenders = Object.values(others.get(stack) ?? {});
        const mutants = [
            ...dice.times(random, random, () => mutate(dice.pick(bases), lenders, dice)),
            ...bases.flatMap((base) => sweep(base, (path) => isNew(stack, path, base))),
        ];
        return mutants.map((config) => ({ stack, config: asProgramReadsIt(config) }));
    });
    const faults = new Map(cases.map((each) => [each, fault(each)]));
    const refusals = cases.filter((each) => faults.get(each) === undefined && problemsOf(each).length > 0);

    it(`takes each of ${cases.length} changed stack files, or refuses it with codes and nothing else`, () => {
        for (const each of cases) {
            assert.equal(faults.get(each), undefined, `${each.stack}: ${JSON.stringify(each.config)}`);
        }
        const accepted = cases.length - refusals.length;
        assert.ok(accepted > 300 && refusals.length > 3_000, `${accepted} accepted, ${refusals.length} refused`);
    });

    it("has registered nothing when it refuses", async () => {
        // One of each kind of refusal: running a program takes longer than refusing its configuration.
        const kinds = new Map(
            refusals.map((each) => [
                problemsOf(each)
                    .map(({ code }) => code)
                    .toSorted()
                    .join(),
                each,
            ]),
        );
        for (const { stack, config } of kinds.values()) {
            const refusal = () => assert.rejects(async () => fleet(), ConfigError, JSON.stringify({ stack, config }));
            const { resources } = await runProgram(refusal, {
                stack,
                config: asPulumiHandsItOver(config),
                answers: plannedAnswers({ accountId: "", region: "" }, {}),
            });
            assert.deepEqual(
                resources.map(({ type }) => type),
                ["pulumi:pulumi:Stack"],
                JSON.stringify(config),
            );
        }
    });

    describe("would fail without", () => {
        const used = [...codesInSources()].filter(([, files]) =>
            files.some((file) => file.startsWith("config/cross-checks/")),
        );
        const validators = [...fieldValidators(), ...used.map(([code]) => crossValidator(code))];
        const refusedBy = new Map(validators.map(({ name }) => [name, new Set<Case>()]));

        before(() => {
            let current: Case | undefined;
            for (const { name, watch } of validators) {
                watch(() => current !== undefined && refusedBy.get(name)?.add(current));
            }
            for (const each of refusals) {
                current = each;
                problemsOf(each);
            }
            for (const { restore } of validators) {
                restore();
            }
        });

        for (const { name, disable, restore } of validators) {
            it(name, () => {
                disable();
                try {
                    const noticed = [...(refusedBy.get(name) ?? [])].some((each) => fault(each) !== undefined);
                    assert.equal(noticed, !unwatched.has(name), `it refused ${refusedBy.get(name)?.size} cases`);
                } finally {
                    restore();
                }
            });
        }
    });
});

/**
 * Validators that no case shows to be missing yet: nobody wrote down a second time (support/oracle.ts) what they
 * check, or no change of the committed files reaches them. A name that leaves this list may not come back.
 */
const unwatched = new Set([
    "hub.argocd.install",
    "hub.argocd.capability.identityCenterArn",
    "hub.argocd.capability.roles.<name>: min_length",
    "hub.argocd.capability.roles.<name>[].type",
    "hub.argocd.capability.roles.<name>[].id",
    "hub.argocd.capability.roles, its names",
    "hub.argocd.repositories[]: custom",
    "hub.argocd.repositories[].url",
    "hub.argocd.repositories[].githubApp.id",
    "hub.argocd.repositories[].githubApp.privateKey",
    "hub.argocd.repositories[].ssh.privateKey",
    "hub.argocd.repositories[].token.username",
    "hub.argocd.repositories[].token.password",
    "hub.argocd.ssoClientSecret",
    "existing.cluster.name",
    "existing.cluster.kubernetesVersion",
    "existing.cluster.existing.server",
    "existing.cluster.existing.tokenSerial",
    "existing.kubeconfig",
    "cross-check E-ARG-001",
    "cross-check E-CHT-003",
    "cross-check E-ARG-002",
    "cross-check E-GIT-007",
    "cross-check E-KCF-002",
    "hub.cluster.compute.nodeGroups.<name>.labels, its names",
    "hub.cluster.compute.auto.nodePools[]",
    "hub.vault.tenants[].name",
    "cross-check E-IAM-005",
    "cross-check E-IAM-007",
    "cross-check E-K8S-005",
    "cross-check E-ADD-004",
    "cross-check E-ADD-005",
    "cross-check E-IAM-006",
    "cross-check E-VLT-003",
]);
