import { readStackFile, runStack, type StackConfig } from "../../sandbox/plan/runner.ts";
import type { ProgramRun } from "../../sandbox/plan/program.ts";

export const stackNames = ["hub", "dev", "staging", "prod"] as const;
export type StackName = (typeof stackNames)[number];

let runs: Promise<Record<StackName, ProgramRun>> | undefined;

/** The four committed stacks, run once for all tests. */
export function committedStacks(): Promise<Record<StackName, ProgramRun>> {
    runs ??= runAll();
    return runs;
}

async function runAll(): Promise<Record<StackName, ProgramRun>> {
    const hub = await runStack("hub", await readStackFile("hub"));
    const spoke = async (name: StackName) => runStack(name, await readStackFile(name), { hubOutputs: hub.outputs });
    return { hub, dev: await spoke("dev"), staging: await spoke("staging"), prod: await spoke("prod") };
}

let previews: Promise<Record<StackName, ProgramRun>> | undefined;

/** The four committed stacks as their first preview sees them: the hub is deployed, a spoke is not. */
export function firstPreviews(): Promise<Record<StackName, ProgramRun>> {
    previews ??= previewAll();
    return previews;
}

async function previewAll(): Promise<Record<StackName, ProgramRun>> {
    const { outputs: hubOutputs } = (await committedStacks()).hub;
    const preview = async (name: StackName) => runStack(name, await readStackFile(name), { hubOutputs, preview: true });
    return {
        hub: await preview("hub"),
        dev: await preview("dev"),
        staging: await preview("staging"),
        prod: await preview("prod"),
    };
}

/** A committed stack's configuration after a change. */
export async function changedConfig(name: StackName, change: StackConfig): Promise<StackConfig> {
    return { ...(await readStackFile(name)), ...change };
}
