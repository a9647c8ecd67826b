import { committedStacks } from "../stacks/project.ts";
import { messageOf } from "./error-message.ts";
import { policyConfig } from "./policy-config.ts";
import { hubOf, isHub, planFleet, reference, type StackToPlan } from "./fleet-plan.ts";
import type { PolicyPack } from "./policy-pack.ts";
import { renderPlan, type RenderStyle } from "./render.ts";
import { failureReport, planReport, type PlanReport } from "./report.ts";
import { readStackFile } from "./runner.ts";

/**
 * The committed stacks, hub first.
 *
 * @param only this one, and the hub it reads from
 * @throws when there is no such stack, or a file is no YAML
 */
export async function stacksToPlan(repo: string, only: string | undefined): Promise<StackToPlan[]> {
    const names = await committedStacks(repo);
    if (only !== undefined && !names.includes(only)) {
        throw new Error(`there is no Pulumi.${only}.yaml; the stacks are ${names.join(", ")}`);
    }
    const stacks = await Promise.all(
        names.map(async (name) => {
            const config: StackToPlan["config"] | undefined = await readStackFile(name).catch((error: unknown) => {
                throw new Error(`Pulumi.${name}.yaml: ${messageOf(error)}`, { cause: error });
            });
            return { name, config: config ?? {} };
        }),
    );
    const asked = stacks.find(({ name }) => name === only);
    return asked === undefined
        ? stacks
        : stacks.filter((stack) => stack === asked || (isHub(stack) && hubOf(asked) === reference(stack.name)));
}

/**
 * Plans stacks and has a pack judge them.
 *
 * @param repo the checkout whose policy configuration holds
 * @param only report this stack alone
 * @param onProgress told what happens right now
 */
export async function makePlan(
    repo: string,
    stacks: readonly StackToPlan[],
    starting: Promise<PolicyPack>,
    only: string | undefined,
    onProgress: (text: string) => void,
): Promise<PlanReport> {
    const { plans, failures } = await planFleet(stacks, (name) => onProgress(`running the program of ${name}`));
    if (failures.length > 0) {
        return failureReport(failures);
    }
    onProgress("starting the policy pack");
    const pack = await starting;
    const judged = [];
    for (const plan of plans.filter(({ name }) => only === undefined || name === only)) {
        onProgress(`judging ${plan.name}`);
        await pack.configure(await policyConfig(repo, plan.config));
        judged.push({ ...plan, verdicts: await pack.judge(plan.name, plan.run) });
    }
    return planReport(pack, judged);
}

/** What to print of a report: the plan for standard output, and for standard error why there is none. */
export function shown(report: PlanReport, style: RenderStyle): { output: string; errors: string } {
    const errors = report.errors.map(({ message }) => message).join("\n\n");
    return report.errors.length > 0
        ? { output: "", errors: `${errors}\n` }
        : { output: `${renderPlan(report, style)}\n`, errors: "" };
}
