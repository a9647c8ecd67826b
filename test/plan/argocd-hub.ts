import assert from "node:assert/strict";

import type { ProgramRun } from "../../sandbox/plan/program.ts";
import { runStack } from "../../sandbox/plan/runner.ts";
import { changedConfig } from "./stacks.ts";

/** The hub with other keys of Argo CD. */
export async function hubWith(argocd: object): Promise<ProgramRun> {
    return runStack("hub", await changedConfig("hub", { "fleet:argocd": argocd }));
}

/** Type and name of what a stack has beyond another, and lacks against it. */
export function difference(stack: ProgramRun, other: ProgramRun): { more: string[]; less: string[] } {
    const names = ({ resources }: ProgramRun) => resources.map(({ type, name }) => `${type} ${name}`);
    const without = (a: string[], b: string[]) => a.filter((name) => !b.includes(name)).toSorted();
    return { more: without(names(stack), names(other)), less: without(names(other), names(stack)) };
}

/** What the only resource of that name is given. */
export function inputsOf({ resources }: ProgramRun, name: string): Record<string, any> {
    const found = resources.filter((each) => each.name === name && each.custom);
    assert.equal(found.length, 1, name);
    return found[0]?.inputs ?? {};
}
